"""A warm decision of ours beside LiteLLM's complexity router, on the same conversations in one process.

Ours goes from the bytes of `POST /decide` to the bytes of its answer: decode, keys, session, decide on
measured evidence, encode. Only the first request of a conversation is classified, before the clock runs.

Theirs is the pre-routing hook of a LiteLLM `Router` whose complexity router has its default
configuration and four tiers of one model each. It scores each request by rules (length, keywords,
patterns), and takes the tier of that score; it reads no session, no table and no evidence. It is called
as the `Router` calls it before it chooses a deployment; the proxy around it is left out, as HTTP is
left out of ours. It gets the client's own body with all messages, decoded by the decoder ours has, once
counted and once not; instead of a normalised request it gets the few messages that one was made of.
Its own hook and its bare scorer, without what a `Router` does around them, are shown beside it.

Both are measured in turn, a round of all conversations each, so that whatever else the machine does
falls on both. Ratios count.
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench_shim import CONVERSATIONS, answering, normalised, raw, write_files

VIRTUAL = "routelab/auto"
TIERS = {tier: f"vendor/model-{number}" for number, tier in enumerate(("SIMPLE", "MEDIUM", "COMPLEX", "REASONING"))}
ROUNDS = 10


def make_router() -> Any:
    """LiteLLM's Router with one complexity router; no model is ever called."""
    from litellm import Router

    deployments = [
        {"model_name": model, "litellm_params": {"model": f"openai/{model}", "api_key": "none"}}
        for model in TIERS.values()
    ]
    complexity = {"model": "auto_router/complexity_router", "complexity_router_config": {"tiers": TIERS}}
    return Router(model_list=[*deployments, {"model_name": VIRTUAL, "litellm_params": complexity}])


def clients_body(asked: dict[str, Any]) -> dict[str, Any]:
    """What the client of a LiteLLM proxy would send for the conversation of a `POST /decide`."""
    if asked.get("request") is not None:
        body: dict[str, Any] = asked["request"]
        return body
    given = asked["input"]
    said = (
        ("system", given["system_prompt_prefix"]),
        ("user", given["user_prompt_prefix"]),
        ("user", given["latest_user_prompt_prefix"]),
    )
    messages = [{"role": role, "content": content} for role, content in said]
    return {"model": VIRTUAL, "messages": messages, "stream": given["stream"]}


async def compare(folder: Path) -> None:
    """Print medians and ratios for both kinds of body."""
    from routelab.config import load_config
    from routelab.settings import Settings
    from routelab_serve.wiring import assemble

    router = make_router()
    parts = assemble(load_config(folder / "shim.toml"), Settings())
    async with parts.running():
        for name, make in (("normalised", normalised), ("raw", raw)):
            await _compare(name, [make(number) for number in range(CONVERSATIONS)], answering(parts.decider), router)


async def _compare(name: str, asked: Sequence[dict[str, Any]], answer: Callable[[bytes], bytes], router: Any) -> None:
    import msgspec

    questions = [json.dumps(one).encode() for one in asked]
    bodies = [json.dumps(clients_body(one)).encode() for one in asked]
    decoded = [json.loads(body) for body in bodies]
    (tagged,) = router.complexity_routers[VIRTUAL]
    strategy = tagged.strategy

    async def ours(question: bytes) -> None:
        answer(question)

    async def hook(body: dict[str, Any]) -> None:
        await _hook(router, body)

    async def hook_of_bytes(body: bytes) -> None:
        await _hook(router, msgspec.json.decode(body))

    async def own_hook(body: dict[str, Any]) -> None:
        await _hook(strategy, body)

    async def scorer(body: dict[str, Any]) -> None:
        strategy.classify(_latest(body), body["messages"][0]["content"])

    for question in questions:
        assert json.loads(answer(question))["decision"] is not None
    for body in decoded:
        chosen = await _hook(router, body)
        assert chosen.model in TIERS.values(), chosen

    taken: dict[str, list[int]] = {}
    for _ in range(ROUNDS):
        for label, work, inputs in (
            ("ours", ours, questions),
            ("hook", hook, decoded),
            ("ours again", ours, questions),
            ("hook with decoding", hook_of_bytes, bodies),
            ("own hook", own_hook, decoded),
            ("scorer", scorer, decoded),
        ):
            taken.setdefault(label.removesuffix(" again"), []).extend(await _round(work, inputs))
    _show(
        name, len(questions[0]), len(bodies[0]), {label: statistics.median(all_of) for label, all_of in taken.items()}
    )


async def _hook(router: Any, body: dict[str, Any]) -> Any:
    rest = {key: value for key, value in body.items() if key not in ("model", "messages")}
    return await router.async_pre_routing_hook(
        model=VIRTUAL, request_kwargs={**rest, "metadata": {}}, messages=body["messages"]
    )


def _latest(body: dict[str, Any]) -> str:
    content = body["messages"][-1]["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


async def _round(work: Callable[[Any], Awaitable[None]], inputs: Sequence[Any]) -> list[int]:
    """Nanoseconds of each call."""
    taken = []
    for given in inputs:
        began = time.perf_counter_ns()
        await work(given)
        taken.append(time.perf_counter_ns() - began)
    return taken


def _show(name: str, asked_bytes: int, body_bytes: int, p50_ns: dict[str, float]) -> None:
    us = {label: ns / 1000 for label, ns in p50_ns.items()}
    print(f"  {name}: {asked_bytes / 1000:.1f} kB for ours, {body_bytes / 1000:.1f} kB for theirs")
    print(f"    {'ours, from bytes to bytes':<40} p50 {us['ours']:6.1f} us")
    for label, told in (
        ("hook with decoding", "theirs, decoding and the Router's hook"),
        ("hook", "theirs, the Router's hook"),
        ("own hook", "theirs, the complexity router's own hook"),
        ("scorer", "theirs, its scorer alone"),
    ):
        print(f"    {told:<40} p50 {us[label]:6.1f} us, {us[label] / us['ours']:5.1f} x ours")


def main() -> None:
    """Measure and print."""
    if find_spec("litellm") is None:
        print("LiteLLM is not installed, so there is nothing to compare with; run this in `nox -s bench`.")
        return
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it downloads prices
    from importlib.metadata import version

    print(
        f"A warm decision inside the process beside the complexity router of LiteLLM {version('litellm')}, "
        f"medians over {CONVERSATIONS} conversations and {ROUNDS} rounds in turn"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        asyncio.run(compare(folder))


if __name__ == "__main__":
    main()
