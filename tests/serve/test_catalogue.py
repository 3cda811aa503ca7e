"""What models can take, as the endpoint lists it."""

import asyncio
import socket

import pytest

from routelab.config import CapabilityConfig, EndpointConfig
from routelab.llm import EndpointClient
from routelab.records import Capabilities
from routelab_serve.catalogue import Catalogue

IMAGE = {"input_modalities": ["image"]}


def listed(model, *modalities, context_length=1000):
    return {"id": model, "context_length": context_length, "architecture": {"input_modalities": ["text", *modalities]}}


async def until(condition):
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to this within 5 s")


@pytest.fixture
async def client(endpoint):
    async with EndpointClient(EndpointConfig(base_url=endpoint.url, attempts=1)) as opened:
        yield opened


async def test_what_the_endpoint_lists_decides(open_shim, publish, make_table, ask, endpoint):
    publish(make_table())
    endpoint.models = [listed("cheap"), listed("middle", "image"), listed("dear", "image", context_length=9000)]
    async with open_shim(capabilities={"cheap": {"context_length": 10}}) as shim:
        await until(lambda: endpoint.listed)
        await asyncio.sleep(0.05)
        seeing = await ask(shim, constraints=IMAGE)
        long = await ask(shim, session_id="s2", constraints={"prompt_tokens_estimate": 500})
    assert seeing["decision"]["model"] == "middle"
    assert long["decision"]["model"] == "middle"  # what is configured for cheap wins


@pytest.mark.parametrize("changes", [{"catalogue": False}, {}])
async def test_without_a_list_only_the_configured_is_known(open_shim, publish, make_table, ask, endpoint, changes):
    publish(make_table())
    endpoint.models = [listed("cheap", "image")] if changes else None
    async with open_shim(capabilities={"dear": IMAGE}, **changes) as shim:
        await asyncio.sleep(0.05)
        answer = await ask(shim, constraints=IMAGE)
    assert answer["decision"]["model"] == "dear"
    assert endpoint.listed == (0 if changes else 1)


async def test_an_endpoint_that_never_answers_holds_up_neither_start_nor_end(open_shim, publish, make_table):
    publish(make_table())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silence = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        async with asyncio.timeout(5), open_shim(endpoint_url=silence) as shim:
            assert (await shim.get("/health/ready")).status_code == 200


async def test_a_failed_list_is_read_again_and_what_was_known_stays(client, endpoint):
    catalogue = Catalogue({"b": CapabilityConfig(context_length=7)}, client, version=lambda: "v1", look_s=0.01)
    known = catalogue.known
    endpoint.models = [{"id": "a", "context_length": 5}]
    assert known == {"b": Capabilities(7)}
    async with catalogue.kept_fresh():
        await until(lambda: "a" in known)
    assert known == {"a": Capabilities(5), "b": Capabilities(7)}
    await client.aclose()
    async with catalogue.kept_fresh():
        await asyncio.sleep(0.05)
    assert known == {"a": Capabilities(5), "b": Capabilities(7)}


async def test_a_new_table_has_the_list_read_again(client, endpoint):
    version = "v1"
    catalogue = Catalogue({}, client, version=lambda: version, look_s=0.01)
    endpoint.models = []
    async with catalogue.kept_fresh():
        await until(lambda: endpoint.listed == 1)
        await asyncio.sleep(0.05)
        assert endpoint.listed == 1
        endpoint.models = [{"id": "new", "context_length": 5}]
        version = "v2"
        await until(lambda: "new" in catalogue.known)
    assert endpoint.listed == 2


@pytest.mark.parametrize("odd", [None, []])
async def test_an_endpoint_that_suddenly_lists_nothing_is_asked_again_and_what_was_known_stays(client, endpoint, odd):
    version = "v1"
    catalogue = Catalogue({}, client, version=lambda: version, look_s=0.01)
    endpoint.models = [{"id": "a", "context_length": 5}]
    async with catalogue.kept_fresh():
        await until(lambda: "a" in catalogue.known)
        endpoint.models, version = odd, "v2"
        asked = endpoint.listed
        await until(lambda: endpoint.listed > asked + 2)
        assert catalogue.known == {"a": Capabilities(5)}
        endpoint.models = [{"id": "b", "context_length": 7}]
        await until(lambda: "b" in catalogue.known)
    assert catalogue.known == {"b": Capabilities(7)}


async def test_the_catalogue_outlives_a_bug(client, endpoint):
    versions = iter(["v1", None])  # then there are no more

    def version():
        return next(versions)

    catalogue = Catalogue({}, client, version=version, look_s=0.01)
    endpoint.models = [{"id": "a", "context_length": 5}]
    async with catalogue.kept_fresh():
        await until(lambda: endpoint.listed == 2)
        await asyncio.sleep(0.05)
        versions = iter(["v3"])
        await until(lambda: endpoint.listed == 3)
