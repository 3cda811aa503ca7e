"""What a lane's container is made of: no network, no rights, no writable root, bounded memory."""

from pathlib import Path
from typing import Any

from docker.types import DriverConfig, LogConfig, Mount
from msgspec import Struct

from routelab.sandbox.containers import scripts
from routelab.sandbox.containers.labels import Labels

PROXY_ADDRESS = "http://127.0.0.1:8790"
"""Where a program in the container finds the proxy: the image's first process forwards it."""
PROXY_SOCKET = "proxy.sock"
"""The proxy's socket in the folder that is mounted into the container."""
_USER = 1000


class ContainerLimits(Struct, frozen=True, kw_only=True):
    """What a container may use: memory and disk (both in memory, MB), processors, processes."""

    memory_mb: int = 1536
    disk_mb: int = 512
    cpus: float = 2.0
    pids: int = 512


def make(api: Any, *, image: str, labels: Labels, limits: ContainerLimits, proxy_folder: Path) -> str:
    """Make a container, not started; its id."""
    memory = limits.memory_mb * 2**20
    written = labels.written()
    host = api.create_host_config(
        network_mode="none",
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        mem_limit=memory,
        memswap_limit=memory,
        pids_limit=limits.pids,
        nano_cpus=int(limits.cpus * 1e9),
        tmpfs={scripts.SHARED_TEMPORARY: f"rw,exec,nosuid,nodev,mode=1777,size={limits.disk_mb}m"},
        log_config=LogConfig(type=LogConfig.types.NONE),
        mounts=[
            _lane_volume(written, limits.disk_mb),
            Mount("/run/routelab", str(proxy_folder), type="bind", read_only=True),
        ],
    )
    made = api.create_container(
        image,
        user=f"{_USER}:{_USER}",
        labels=written,
        host_config=host,
        hostname="lane",
        # Without user site: what an agent leaves in its home must not run inside the check of its work.
        environment={"HOME": scripts.HOME, "TMPDIR": scripts.TEMPORARY, "PYTHONNOUSERSITE": "1"},
        use_config_proxy=False,  # its addresses and passwords are not the agent's
    )
    return str(made["Id"])


def _lane_volume(labels: dict[str, str], size_mb: int) -> Mount:
    # In memory: bounded, quick to wipe, and nothing of a case ever reaches the host's disk.
    options = {
        "type": "tmpfs",
        "device": "tmpfs",
        "o": f"size={size_mb}m,uid={_USER},gid={_USER},mode=0755,nosuid,nodev",
    }
    return Mount("/lane", None, type="volume", labels=labels, driver_config=DriverConfig("local", options))
