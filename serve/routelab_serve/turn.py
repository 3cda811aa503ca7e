"""One request on its way to its answer."""

from time import perf_counter

from msgspec import Struct

from routelab.records import Candidate, PoolEntry
from routelab_serve.classifier import Classified, Content
from routelab_serve.contract import DecideRequest
from routelab_serve.tables import Live


class Turn(Struct, kw_only=True):
    """What is known so far of one request.

    `candidate` None: no classifier is asked. `classified` None: not known yet. `incumbent` is the
    pair the conversation was on. The stages' ends are `perf_counter` seconds, 0.0 for a stage that
    was not gone through.
    """

    asked: DecideRequest
    explained: bool
    content: Content
    live: Live
    candidate: Candidate | None
    began_s: float
    decoded_s: float
    classified: Classified | None = None
    incumbent: PoolEntry | None = None
    session_s: float = 0.0
    classified_s: float = 0.0
    decided_s: float = 0.0

    def left_s(self, budget_s: float) -> float:
        """How much of a budget is left, in seconds."""
        return max(0.0, self.began_s + budget_s - perf_counter())
