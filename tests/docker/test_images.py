import base64
import contextlib
import io
import json
import re
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any

import pytest
from tests.docker.engine import PrivateEngine

from routelab.errors import SandboxError
from routelab.sandbox import recipe
from routelab.sandbox.build import BuiltImage, build, find_image
from routelab.sandbox.containers import Engine

pytestmark = pytest.mark.docker
VERSIONS = {
    "claude-code": ("claude --version", "2.1.197"),
    "codex": ("codex --version", "0.169.0"),
    "kilo": ("kilo --version", "7.7.7"),
    "mini-swe-agent": ("grep ^Version: /opt/agent/lib/mini_swe_agent-*/METADATA; mini --help", "2.4.6"),
    "opencode": ("opencode --version", "1.18.33"),
    "stub": ("stub < /dev/null; true", "cannot reach the endpoint"),
}
LOCKED = {
    "network_mode": "none",
    "read_only": True,
    "user": "1000:1000",
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "mem_limit": "1500m",
    "pids_limit": 512,
    "tmpfs": {"/lane": "uid=1000,exec", "/tmp": "exec"},
    "environment": {
        "HOME": "/lane",
        "ROUTELAB_STUB_URL": "http://127.0.0.1:8790",
        "ROUTELAB_STUB_KEY": "sk-test",
        "ROUTELAB_STUB_MODEL": "sim/one",
    },
    "working_dir": "/lane",
}


@pytest.fixture(scope="module")
def client(engine: PrivateEngine) -> Iterator[Any]:
    with contextlib.closing(Engine()) as connected:
        yield connected.client


@pytest.fixture(scope="module")
def stub(client: Any) -> BuiltImage:
    return build("stub", offline=True, client=client)


@contextlib.contextmanager
def container(client: Any, image: BuiltImage, **options: Any) -> Iterator[Any]:
    made = client.containers.run(image.id, detach=True, **{**LOCKED, **options})
    try:
        yield made
    finally:
        made.remove(force=True, v=True)


def run(place: Any, command: str) -> str:
    code, output = place.exec_run(["bash", "-c", command])
    assert code == 0, output.decode()
    return str(output.decode())


@pytest.mark.parametrize("agent", sorted(VERSIONS))
def test_every_agent_starts_locked_in(client: Any, agent: str) -> None:
    image = build(agent, offline=True, client=client)
    command, expected = VERSIONS[agent]
    with container(client, image) as place:
        assert expected in run(place, command)


def test_what_golden_cases_need_is_there(client: Any, stub: BuiltImage) -> None:
    modules = (
        "unittest, sqlite3, asyncio, json, subprocess, zlib, bz2, lzma, ctypes, ssl, decimal, hashlib, curses, uuid"
    )
    with container(client, stub) as place:
        run(place, f"python3 -c 'import {modules}'")
        run(place, "python3 -c 'import zoneinfo; zoneinfo.ZoneInfo(\"Europe/Berlin\")'")
        run(place, "which git patch rg awk sed grep tar gzip diff find ps perl setsid timeout xargs")
        run(place, "git init -q made && cd made && git -c user.name=a -c user.email=b commit -q --allow-empty -m x")
        assert run(place, "id -un; locale 2>&1; echo $PATH | cut -d: -f1").splitlines()[:2] == ["agent", "LANG=C.UTF-8"]


def test_an_image_that_is_there_is_not_built_again(client: Any, stub: BuiltImage) -> None:
    began = time.monotonic()
    assert build("stub", offline=True, client=client) == stub
    assert time.monotonic() - began < 2
    assert find_image("stub", client) == stub


