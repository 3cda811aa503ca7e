"""The parts of a shim, put together as configuration and environment say; optional ones are imported when wanted."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routelab.classifier import LOCAL, check_local
from routelab.config import Config, sessions_url, store_url
from routelab.errors import ConfigError
from routelab.llm import EndpointClient
from routelab.settings import Settings
from routelab.table import TableRules
from routelab.table_sources import TableSource, configured_source
from routelab.taxonomy import Taxonomy, load_taxonomy
from routelab_serve.auth import KeyGuard, Keys
from routelab_serve.catalogue import Catalogue
from routelab_serve.classifier import Classifier
from routelab_serve.decide import Decider
from routelab_serve.fast import DecideRoute
from routelab_serve.hosts import AllowedHosts
from routelab_serve.sessions import Lookups, Sessions, open_session_store
from routelab_serve.tables import Live, LiveTable

if TYPE_CHECKING:
    from routelab.decision_log.rows import LoggedShadow
    from routelab_serve.decision_log import DecisionLog
    from routelab_serve.metrics import Metrics
    from routelab_serve.rate_limit import RateLimiter
    from routelab_serve.recorder import Recorder
    from routelab_serve.shadows import ServedShadows


@dataclass(frozen=True)
class Parts:
    """What a shim is made of; None: that part is not configured."""

    live_table: LiveTable
    catalogue: Catalogue
    client: EndpointClient
    sessions: Sessions
    classifier: Classifier
    decider: Decider
    decide_keys: Keys
    admin_keys: Keys
    hosts: AllowedHosts
    limiter: "RateLimiter | None"
    metrics: "Metrics | None"
    log: "DecisionLog | None"
    recorder: "Recorder | None"
    shadows: "ServedShadows | None"

    def decide_route(self) -> DecideRoute:
        """What answers `POST /decide`."""
        return DecideRoute(
            self.decider,
            guard=KeyGuard(self.decide_keys or None, self.limiter),
            hosts=self.hosts,
            recorder=self.recorder,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work within this context; its end flushes what is to be kept, log and sessions last."""
        async with AsyncExitStack() as opened:
            if self.log is not None:
                await opened.enter_async_context(self.log.running())
            if self.recorder is not None:
                opened.callback(self.recorder.flush)
            await opened.enter_async_context(aclosing(self.sessions))
            await opened.enter_async_context(self.client)
            await opened.enter_async_context(aclosing(self.classifier))
            await opened.enter_async_context(self.live_table.kept_fresh())
            await opened.enter_async_context(self.catalogue.kept_fresh())
            if self.shadows is not None:
                await opened.enter_async_context(self.shadows.running())
            await self.classifier.prepare(self.decider.classifier_model)
            yield


def assemble(config: Config, settings: Settings) -> Parts:
    """The parts; nothing is connected yet.

    Raises DatasetError when the taxonomy cannot be read, ConfigError or UserError for settings that
    contradict each other or name what is not there.
    """
    serve = config.serve
    check_local(item for item in (serve.classifier, serve.default_classifier) if item is not None)
    taxonomy = load_taxonomy(config.taxonomy_path)
    log, limiter = _decision_log(config, settings), _limiter(config)
    # What is counted counts by the metrics in turn, so they look at it through functions.
    metrics = _metrics(config, taxonomy, limiter, log, live=lambda: live_table.live, lookups=lambda: sessions.lookups)
    live_table = _live_table(config, settings, taxonomy, metrics)
    sessions = _sessions(config, settings, taxonomy, metrics)
    client = _client(config, settings)
    catalogue = _catalogue(config, client, live_table)
    budget_s = serve.budget_ms / 1000
    classifier = Classifier(
        taxonomy,
        client,
        sessions,
        budget_s=budget_s,
        cascade_threshold=serve.cascade_threshold,
        on_untold_cost=None if metrics is None else metrics.classifier_billed,
    )
    shadows = _shadows(config, settings, taxonomy, live_table, catalogue, metrics, log)
    decider = Decider(
        lambda: live_table.live,
        classifier,
        sessions,
        budget_s=budget_s,
        override=serve.classifier,
        default=serve.default_classifier or LOCAL,
        capabilities=catalogue.known,
        shadows=shadows,
    )
    return Parts(
        live_table=live_table,
        catalogue=catalogue,
        client=client,
        sessions=sessions,
        classifier=classifier,
        decider=decider,
        decide_keys=Keys(settings.keys()),
        admin_keys=Keys(settings.administrators()),
        hosts=AllowedHosts(serve.allowed_hosts),
        limiter=limiter,
        metrics=metrics,
        log=log,
        recorder=_recorder(metrics, log),
        shadows=shadows,
    )


