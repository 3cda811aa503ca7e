"""What metrics and decision log are told of an answer."""

import asyncio
import time
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING

from routelab_serve.contract import DecideResponse
from routelab_serve.decide import new_id
from routelab_serve.entry import Entry, Stages
from routelab_serve.logs import report_bug
from routelab_serve.turn import Turn

if TYPE_CHECKING:
    from routelab_serve.decision_log import DecisionLog
    from routelab_serve.metrics import Metrics

_GATHER_S = 0.005
_CLIENT_GONE = 499
"""The status that nginx logs for a client that did not wait."""


class Recorder:
    """Tells the metrics and the log, several answers at a time: together they take a third of the time.

    None: there is no such part.
    """

    def __init__(self, metrics: "Metrics | None", log: "DecisionLog | None") -> None:
        self._metrics = metrics
        self._log = log
        self._waiting: list[tuple[Turn, DecideResponse, float, float, float]] = []

    def record(self, turn: Turn, response: DecideResponse, *, answered_s: float, encoded_s: float) -> None:
        """Tell soon of an answer that was there and was encoded at these times (`perf_counter` seconds)."""
        self._waiting.append((turn, response, time.time(), answered_s, encoded_s))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_later(_GATHER_S, self.flush)

    def flush(self) -> None:
        """Tell what was not told yet. Never raises."""
        waiting, self._waiting = self._waiting, []
        for turn, response, at_s, answered_s, encoded_s in waiting:
            try:
                stages = _stages(turn, answered_s, encoded_s)
                if self._metrics is not None:
                    self._metrics.record(response, stages)
                if self._log is not None:
                    self._log.record(_entry(turn, response, at_s, stages))
            except Exception as error:
                report_bug("recording_failed", error)

    def gone(self, turn: Turn) -> None:
        """Tell of a request whose client went away while a classifier was asked. Never raises."""
        try:
            if self._metrics is not None:
                self._metrics.request_failed(_CLIENT_GONE)
            if self._log is not None:
                self._log.record(_unanswered(turn))
        except Exception as error:
            report_bug("recording_failed", error)

    def failed(self, failure: Exception) -> None:
        """Tell of a request that gets a problem instead of an answer."""
        if self._metrics is not None:
            self._metrics.request_failed(getattr(failure, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR))


def _entry(turn: Turn, response: DecideResponse, at_s: float, stages: Stages) -> Entry:
    asked, table, classified = turn.asked, turn.live.table, turn.classified
    decision, classification = response.decision, response.classification
    return Entry(
        decision_id=response.decision_id,
        at=at_s,
        user_id=asked.user_id,
        conversation=turn.content.conversation,
        request=turn.content.request,
        policy=asked.policy,
        constraints=asked.constraints,
        client_request_id=asked.client_request_id,
        mode=asked.mode,
        user_agent=asked.user_agent,
        body_bytes=asked.body_bytes,
        table_version=None if table is None else table.version,
        incumbent=turn.incumbent,
        decision=decision,
        reason=response.reason,
        error=None if classified is None else classified.error,
        classification=classification,
        classifier_model=None if classification is None else classification.classifier_model,
        classifier_calls=0 if classified is None else classified.calls,
        cached=classification is not None and classification.cached,
        cost_usd=response.cost_usd,
        stages=stages,
        has_shadow=response.shadow is not None,
    )


def _unanswered(turn: Turn) -> Entry:
    """The entry of a request that was given up; its classifier may send a bill, and nobody knows."""
    asked, table, now_s = turn.asked, turn.live.table, perf_counter()
    return Entry(
        decision_id=new_id(),
        at=time.time(),
        user_id=asked.user_id,
        conversation=turn.content.conversation,
        request=turn.content.request,
        policy=asked.policy,
        constraints=asked.constraints,
        client_request_id=asked.client_request_id,
        mode=asked.mode,
        user_agent=asked.user_agent,
        body_bytes=asked.body_bytes,
        table_version=None if table is None else table.version,
        reason="client_gone",
        classifier_model=None if turn.candidate is None else str(turn.candidate),
        classifier_calls=1,
        cost_usd=None,
        stages=Stages(
            decode_ms=(turn.decoded_s - turn.began_s) * 1000,
            session_ms=(turn.session_s - turn.decoded_s) * 1000,
            total_ms=(now_s - turn.began_s) * 1000,
        ),
    )


def _stages(turn: Turn, answered_s: float, encoded_s: float) -> Stages:
    session_s, classified_s = turn.session_s, turn.classified_s
    return Stages(
        decode_ms=(turn.decoded_s - turn.began_s) * 1000,
        session_ms=(session_s - turn.decoded_s) * 1000 if session_s else None,
        classify_ms=(classified_s - session_s) * 1000 if classified_s else None,
        decide_ms=(turn.decided_s - classified_s) * 1000 if turn.decided_s else None,
        encode_ms=(encoded_s - answered_s) * 1000,
        total_ms=(encoded_s - turn.began_s) * 1000,
    )
