"""The shell commands by which a container's workspace is filled, read and wiped."""

import shlex
from pathlib import Path

from routelab.sandbox.archive import folders_and_files

HOME = "/lane/home"
TEMPORARY = "/lane/tmp"
SHARED_TEMPORARY = "/tmp"  # noqa: S108 - the container's own
_LAY_IN = """gone() { rm -rf -- "$1" 2>/dev/null || { chmod -R u+rwx -- "$1"; rm -rf -- "$1"; }; }
opened() { [ -d "$1" ] && [ ! -L "$1" ] && chmod u+rwx -- "$1"; }
cd / && opened /lane
opened /lane/workspace || { gone /lane/workspace; mkdir /lane/workspace; }
cd /lane/workspace || exit 1"""

_WAY_OUT = "timeout 10 bash -c 'until (exec 3<>/dev/tcp/127.0.0.1/8790) 2>/dev/null; do sleep 0.02; done' </dev/null"
_WRITABLE = f"/lane {SHARED_TEMPORARY} /dev/shm /dev/mqueue"


def wipe_and_fill(home_bytes: int, workspace_bytes: int, *, fresh: bool) -> str:
    """Empties every place a command can write to, then unpacks the home folder and the workspace.

    Standard input: an archive of the home folder and one of the workspace, each of so many bytes; what
    follows is left for the next reader. In a `fresh` container it waits until the way to the proxy is open.
    """
    return f"""cd /
find {_WRITABLE} -mindepth 1 -delete 2>/dev/null || {{
  chmod u+rwx /lane
  find {_WRITABLE} -mindepth 1 -type d ! -perm -700 -exec chmod u+rwx {{}} \\;
  find {_WRITABLE} -mindepth 1 -delete
}}
set -e
mkdir /lane/workspace {HOME} {TEMPORARY}
head -c {home_bytes} | tar -xpf - -C {HOME}
head -c {workspace_bytes} | tar -xpf - -C /lane/workspace
{_WAY_OUT if fresh else ""}
"""


def lay_in(folder: Path, archive_bytes: int) -> str:
    """Unpacks an archive of `folder` over the workspace, whatever stands in its way.

    Standard input: the archive, of so many bytes; what follows is left for the next reader.
    """
    folders, files = folders_and_files(folder)
    clear = [f"opened {name} || gone {name}" for name in map(_quoted, folders)]
    clear += [f"gone {name}" for name in map(_quoted, files)]
    return "\n".join([_LAY_IN, *clear, f"head -c {archive_bytes} | tar -xpf -"])


def read_file(path: str, most_bytes: int) -> str:
    """Prints a plain file of the workspace; exit code 1 when there is none inside it."""
    name = shlex.quote(path)
    return f"""real=$(realpath -e -- {name} 2>/dev/null) || exit 1
case "$real" in "$(pwd -P)"/*) ;; *) exit 1 ;; esac
[ -f "$real" ] || exit 1
head -c {most_bytes} -- "$real"
"""


def _quoted(name: str) -> str:
    return shlex.quote(f"./{name}")
