"""Prometheus metrics: counted in plain dicts and lists, and given their form when they are scraped.

A child of the client library's own counters takes a lock and about as long as all of a decision's
counting may; one event loop needs no lock.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import asdict
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from routelab.decision_log.rows import LoggedShadow
    from routelab_serve.contract import DecideResponse, ServedClassification
    from routelab_serve.decision_log.log import LogCounts
    from routelab_serve.entry import Stages
    from routelab_serve.sessions import Lookups
    from routelab_serve.tables import Live

__all__ = ["CONTENT_TYPE", "Metrics"]

STAGES = ("decode", "session", "classify", "decide", "encode", "total")
_BOUNDS_MS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1500, 2500, 5000)
_MAX_SERIES = 5000
_OTHER = "other"
_STATUSES = ("200", "400", "401", "408", "413", "429", "499", "500")
_DecisionKey = tuple[str, str, str, bool, str | None]


class _Histogram:
    """Observations in milliseconds, given as seconds."""

    __slots__ = ("counts", "total_ms")

    def __init__(self) -> None:
        self.counts = [0] * (len(_BOUNDS_MS) + 1)
        self.total_ms = 0.0

    def buckets(self) -> list[tuple[str, float]]:
        bounds = [*(str(bound / 1000) for bound in _BOUNDS_MS), "+Inf"]
        seen, cumulated = 0, []
        for bound, count in zip(bounds, self.counts, strict=True):
            seen += count
            cumulated.append((bound, float(seen)))
        return cumulated


class Metrics(Collector):
    """The metrics of one app, for one event loop.

    Labels are bounded: a route outside `routes`, and a model when there are 5,000 series of
    decisions already, count as `other`. `live`, `lookups` (of sessions), `limited` (requests that came
    too soon) and `log_counts` are read when the metrics are scraped (None: there is no such part).
    """

    def __init__(
        self,
        *,
        routes: Collection[str],
        live: "Callable[[], Live] | None" = None,
        lookups: "Callable[[], Lookups] | None" = None,
        limited: Callable[[], int] | None = None,
        log_counts: "Callable[[], LogCounts] | None" = None,
    ) -> None:
        self._routes = frozenset(routes)
        self._live = live
        self._lookups = lookups
        self._limited = limited
        self._log_counts = log_counts
        self._answers = dict.fromkeys(_STATUSES, 0)
        self._decisions: dict[_DecisionKey, int] = {}
        self._null: Counter[str] = Counter()
        self._classifications = dict.fromkeys(("cached", "asked", "fallback"), 0)
        self._cost_usd: defaultdict[str, float] = defaultdict(float)
        self._unknown_costs = 0
        self._stages = tuple(_Histogram() for _ in STAGES)
        self._store_errors: Counter[str] = Counter()
        self._table_problems: Counter[str] = Counter()
        self._shadows: Counter[tuple[str, ...]] = Counter()
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def record(self, answer: "DecideResponse", stages: "Stages") -> None:
        """Count one answer and the time it took."""
        self._answers["200"] += 1
        decision, classification = answer.decision, answer.classification
        if decision is None:
            self._null[answer.reason or _OTHER] += 1
        else:
            key = (decision.route, decision.model, decision.source, decision.sticky, decision.switch_reason)
            try:
                self._decisions[key] += 1
            except KeyError:
                self._begin(key)
        if classification is not None:
            if classification.cached:
                self._classifications["cached"] += 1
            else:
                self._classify(classification, answer.cost_usd)
        decode, session, classify, decide, encode, total = self._stages
        for histogram, took_ms in (
            (decode, stages.decode_ms),
            (session, stages.session_ms),
            (classify, stages.classify_ms),
            (decide, stages.decide_ms),
            (encode, stages.encode_ms),
            (total, stages.total_ms),
        ):
            if took_ms is not None:
                histogram.counts[bisect_left(_BOUNDS_MS, took_ms)] += 1
                histogram.total_ms += took_ms

    def classifier_billed(self, classifier: str, cost_usd: float | None) -> None:
        """Count a cost (None: unknown) that no answer told: of a call that ended late, or with its client."""
        if cost_usd is None:
            self._unknown_costs += 1
        else:
            self._cost_usd[classifier] += cost_usd

    def session_failed(self, kind: str) -> None:
        """Count a trouble of the session store; `kind` is one of a few words."""
        self._store_errors[kind] += 1

    def table_refused(self, problem: str) -> None:
        """Count a table that was not taken over, or a source that could not be read."""
        self._table_problems[problem] += 1

    def shadow_answered(self, answer: "LoggedShadow") -> None:
        """Count what a shadow router said; a table counts as `table`, whatever its version."""
        agrees = {True: "yes", False: "no", None: "unknown"}[answer.agrees]
        self._shadows[answer.router.partition(":")[0], answer.outcome, agrees] += 1

    def request_failed(self, status: int) -> None:
        """Count a `POST /decide` that got a problem, by its HTTP status."""
        self._answers[str(status)] = self._answers.get(str(status), 0) + 1

    def render(self) -> bytes:
        """Everything in Prometheus' text format; send it as CONTENT_TYPE."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The metric families, as the client library asks for them."""
        yield _counter(
            "decide_answers", "Answers of POST /decide by HTTP status", ("status",), _labelled(self._answers)
        )
        labels = ("route", "model", "source", "sticky", "switch_reason")
        yield _counter("decisions", "Decisions", labels, {_texts(key): n for key, n in self._decisions.items()})
        yield _counter("null_decisions", "Answers without a decision", ("reason",), _labelled(self._null))
        yield _counter(
            "classifications", "Classifications by how they came", ("result",), _labelled(self._classifications)
        )
        yield _counter("classifier_cost_usd", "What classifying cost", ("classifier",), _labelled(self._cost_usd))
        yield _counter("classifier_unknown_costs", "Classifications of unknown cost", (), {(): self._unknown_costs})
        yield _stages_family(self._stages)
        yield _counter("session_errors", "Troubles of the session store", ("kind",), _labelled(self._store_errors))
        yield _counter(
            "table_problems", "Tables that were not taken over", ("problem",), _labelled(self._table_problems)
        )
        yield _counter("shadow_answers", "Answers of shadow routers", ("router", "outcome", "agrees"), self._shadows)
        if self._lookups is not None:
            found = asdict(self._lookups())
            yield _counter("session_lookups", "Conversations by where they were found", ("found",), _labelled(found))
        if self._limited is not None:
            yield _counter("rate_limited_requests", "Requests that came too soon", (), {(): self._limited()})
        if self._live is not None:
            yield _table_family(self._live())
        if self._log_counts is not None:
            yield from _log_families(self._log_counts())

    def _begin(self, key: _DecisionKey) -> None:
        """Count under a key that is new, or has no room."""
        route, model, source, sticky, switch_reason = key
        if route not in self._routes:
            route = _OTHER
        if len(self._decisions) >= _MAX_SERIES:
            model = _OTHER
        known = (route, model, source, sticky, switch_reason)
        self._decisions[known] = self._decisions.get(known, 0) + 1

    def _classify(self, classification: "ServedClassification", cost_usd: float | None) -> None:
        self._classifications["fallback" if classification.fallback else "asked"] += 1
        if cost_usd is None:
            self._unknown_costs += 1
        elif cost_usd:
            self._cost_usd[classification.classifier_model or _OTHER] += cost_usd