def _metrics(
    config: Config,
    taxonomy: Taxonomy,
    limiter: "RateLimiter | None",
    log: "DecisionLog | None",
    *,
    live: Callable[[], Live],
    lookups: Callable[[], Lookups],
) -> "Metrics | None":
    if not config.serve.metrics:
        return None
    from routelab_serve.metrics import Metrics

    return Metrics(
        routes=taxonomy.routes,
        live=live,
        lookups=lookups,
        limited=None if limiter is None else lambda: limiter.refused,
        log_counts=None if log is None else lambda: log.counts,
    )


def _limiter(config: Config) -> "RateLimiter | None":
    rate = config.serve.rate_limit
    if rate is None:
        return None
    from routelab_serve.rate_limit import RateLimiter

    return RateLimiter(per_second=rate.per_second, burst=rate.burst)


def _recorder(metrics: "Metrics | None", log: "DecisionLog | None") -> "Recorder | None":
    if metrics is None and log is None:
        return None
    from routelab_serve.recorder import Recorder

    return Recorder(metrics, log)


def _live_table(config: Config, settings: Settings, taxonomy: Taxonomy, metrics: "Metrics | None") -> LiveTable:
    return LiveTable(
        _table_source(config, settings),
        TableRules.configured(config, taxonomy),
        max_age_s=config.serve.table.max_age_s,
        on_problem=None if metrics is None else metrics.table_refused,
    )


def _table_source(config: Config, settings: Settings) -> TableSource:
    source = configured_source(config, settings)
    if source is not None:
        return source
    from routelab_serve.tables.store_source import StoreSource

    return StoreSource(store_url(config, settings))


def _sessions(config: Config, settings: Settings, taxonomy: Taxonomy, metrics: "Metrics | None") -> Sessions:
    serve = config.serve
    store = open_session_store(sessions_url(config, settings), max_rows=serve.max_conversations)
    return Sessions(
        taxonomy,
        max_conversations=serve.max_conversations,
        store=store,
        trust_s=serve.sessions.trust_s,
        # A request may wait for another's call and then for its own.
        deadline_s=min(serve.sessions.deadline_ms, serve.budget_ms / 4) / 1000,
        on_error=None if metrics is None else metrics.session_failed,
    )


def _client(config: Config, settings: Settings) -> EndpointClient:
    # The classifier counts calls itself: they must fit into the time budget.
    endpoint = config.endpoint.model_copy(update={"attempts": 1})
    key = settings.api_key
    return EndpointClient(endpoint, api_key=None if key is None else key.get_secret_value(), prices=config.prices)


def _decision_log(config: Config, settings: Settings) -> "DecisionLog | None":
    wanted = config.serve.decision_log
    if wanted.format is None:
        return None
    from routelab_serve.decision_log import DecisionLog, LogWriter, Retention, SqliteWriter

    writer: LogWriter
    if wanted.format == "sqlite":
        writer = SqliteWriter(config.decisions_path)
    else:
        from routelab_serve.decision_log.parquet_writer import ParquetWriter

        writer = ParquetWriter(config.decisions_path)
    key, days = settings.log_hash_key, wanted.retention_days
    return DecisionLog(
        writer,
        sample_rate=wanted.sample_rate,
        hash_key=None if key is None else key.get_secret_value().encode(),
        redact=settings.redact if wanted.keep_prompts else None,
        retention=None if days is None else Retention(config.decisions_path, days),
    )


def _shadows(
    config: Config,
    settings: Settings,
    taxonomy: Taxonomy,
    live_table: LiveTable,
    catalogue: Catalogue,
    metrics: "Metrics | None",
    log: "DecisionLog | None",
) -> "ServedShadows | None":
    shadow = config.serve.shadow
    if not shadow.enabled:
        return None
    if log is None and metrics is None:
        raise ConfigError("serve.shadow is enabled, but nobody would see its answers: set serve.decision_log.format")
    from routelab_serve.shadows import ServedShadows

    def sink(answer: "LoggedShadow", conversation: str) -> None:
        if metrics is not None:
            metrics.shadow_answered(answer)
        if log is not None:
            log.record_shadow(answer, conversation)

    return ServedShadows(
        shadow,
        live_table,
        TableRules.configured(config, taxonomy),
        sink,
        morph_key=None if settings.morph_key is None else settings.morph_key.get_secret_value(),
        max_conversations=config.serve.max_conversations,
        capabilities=catalogue.known,
        retry_s=config.serve.table.max_age_s,
    )


def _catalogue(config: Config, client: EndpointClient, live_table: LiveTable) -> Catalogue:
    # Where the file names no endpoint, the one of the defaults is nobody's.
    is_asked = config.serve.catalogue and "endpoint" in config.model_fields_set

    def version() -> str | None:
        table = live_table.live.table
        return None if table is None else table.version

    return Catalogue(
        config.capabilities, client if is_asked else None, version=version, look_s=config.serve.table.max_age_s
    )
