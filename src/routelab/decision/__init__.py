"""One pure function decides; the shim and the notebooks call it."""

from routelab.decision.decide import decide
from routelab.decision.explain import Considered, explain
from routelab.decision.keys import conversation_key, exact_hash

__all__ = ["Considered", "conversation_key", "decide", "exact_hash", "explain"]
