"""The Docker engine: calls in threads with a deadline, failures as SandboxError."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound, NotFound

from routelab.errors import SandboxError

T = TypeVar("T")
_THREADS = 32
_CALL_S = 10.0
_PING_S = 2.0
_NO_SPACE = ("no space left", "disk quota exceeded", "ENOSPC")


class Engine:
    """A connection to the engine that the environment names (`DOCKER_HOST`).

    `client` is the SDK's. Use as an async context manager, or `close` it. Raises SandboxError
    (`engine_down`) when the environment names no usable engine.
    """

    def __init__(self) -> None:
        try:
            # Lanes call at the same time, and each exec keeps its connection.
            self.client = docker.from_env(timeout=int(_CALL_S), max_pool_size=128, version="auto")
        except (DockerException, requests.RequestException, ValueError) as error:
            raise SandboxError(f"no Docker engine answers: {_plain(error)}", kind="engine_down") from error
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="docker")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connections; a call that hangs is left to its own deadline."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.client.close()

    async def call(self, function: Callable[..., T], *args: Any, timeout_s: float = _CALL_S, **options: Any) -> T:
        """Call the SDK in a thread; raises SandboxError when it fails or takes too long.

        Where only this call takes too long and the engine lives, the kind is not `engine_down`: one
        container can hang alone.
        """
        work = asyncio.get_running_loop().run_in_executor(self._threads, lambda: function(*args, **options))
        try:
            async with asyncio.timeout(timeout_s):
                return await work
        except TimeoutError as error:
            said = f"the engine did not answer within {timeout_s:g} s"
            raise SandboxError(said, kind=await self._kind_of_delay()) from error
        except requests.ReadTimeout as error:
            raise SandboxError(str(translated(error)), kind=await self._kind_of_delay()) from error
        except Exception as error:
            raise translated(error) from error

    async def ping(self, *, timeout_s: float) -> None:
        """Raise SandboxError (`engine_down`) where the engine does not answer in time."""
        work = asyncio.get_running_loop().run_in_executor(self._threads, self.client.ping)
        try:
            async with asyncio.timeout(timeout_s):
                await work
        except TimeoutError as error:
            raise SandboxError(f"the engine did not answer within {timeout_s:g} s", kind="engine_down") from error
        except Exception as error:
            raise translated(error) from error

    async def _kind_of_delay(self) -> str:
        try:
            await self.ping(timeout_s=_PING_S)
        except SandboxError as error:
            return error.kind
        return "sandbox"


def translated(error: Exception) -> Exception:
    """What the SDK raised as a SandboxError; anything else, a bug, unchanged."""
    said = _plain(error)
    if isinstance(error, ImageNotFound):
        return SandboxError(f"the image is not there: {said}", kind="image_missing")
    if isinstance(error, NotFound):
        return SandboxError(f"the container is gone: {said}", kind="lost_container")
    if isinstance(error, APIError):
        return SandboxError(f"the engine refused: {said}", kind=_kind_of_refusal(error, said))
    if isinstance(error, DockerException | requests.RequestException | OSError):
        return SandboxError(f"the engine does not answer: {said}", kind="engine_down")
    return error


def _kind_of_refusal(error: APIError, said: str) -> str:
    if any(words in said for words in _NO_SPACE):
        return "no_space"
    return "lost_container" if error.status_code == 409 else "sandbox"


def _plain(error: Exception) -> str:
    said = getattr(error, "explanation", None) or str(error)
    return " ".join(str(said).split())[:300] or type(error).__name__
