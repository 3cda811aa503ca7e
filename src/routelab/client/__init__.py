"""What a gateway uses to ask the shim: it never fails, at worst it gives the fallback model.

Or none, where the caller's policy denies that one.
"""

from routelab.client.answer import Chosen, DecideAnswer, ServedDecision
from routelab.client.asynchronous import DecideClient
from routelab.client.fallback import Fallback, denies
from routelab.client.synchronous import SyncDecideClient

__all__ = ["Chosen", "DecideAnswer", "DecideClient", "Fallback", "ServedDecision", "SyncDecideClient", "denies"]
