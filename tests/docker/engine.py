"""A private Docker engine for tests, with the images built into it."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path


def reason_against() -> str | None:
    """Why no private engine can be started here; None: it can."""
    if shutil.which("dockerd") is None:
        return "no Docker engine (dockerd) is installed"
    return None if os.geteuid() == 0 else "a private Docker engine needs root"


class PrivateEngine:
    """An engine with a data folder and socket of its own, which can be stopped and started."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder = folder
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{folder / 'docker.sock'}"

    def start(self) -> None:
        """Start the engine and wait until it answers."""
        with (self._folder / "dockerd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "dockerd",
                    *("--data-root", str(self._data)),
                    *("--exec-root", str(self._folder / "exec")),
                    *("--pidfile", str(self._folder / "pid")),
                    *("-H", self.url),
                    # Containers have no network, so the host's is left alone.
                    *("--bridge=none", "--iptables=false", "--ip-forward=false"),
                ],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        deadline = time.monotonic() + 60
        while self.docker("version", check=False) != 0:
            assert self._process.poll() is None, (self._folder / "dockerd.log").read_text()[-2000:]
            assert time.monotonic() < deadline, "the engine did not start"
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the engine and its containers."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def freeze(self) -> None:
        """Let the engine hang."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def docker(self, *arguments: str, check: bool = True) -> int:
        """Run the docker client; its exit code."""
        return subprocess.run(
            ["docker", "-H", self.url, *arguments], check=check, capture_output=True, timeout=60
        ).returncode

    def listed(self, *arguments: str) -> list[str]:
        """The lines a docker client's listing prints."""
        answer = subprocess.run(
            ["docker", "-H", self.url, *arguments], check=True, capture_output=True, text=True, timeout=60
        )
        return answer.stdout.split()
