"""Agents' packages fetched by this machine's npm and pip and checked by hash, for where no image registry is."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct

from routelab.errors import SandboxError

_FETCH_S = 600
_SHA512 = "sha512-"
_FOR_THE_IMAGE = (
    "--python-version=3.11", "--implementation=cp", "--abi=cp311",
    "--platform=manylinux2014_x86_64", "--platform=manylinux_2_28_x86_64", "--only-binary=:all:",
)  # fmt: skip


class NpmPackage(Struct, frozen=True, forbid_unknown_fields=True):
    """An npm package by exact version; `integrity` is its hash as `npm view NAME@VERSION dist.integrity` prints it."""

    name: str
    version: str
    integrity: str

    @property
    def sha512(self) -> str:
        """The hash in hexadecimal."""
        return base64.b64decode(self.integrity.removeprefix(_SHA512)).hex()


def read_pin(text: str) -> NpmPackage:
    """The package that an `npm.toml` names."""
    return msgspec.convert(tomllib.loads(text), NpmPackage)


def fetch_npm(package: NpmPackage, folder: Path) -> Path:
    """Fetch a package into `folder`: its archive, with all files under `package/`.

    Raises SandboxError where npm is missing, fails, or gives something else than what is pinned.
    """
    wanted = f"{package.name}@{package.version}"
    npm = _program("npm", mended_by="npm")
    _run([npm, "pack", "--silent", "--ignore-scripts", wanted, f"--pack-destination={folder}"], f"npm pack {wanted}")
    archive = next(folder.glob("*.tgz"))
    with archive.open("rb") as file:
        if hashlib.file_digest(file, "sha512").hexdigest() != package.sha512:
            raise SandboxError(f"npm gave a {wanted} that is not the pinned one: its hash differs")
    return archive


def fetch_pip(requirements: bytes, folder: Path) -> Path:
    """Fetch hashed requirements for the image's Python; an archive in `folder` with all files under `package/`.

    Raises SandboxError where pip is missing or fails, also for a hash that differs.
    """
    target, listed = folder / "package", folder / "requirements.txt"
    listed.write_bytes(requirements)
    pip = _program("pip3", mended_by="python3-pip")
    checked = ["--no-deps", "--require-hashes", "--no-compile", "--quiet", f"--requirement={listed}"]
    _run([pip, "install", f"--target={target}", *_FOR_THE_IMAGE, *checked], "pip install")
    archive = folder / "package.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(target, "package", filter=_owned_by_root)
    return archive


def _program(name: str, *, mended_by: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SandboxError(
            f"an image without a registry needs {name} on this machine: "
            f"`apt-get install --no-install-recommends {mended_by}` mends it"
        )
    return found


def _run(command: list[str], doing: str) -> None:
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=_FETCH_S)
    except subprocess.CalledProcessError as error:
        raise SandboxError(f"{doing} failed: {' '.join(error.stderr.split())[-500:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(f"{doing} failed: {error}") from error


def _owned_by_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