def _texts(key: _DecisionKey) -> tuple[str, ...]:
    route, model, source, sticky, switch_reason = key
    return route, model, source, "yes" if sticky else "no", switch_reason or "none"


def _labelled(counts: Mapping[str, float]) -> dict[tuple[str, ...], float]:
    return {(label,): count for label, count in counts.items()}


def _counter(
    name: str, help_text: str, labels: Sequence[str], counts: Mapping[tuple[str, ...], float]
) -> CounterMetricFamily:
    family = CounterMetricFamily(f"routelab_{name}", help_text, labels=labels)
    for values, count in counts.items():
        family.add_metric(values, count)
    return family


def _stages_family(histograms: Sequence[_Histogram]) -> HistogramMetricFamily:
    family = HistogramMetricFamily("routelab_stage_seconds", "Time by stage of an answer", labels=("stage",))
    for stage, histogram in zip(STAGES, histograms, strict=True):
        family.add_metric((stage,), histogram.buckets(), histogram.total_ms / 1000)
    return family


def _table_family(live: "Live") -> GaugeMetricFamily:
    """1 for the table that serves, so that replicas can be compared; nothing while there is none."""
    family = GaugeMetricFamily("routelab_live_table", "The table that serves", labels=("version", "source"))
    if live.table is not None:
        family.add_metric((live.table.version, live.table.source), 1)
    return family


def _log_families(counts: "LogCounts") -> Iterator[Metric]:
    results = {"written": counts.written, "sampled_out": counts.sampled_out, "dropped": counts.dropped}
    yield _counter("decision_log_entries", "Entries of the decision log", ("result",), _labelled(results))
    failing = 0 if counts.problem is None else 1
    yield GaugeMetricFamily("routelab_decision_log_failing", "Whether the last write failed", value=failing)
