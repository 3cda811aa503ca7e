"""One pure function decides; the shim, the replay and the notebooks all call it."""

from routelab.decision.decide import decide
from routelab.decision.explain import Considered, explain
from routelab.decision.keys import ContentHashes, content_hashes, conversation_key

__all__ = ["Considered", "ContentHashes", "content_hashes", "conversation_key", "decide", "explain"]
