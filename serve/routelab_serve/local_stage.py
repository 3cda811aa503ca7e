"""The local classifier, loaded when it is first wanted: many shims never need it."""

import asyncio
from collections.abc import Callable

import structlog

from routelab.errors import RoutelabError
from routelab.records import Classification, NormalisedRequest
from routelab.taxonomy import Taxonomy
from routelab_serve.logs import report_bug
from routelab_serve.off_loop import off_loop

_Classify = Callable[[NormalisedRequest], Classification]
_log = structlog.get_logger()


class LocalStage:
    """`local/tfidf` under one taxonomy. What keeps it from loading is logged once."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._loading: asyncio.Future[_Classify] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it answers."""
        loading = self._loading
        return loading is not None and loading.done() and not loading.cancelled() and loading.exception() is None

    @property
    def has_failed(self) -> bool:
        """Whether it was wanted and cannot be loaded."""
        return self._loading is not None and self._loading.done() and not self.is_ready

    def classify(self, request: NormalisedRequest) -> Classification | None:
        """Its answer; None while it loads, which this begins, and where it cannot be loaded."""
        try:
            loading = self._begin()
            return loading.result()(request) if self.is_ready else None
        except Exception as error:
            report_bug("local_classifier_failed", error)
            return None

    async def load(self) -> None:
        """Load it, or find out that it cannot be loaded."""
        await asyncio.wait({self._begin()})

    def _begin(self) -> asyncio.Future[_Classify]:
        if self._loading is None:
            self._loading = off_loop(self._load)
            self._loading.add_done_callback(_tell)
        return self._loading

    def _load(self) -> _Classify:
        from routelab.classifier.local import LocalClassifier

        local = LocalClassifier.load()
        local.require(self._taxonomy)
        return local.classify


def _tell(loading: asyncio.Future[_Classify]) -> None:
    error = None if loading.cancelled() else loading.exception()
    if isinstance(error, RoutelabError | ImportError):
        _log.warning("local_classifier_unavailable", detail=str(error))
    elif isinstance(error, Exception):
        report_bug("local_classifier_failed", error)
