"""Finding and starting the real services that tests use."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def docker_reason() -> str | None:
    if shutil.which("docker") is None:
        return "no docker client is installed"
    answer = subprocess.run(["docker", "version"], capture_output=True, timeout=10, check=False)
    return None if answer.returncode == 0 else "no Docker engine answers"


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
