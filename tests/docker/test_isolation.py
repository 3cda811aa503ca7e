"""What an agent in a container can reach, and what it can do there."""

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tests.docker.misbehaving import MisbehavingStub
from tests.integration.loopback import Endpoint, serving

from routelab.agents import PROGRAMS, AgentTask
from routelab.bench.containers import containers
from routelab.config import Config
from routelab.llm import EndpointClient
from routelab.llm.proxy import Pass, Proxy
from routelab.llm.proxy import serving as serving_proxy
from routelab.records import Candidate
from routelab.sandbox.containers import PROXY_SOCKET, ContainerLimits, ContainerSandbox, Engine, Labels, Slots
from routelab.settings import Settings

pytestmark = pytest.mark.docker
Shell = Callable[[str], Awaitable[str]]
_TRY = """
import socket, sys
for host, port in {places!r}:
    try:
        socket.create_connection((host, port), timeout=2).close()
        print("reached", host, port)
    except OSError as error:
        print("no way to", host, port, type(error).__name__)
"""
_CALL = """
import http.client, json
connection = http.client.HTTPConnection("127.0.0.1", 8790, timeout=10)
body = json.dumps({{"model": "real/one", "messages": [{{"role": "user", "content": "hi"}}]}})
connection.request("POST", "/v1/chat/completions", body, {{"authorization": "Bearer {token}"}})
answer = connection.getresponse()
print(answer.status, answer.read().decode()[:300])
"""


@pytest.fixture
async def sandbox(stub_image: str, tmp_path: Path) -> AsyncIterator[ContainerSandbox]:
    """A container whose proxy folder is `tmp_path / "proxy"`."""
    folder = tmp_path / "proxy"
    folder.mkdir(mode=0o711)
    async with Engine() as engine:
        made = ContainerSandbox(
            engine,
            Slots(engine, 4),
            image=stub_image,
            labels=Labels(run_id="isolation", lane="one"),
            limits=ContainerLimits(memory_mb=256, disk_mb=64, cpus=1.0),
            proxy_folder=folder,
        )
        await made.start()
        yield made
        await made.close()


def python(code: str) -> str:
    return f"python3 - <<'END'\n{code}\nEND"


async def test_nothing_but_the_proxy_can_be_reached(sandbox: ContainerSandbox) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener, socket.create_server(("127.0.0.1", 0)) as local:
        addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
        places = [(host, listener.getsockname()[1]) for host in {*addresses, "127.0.0.1", "172.17.0.1", "10.0.0.1"}]
        places += [("127.0.0.1", local.getsockname()[1]), ("169.254.169.254", 80), ("1.1.1.1", 443), ("8.8.8.8", 53)]
        result = await sandbox.run(python(_TRY.format(places=places)), timeout_s=60)
        assert result.exit_code == 0
        assert "reached" not in result.output
        assert result.output.count("no way to") == len(places)
    names = await sandbox.run(python("import socket; socket.getaddrinfo('example.org', 80)"), timeout_s=30)
    assert "Name or service not known" in names.output or "Temporary failure" in names.output
    devices = await sandbox.run("cat /proc/net/dev | tail -n +3 | cut -d: -f1", timeout_s=10)
    assert devices.output.split() == ["lo"]


async def test_a_token_works_only_for_its_model_and_only_during_its_attempt(
    sandbox: ContainerSandbox, tmp_path: Path
) -> None:
    with serving(Endpoint()) as upstream:
        config = Config.model_validate({"endpoint": {"base_url": upstream.url}}).endpoint
        async with (
            Proxy(config, api_key="the-real-key") as proxy,
            serving_proxy(proxy, socket=tmp_path / "proxy" / PROXY_SOCKET),
        ):
            holder = Pass(run_id="run", candidate=Candidate("real/one"), case_id="case", repetition=1)
            with proxy.admit(holder) as admission:
                token = admission.token
                inside = await sandbox.run(python(_CALL.format(token=token)), timeout_s=20)
                assert inside.output.startswith("200")
                other = _CALL.replace("real/one", "real/two").format(token=token)
                refused = await sandbox.run(python(other), timeout_s=20)
                assert refused.output.startswith("403")
            after = await sandbox.run(python(_CALL.format(token=token)), timeout_s=20)
            assert after.output.startswith("401")
        assert [call.headers["authorization"] for call in upstream.calls] == ["Bearer the-real-key"]
        assert "the-real-key" not in inside.output + refused.output + after.output


async def test_the_container_is_locked_in(sandbox: ContainerSandbox) -> None:
    status = (await sandbox.run("cat /proc/self/status; id -u", timeout_s=10)).output
    assert "CapEff:\t0000000000000000" in status
    assert "CapBnd:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert status.strip().endswith("1000")
    for place in ("/", "/usr/bin", "/opt/routelab", "/etc", "/run/routelab", "/var/tmp"):
        written = await sandbox.run(f"touch {place}/here 2>&1", timeout_s=10)
        assert written.exit_code != 0, place
    full = await sandbox.run("head -c 200000000 /dev/zero > big", timeout_s=30)
    assert "No space left" in full.output
    await sandbox.run("rm -f big", timeout_s=10)
    forks = await sandbox.run("for i in $(seq 700); do sleep 20 & done 2>&1 | tail -1; echo; ps | wc -l", timeout_s=30)
    assert "Resource temporarily unavailable" in forks.output or "Cannot fork" in forks.output
    assert (await sandbox.run("kill -TERM 1; kill -KILL 1; sleep 0.2; echo alive", timeout_s=10)).output == "alive\n"


async def test_an_agents_environment_holds_no_key_that_works_afterwards(
    configure: Callable[..., Config], stub_image: str, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTELAB_API_KEY", "the-real-key-of-the-account")
    stub = MisbehavingStub()
    monkeypatch.setitem(PROGRAMS, "stub", stub)
    config = configure(endpoint.url)
    client = EndpointClient(config.endpoint)
    async with (
        client,
        containers(config, Settings(), client, agent="stub", image=stub_image, run_id="stealing") as ready,
    ):
        place = ready.sandbox("lane")
        await place.start()
        try:
            stub.how = "steal"
            task = AgentTask(
                run_id="stealing",
                case_id="case",
                candidate=Candidate("sim/sure"),
                repetition=1,
                system_prompt=None,
                prompt="hello",
                timeout_s=20,
            )
            result = await ready.agent.run(task, place)
            assert "sk-routelab-" in json.dumps(result.events)
            assert "the-real-key-of-the-account" not in json.dumps(result.events)
            stolen = json.dumps(result.events).split("sk-routelab-")[1]
            token = "sk-routelab-" + stolen.split('"')[0].split("\\")[0].split("'")[0]
            again = await place.run(python(_CALL.format(token=token)), timeout_s=20)
            assert again.output.startswith("401")
        finally:
            await place.close()
