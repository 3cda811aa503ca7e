"""A root file system out of the Debian packages installed on this machine, for where no image registry is.

It holds what a slim Debian image holds, the wanted packages, and what all of those depend on.
"""

import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from routelab.errors import SandboxError

_FIELDS = (
    "${Package}\t${binary:Package}\t${Version}\t${Essential}\t"
    "${Pre-Depends}, ${Depends}\t${Provides}\t${db:Status-Status}\n"
)
_PYTHON = "3.11"
"""What Debian 12 has, which the image for everybody is made of too."""
_LEFT_OUT = frozenset({"debconf", "dpkg", "git-man", "init-system-helpers", "liberror-perl", "login", "perl"})
"""What installs packages, logs people in, or serves git commands that no agent needs (perl-base stays)."""
_SKIPPED = re.compile(
    r"/usr/share/(bash-completion|bug|doc|doc-base|git-core/contrib|gitweb|info|lintian|locale|man|menu|pixmaps)/"
    r"|/usr/share/zoneinfo/(posix|right)/|/usr/lib/[^/]+/gconv/|/(usr/)?lib/(systemd|udev)/|/var/[^/]+/."
)
_ETC = frozenset({"/etc/mime.types"})
"""The machine's other settings are its own, and may hold secrets."""
_MERGED = re.compile(r"^/(bin|sbin|lib|lib32|lib64|libx32)(?=/)")
_WRITTEN = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


class _Package(Struct, frozen=True):
    listed_as: str
    version: str
    essential: bool
    depends: tuple[tuple[str, ...], ...]


class _Installed(Struct, frozen=True):
    packages: Mapping[str, _Package]
    providers: Mapping[str, str]

    def find(self, names: Iterable[str]) -> str | None:
        """The first of the alternatives that is installed, or provided by what is."""
        for name in names:
            if name in self.packages:
                return name
            if name in self.providers:
                return self.providers[name]
        return None


def versions(wanted: Iterable[str]) -> dict[str, str]:
    """The packages that the root file system is made of, sorted by name, with their versions.

    Raises SandboxError where a wanted package is not installed, or this is not a Debian 12.
    """
    installed = _read_installed()
    _check(wanted, installed)
    found: set[str] = set()
    waiting = [*wanted, *(name for name, package in installed.packages.items() if package.essential)]
    while waiting:
        name = waiting.pop()
        if name in found or name in _LEFT_OUT:
            continue
        found.add(name)
        waiting += filter(None, map(installed.find, installed.packages[name].depends))
    return {name: installed.packages[name].version for name in sorted(found)}


def write_rootfs(names: Iterable[str], out: Path) -> None:
    """Write these packages' files as a tar archive to `out`, owned by root, no set-user-id bits."""
    packages = _read_installed().packages
    listed = _run("dpkg-query", "--listfiles", *(packages[name].listed_as for name in names))
    paths = {line for line in listed.splitlines() if line.startswith("/") and _is_taken(line)}
    paths |= set(_alternatives(paths))
    places = {_in_image(path): path for path in paths}
    with tarfile.open(out, "w") as archive:
        for place, path in sorted(places.items()):
            archive.add(path, place, recursive=False, filter=_plain)
        for name, text in _WRITTEN.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, BytesIO(text.encode()))


def _check(wanted: Iterable[str], installed: _Installed) -> None:
    missing = [name for name in wanted if name not in installed.packages]
    if missing:
        raise SandboxError(
            "an image without a registry is made of this machine's Debian packages, and some are missing: "
            f"`apt-get install --no-install-recommends {' '.join(missing)}` mends it"
        )
    python = installed.packages["python3"].version
    if not python.startswith(f"{_PYTHON}."):
        raise SandboxError(
            f"an image without a registry needs Debian 12 with its Python {_PYTHON}; this machine's python3 is {python}"
        )


def _read_installed() -> _Installed:
    packages: dict[str, _Package] = {}
    providers: dict[str, str] = {}
    for line in _run("dpkg-query", "--show", "--showformat", _FIELDS).splitlines():
        name, listed_as, version, essential, depends, provides, status = line.split("\t")
        if status == "installed":
            packages[name] = _Package(listed_as, version, essential == "yes", tuple(_alternatives_of(depends)))
            for names in _alternatives_of(provides):
                providers.setdefault(names[0], name)
    return _Installed(packages, providers)


def _alternatives_of(relations: str) -> Iterator[tuple[str, ...]]:
    """`a (>= 1) | b, c:any` as (a, b), (c)."""
    for relation in filter(str.strip, relations.split(",")):
        yield tuple(re.split(r"[\s:(\[]", name.strip(), maxsplit=1)[0] for name in relation.split("|"))


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise SandboxError("an image without a registry is made of Debian packages; this machine has no dpkg") from None
    except subprocess.CalledProcessError as error:
        raise SandboxError(f"{command[0]} failed: {error.stderr.strip()}") from error
    return done.stdout


def _is_taken(path: str) -> bool:
    if path.startswith("/etc/") and not Path(path).is_dir():
        return path in _ETC
    return path != "/." and _SKIPPED.match(f"{path}/") is None and (Path(path).is_symlink() or Path(path).exists())


def _alternatives(paths: set[str]) -> Iterator[str]:
    """The links of Debian's alternatives to these paths: `/usr/bin/awk` is in no package."""
    for chosen in Path("/etc/alternatives").glob("*"):
        link = Path("/usr/bin", chosen.name)
        if link.is_symlink() and link.readlink() == chosen and str(chosen.readlink()) in paths:
            yield from (str(chosen), str(link))


def _in_image(path: str) -> str:
    """The path without the links /bin, /lib … that Debian 12 has into /usr."""
    return _MERGED.sub(r"/usr/\1", path).removeprefix("/")


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mode &= 0o1777
    return entry
