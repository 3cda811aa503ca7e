"""Building agents' images on a Docker engine, and finding them there.

Three steps: Debian with the common tools (the base), the agent's package as npm or pip gives it, and
the agent's own Dockerfile, which puts the one on the other. Offline, no image registry is needed:
Debian comes from this machine's packages, the agent's package from its npm or pip.
"""

import contextlib
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import requests
from docker import DockerClient
from docker.errors import BuildError, DockerException, ImageNotFound
from docker.models.images import Image
from msgspec import Struct

from routelab.errors import SandboxError
from routelab.sandbox import recipe
from routelab.sandbox.containers.engine import translated
from routelab.sandbox.rootfs import versions, write_rootfs
from routelab.sandbox.staging import fetch_npm, fetch_pip

_STEP_S = 900
"""How long the engine may say nothing; copying a large program is silent."""
_LOG_LINES = 8
_PROGRAM = 0o755


class BuiltImage(Struct, frozen=True):
    """An agent's image on the engine: `tag` says what it was made of, `id` is its digest."""

    tag: str
    id: str


def find_image(agent: str, client: DockerClient) -> BuiltImage | None:
    """The newest image that is made of what the agent's would be made of now; None: there is none.

    Raises UserError for an unknown agent, SandboxError when the engine fails.
    """
    with _engine_errors():
        found = [(tag, image) for tag in recipe.current_tags(agent) if (image := _get(client, tag)) is not None]
    if not found:
        return None
    tag, newest = max(found, key=lambda pair: str(pair[1].attrs["Created"]))
    return BuiltImage(tag, str(newest.id))


def build(agent: str, *, offline: bool, client: DockerClient) -> BuiltImage:
    """Build the agent's image; one that is there already is taken as it is.

    Raises UserError for an unknown agent, SandboxError when a step fails, with the last lines of its output.
    """
    tag = recipe.image_tag(agent, offline=offline)
    with _engine_errors():
        image = _get(client, tag) or _build_agent(client, agent, tag, offline=offline)
        return BuiltImage(tag, str(image.id))


def _build_agent(client: DockerClient, agent: str, tag: str, *, offline: bool) -> Image:
    own = recipe.own_files(agent)
    arguments = {"BASE": _base(client, offline=offline)}
    package = _package(client, own, offline=offline)
    if package is None:
        return _run(client, own, arguments, tag=tag)
    try:
        return _run(client, own, arguments | {"PACKAGE": package}, tag=tag)
    finally:
        with contextlib.suppress(DockerException, requests.RequestException):
            client.images.remove(package, force=True)


def _base(client: DockerClient, *, offline: bool) -> str:
    """The id of the base image."""
    tag = recipe.base_tag(offline=offline)
    image = _get(client, tag)
    if image is None:
        debian = _debian(client, offline=offline)
        image = _run(client, recipe.shared_files("base.Dockerfile", "forward.py"), {"DEBIAN": debian}, tag=tag)
    return str(image.id)


def _debian(client: DockerClient, *, offline: bool) -> str:
    if offline:
        with tempfile.TemporaryDirectory(prefix="routelab-") as folder:
            archive = Path(folder, "debian.tar")
            write_rootfs(versions(recipe.packages()), archive)
            return _import(client, archive)
    return str(_run(client, recipe.shared_files("debian.Dockerfile", "packages.txt"), {}, network=None).id)


def _package(client: DockerClient, own: Mapping[str, bytes], *, offline: bool) -> str | None:
    """The id of an image with the agent's package in `/package`; None: the agent needs none."""
    npm, pip = recipe.npm_package(own), recipe.requirements(own)
    if npm is None and pip is None:
        return None
    if offline:
        with tempfile.TemporaryDirectory(prefix="routelab-") as folder:
            return _import(client, fetch_npm(npm, Path(folder)) if npm else fetch_pip(pip or b"", Path(folder)))
    if npm is not None:
        arguments = {"NAME": npm.name, "VERSION": npm.version, "SHA512": npm.sha512}
        return str(_run(client, recipe.shared_files("npm.Dockerfile"), arguments, network=None).id)
    files = {**recipe.shared_files("pip.Dockerfile"), "requirements.txt": pip or b""}
    return str(_run(client, files, {}, network=None).id)


def _run(
    client: DockerClient,
    files: Mapping[str, bytes],
    arguments: Mapping[str, str],
    *,
    tag: str | None = None,
    network: str | None = "none",
) -> Image:
    """Run the one Dockerfile among `files`. `network` None: the engine's default one."""
    image, _ = client.images.build(
        fileobj=_context(files),
        custom_context=True,
        dockerfile=next(name for name in files if name.endswith("Dockerfile")),
        buildargs=dict(arguments),
        tag=tag,
        network_mode=network,
        use_config_proxy=True,
        timeout=_STEP_S,
        rm=True,
        forcerm=True,
    )
    return image


def _context(files: Mapping[str, bytes]) -> BytesIO:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            # A wheel does not keep which files are programs.
            entry.size, entry.mode = len(content), _PROGRAM
            archive.addfile(entry, BytesIO(content))
    out.seek(0)
    return out


def _import(client: DockerClient, archive: Path) -> str:
    """Make an image of one layer out of a tar archive; its id."""
    said = client.api.import_image_from_file(str(archive))
    last: dict[str, Any] = msgspec.json.decode(said.strip().splitlines()[-1])
    if "error" in last:
        raise SandboxError(f"the engine cannot import {archive.name}: {last['error']}")
    return str(last["status"])


def _get(client: DockerClient, tag: str) -> Image | None:
    try:
        return client.images.get(tag)
    except ImageNotFound:
        return None


@contextlib.contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except BuildError as error:
        raise SandboxError(f"the image cannot be built: {_last_lines(error.build_log)}") from error
    except (DockerException, requests.RequestException) as error:
        raise translated(error) from error


def _last_lines(log: Iterable[Mapping[str, Any]]) -> str:
    whole = "".join(str(entry.get("stream", entry.get("error", ""))) for entry in log)
    return " | ".join(line.strip() for line in whole.strip().splitlines()[-_LOG_LINES:] if line.strip())
