"""What an agent's image is made of, and the tags that say so. `images/README.md` tells how the files fit together."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from routelab.errors import SandboxError, UserError
from routelab.sandbox import rootfs, staging

IMAGES = Path(__file__).parent / "images"
_BASE = ("base.Dockerfile", "forward.py")
_NPM, _PIP = "npm.toml", "requirements.txt"


def agents() -> tuple[str, ...]:
    """The agents that have an image."""
    return tuple(sorted(file.parent.name for file in IMAGES.glob("*/Dockerfile")))


def own_files(agent: str) -> dict[str, bytes]:
    """What lies in the agent's folder; raises UserError for an unknown agent."""
    if agent not in agents():
        raise UserError(f"there is no agent {agent!r}; there are {', '.join(agents())}")
    return {file.name: file.read_bytes() for file in sorted((IMAGES / agent).iterdir()) if file.is_file()}


def shared_files(*names: str) -> dict[str, bytes]:
    """Files that all images share."""
    return {name: (IMAGES / name).read_bytes() for name in names}


def packages() -> list[str]:
    """The Debian packages that every image holds."""
    return (IMAGES / "packages.txt").read_text().split()


def base_tag(*, offline: bool) -> str:
    """The tag of the base as it would be built now; raises SandboxError where Debian packages are missing."""
    return f"routelab/base:{_digest(_base_parts(offline=offline))}"


def image_tag(agent: str, *, offline: bool) -> str:
    """The tag of the agent's image as it would be built now.

    Raises UserError for an unknown agent, SandboxError where Debian packages are missing (`offline`).
    """
    own = own_files(agent)
    return f"routelab/{agent}:{_digest({**_base_parts(offline=offline), **_fetching(own, offline=offline), **own})}"


def current_tags(agent: str) -> Iterator[str]:
    """The tags of both ways; the offline one only where its Debian packages are on this machine."""
    yield image_tag(agent, offline=False)
    try:
        yield image_tag(agent, offline=True)
    except SandboxError:
        return


def npm_package(own: Mapping[str, bytes]) -> staging.NpmPackage | None:
    """The npm package that an agent's files name; None: none."""
    return staging.read_pin(own[_NPM].decode()) if _NPM in own else None


def requirements(own: Mapping[str, bytes]) -> bytes | None:
    """The hashed Python requirements among an agent's files; None: none."""
    return own.get(_PIP)


def _base_parts(*, offline: bool) -> dict[str, bytes]:
    parts = shared_files(*_BASE)
    if offline:
        parts["versions"] = msgspec.json.encode(rootfs.versions(packages()))
        return parts | _source(rootfs.__file__)
    return parts | shared_files("debian.Dockerfile", "packages.txt")


def _fetching(own: Mapping[str, bytes], *, offline: bool) -> dict[str, bytes]:
    """How the agent's package is fetched."""
    if _NPM not in own and _PIP not in own:
        return {}
    if offline:
        return _source(staging.__file__)
    return shared_files("npm.Dockerfile" if _NPM in own else "pip.Dockerfile")


def _source(file: str) -> dict[str, bytes]:
    return {Path(file).name: Path(file).read_bytes()}


def _digest(parts: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, content in sorted(parts.items()):
        whole.update(f"{name} {len(content)}\n".encode() + content)
    return whole.hexdigest()[:12]