@pytest.fixture
def another_agent(client: Any, stub: BuiltImage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An agent of the test's own, on the base that is there; its images are removed."""
    for file in recipe.IMAGES.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    folder = tmp_path / "test-images-agent"
    folder.mkdir()
    monkeypatch.setattr(recipe, "IMAGES", tmp_path)
    yield folder
    for image in client.images.list("routelab/test-images-agent"):
        client.images.remove(image.id, force=True)


def test_a_new_agent_is_a_folder_and_a_change_a_new_image(client: Any, another_agent: Path) -> None:
    (another_agent / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nCOPY hello /opt/agent/bin/hello\n")
    (another_agent / "hello").write_text("#!/bin/sh\necho hello\n")
    assert find_image("test-images-agent", client) is None
    first = build("test-images-agent", offline=True, client=client)
    with container(client, first) as place:
        assert run(place, "hello") == "hello\n"
    (another_agent / "hello").write_text("#!/bin/sh\necho hello again\n")
    assert find_image("test-images-agent", client) is None
    assert build("test-images-agent", offline=True, client=client).id != first.id


def test_a_build_that_fails_says_how_it_ended(client: Any, another_agent: Path) -> None:
    (another_agent / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nRUN echo it went wrong && exit 3\n")
    with pytest.raises(SandboxError, match=r"(?s)cannot be built: .*it went wrong.* non-zero code: 3"):
        build("test-images-agent", offline=True, client=client)


def test_a_build_has_no_network(client: Any, another_agent: Path) -> None:
    (another_agent / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nRUN ! grep -v lo: /proc/net/dev | grep :\n")
    build("test-images-agent", offline=True, client=client)


class _UnixServer(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True


class _Model(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        called = any(message["role"] == "tool" for message in body["messages"])
        call = {"id": "call_1", "function": {"name": "bash", "arguments": '{"command": "echo hi > made.txt"}'}}
        said: dict[str, Any] = {"content": "done"} if called else {"content": None, "tool_calls": [call]}
        choice = {"message": {"role": "assistant", **said}, "finish_reason": "stop"}
        raw = json.dumps({"choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def address_string(self) -> str:
        return "the container"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Path]:
    """The folder with the socket that stands in for the proxy's."""
    tmp_path.chmod(0o755)
    with _UnixServer(str(tmp_path / "proxy.sock"), _Model) as server:
        (tmp_path / "proxy.sock").chmod(0o666)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield tmp_path
        server.shutdown()
        thread.join()


@pytest.fixture
def place(client: Any, stub: BuiltImage, proxy: Path) -> Iterator[Any]:
    with container(client, stub, volumes={str(proxy): {"bind": "/run/routelab", "mode": "ro"}}) as made:
        run(made, "until (exec 3<>/dev/tcp/127.0.0.1/8790) 2>/dev/null; do sleep 0.02; done")
        yield made


def test_an_agent_reaches_the_proxy_and_works(place: Any) -> None:
    events = [json.loads(line) for line in run(place, "echo 'Do it.' | stub").splitlines()]
    assert [event["text"] for event in events if event["type"] == "text"] == ["done"]
    assert run(place, "cat made.txt") == "hi\n"


def test_the_first_process_ends_at_once_when_told_from_outside(place: Any) -> None:
    began = time.monotonic()
    place.stop(timeout=30)
    assert time.monotonic() - began < 5
    place.reload()
    assert place.attrs["State"]["ExitCode"] == 0


@pytest.mark.parametrize("signal", ["TERM", "INT", "HUP", "KILL", "STOP", "USR1", "QUIT", "PIPE"])
def test_the_agent_cannot_end_the_first_process(place: Any, signal: str) -> None:
    run(place, f"kill -{signal} 1; sleep 0.2; echo hi | stub | grep -q done")
    place.reload()
    assert place.status == "running"


def test_the_agent_cannot_look_into_the_first_process(place: Any) -> None:
    said = run(place, "cat /proc/1/environ 2>&1; ls /proc/1/fd/ 2>&1; head -c 1 /proc/1/mem 2>&1; true")
    assert said.count("Permission denied") == 3


def test_orphans_are_reaped(place: Any) -> None:
    run(place, "for i in $(seq 20); do (setsid sleep 0.1 &) ; done; sleep 0.5")
    assert "defunct" not in run(place, "ps -ef")


def test_a_command_that_takes_all_memory_leaves_the_first_process(client: Any, stub: BuiltImage, proxy: Path) -> None:
    options = {"mem_limit": "200m", "memswap_limit": "200m"}
    with container(client, stub, volumes={str(proxy): {"bind": "/run/routelab", "mode": "ro"}}, **options) as place:
        run(place, "until (exec 3<>/dev/tcp/127.0.0.1/8790) 2>/dev/null; do sleep 0.02; done")
        code, _ = place.exec_run(["bash", "-c", "export ROUTELAB_STUB_MISBEHAVE=hog; echo hi | stub"])
        assert code == 137
        run(place, "echo hi | stub | grep -q done")


def test_the_command_line_builds(stub: BuiltImage) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from routelab.cli.sandbox import app; app()", "build", "stub", "--offline"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [stub.tag, stub.id], done.stderr


STAND_INS = {
    "apt-get": '#!/bin/sh\n[ "$1" = update ] || echo "$*" > /usr/share/asked\n',
    "npm": "#!/bin/sh\necho '#!/bin/sh' > package; tar -czf it.tgz --transform s,^,package/, package; echo it.tgz\n",
    "pip": '#!/bin/sh\nmkdir /package; echo "$*" > /package/asked\n',
}


@pytest.fixture
def registry(client: Any, stub: BuiltImage) -> Iterator[None]:
    """The public images' names, given to images whose apt-get, npm and pip fetch nothing."""
    base = client.images.get(recipe.base_tag(offline=True)).id
    names = []
    for file in ("debian.Dockerfile", "npm.Dockerfile", "pip.Dockerfile"):
        found = re.search(r"^FROM --platform=linux/amd64 (\S+)$", (recipe.IMAGES / file).read_text(), re.M)
        assert found is not None
        names.append(found[1])
        lines = "".join(f"COPY {name} /usr/local/bin/\n" for name in STAND_INS)
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for name, text in {"Dockerfile": f"FROM {base}\nUSER root\n{lines}", **STAND_INS}.items():
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = len(text), 0o755
                archive.addfile(entry, io.BytesIO(text.encode()))
        client.images.build(fileobj=io.BytesIO(out.getvalue()), custom_context=True, tag=found[1], rm=True)
    yield
    for name in [*names, recipe.base_tag(offline=False)]:
        client.images.remove(name, force=True)


@pytest.mark.usefixtures("registry")
class TestWithARegistry:
    def test_a_changed_package_is_refused(self, client: Any, another_agent: Path) -> None:
        (another_agent / "Dockerfile").write_text("ARG PACKAGE\nFROM ${PACKAGE}\n")
        integrity = base64.b64encode(bytes(64)).decode()
        (another_agent / "npm.toml").write_text(f'name = "a"\nversion = "1.0.0"\nintegrity = "sha512-{integrity}"\n')
        with pytest.raises(SandboxError, match=r"cannot be built: .*it.tgz: FAILED"):
            build("test-images-agent", offline=False, client=client)

    def test_python_packages_come_by_hash(self, client: Any, another_agent: Path) -> None:
        (another_agent / "requirements.txt").write_text("a==1\n")
        (another_agent / "Dockerfile").write_text(
            "ARG PACKAGE\nARG BASE\nFROM ${PACKAGE} AS package\nFROM ${BASE}\n"
            "COPY --from=package /package /opt/agent/lib\n"
        )
        image = build("test-images-agent", offline=False, client=client)
        with container(client, image) as place:
            assert "--require-hashes" in run(place, "cat /opt/agent/lib/asked")
            assert set(recipe.packages()) < set(run(place, "cat /usr/share/asked").split())
            assert run(place, "ls /opt/routelab; id -u").split() == ["forward.py", "sh", "1000"]
        assert find_image("test-images-agent", client) == image
