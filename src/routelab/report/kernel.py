"""The kernel notebooks run on: this very interpreter, whatever kernels are installed."""

import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default


class OwnKernelManager(AsyncKernelManager):
    """Starts ipykernel with the running interpreter, so that the kernel has the same packages.

    What driver and kernel say to each other is encrypted where pyzmq can: it may be anything.
    """

    @default("transport_encryption")
    def _encrypted_if_possible(self) -> str:
        return "auto" if zmq.has("curve") else "disabled"

    @default("kernel_spec_manager")
    def _own_kernel_only(self) -> KernelSpecManager:
        # Without folders to search, jupyter_client is left with its native kernel: `sys.executable`.
        return KernelSpecManager(parent=self, kernel_dirs=[])
