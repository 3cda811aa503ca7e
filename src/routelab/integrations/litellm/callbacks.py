"""The callbacks that LiteLLM's proxy calls."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from fastapi import HTTPException  # type: ignore[import-not-found]
from litellm.integrations.custom_logger import CustomLogger  # type: ignore[import-not-found]

from routelab.client import Chosen, DecideAnswer, DecideClient, Fallback, denies
from routelab.integrations.litellm import requests
from routelab.integrations.litellm.deployments import is_served, model_of_response, track_stream_usage
from routelab.integrations.litellm.efforts import apply
from routelab.integrations.litellm.settings import GatewaySettings
from routelab.integrations.litellm.shadow import shadow_context
from routelab.integrations.litellm.spend import log_overhead
from routelab.records.requests import ApiKind

_NOTE = "routelab"
_log = structlog.get_logger()


class RoutelabHook(CustomLogger):  # type: ignore[misc]
    """Resolves virtual models before a call, tells of it in response headers, and bills the overhead.

    A request for a virtual model is always served: without a usable decision by the fallback, which a
    key or its team may name itself. Only where their policy denies that one too is it refused; the
    policy's pool, a view of the table, does not bind the fallback.
    """

    def __init__(self, settings: GatewaySettings) -> None:
        super().__init__()
        self._settings = settings
        self._virtual = frozenset(settings.virtual_models)
        self._fallback = settings.fallback_candidate
        self._client = DecideClient(
            settings.shim_url,
            fallback=self._fallback,
            key=settings.shim_key.get_secret_value() if settings.shim_key else None,
            timeout_s=settings.timeout_s,
        )
        self._rows: set[asyncio.Task[None]] = set()

    async def async_pre_call_hook(
        self,
        user_api_key_dict: Any,
        cache: Any,
        data: dict[str, Any],
        call_type: str,
    ) -> dict[str, Any] | None:
        """Put a real model in the place of a virtual one."""
        metadata = requests.metadata_of(data)
        if metadata is not None:
            metadata.pop(_NOTE, None)  # a client cannot write our headers
        api_kind = requests.API_KINDS.get(call_type)
        if api_kind is None or data.get("model") not in self._virtual:
            return None
        fallback = self._fallback_of(user_api_key_dict)
        try:
            bound_to = await self._bound_to(data, user_api_key_dict, cache)
            if bound_to is not None:
                data["model"] = bound_to
                note = _printable({"model": bound_to, "kept": "previous_response"})
            else:
                note = await self._resolve(user_api_key_dict, data, api_kind, fallback)
        except HTTPException:
            raise
        except Exception as error:
            _log.error("routelab_hook_failed", error=type(error).__name__)
            chosen = _allowed(fallback)
            apply(data, api_kind, model=chosen.model, variant=chosen.variant)
            note = _note(chosen, reason="internal_error")
        track_stream_usage(data, call_type, user_api_key_dict)
        if metadata is not None:
            metadata[_NOTE] = note
        return data

    async def async_post_call_response_headers_hook(
        self,
        data: dict[str, Any],
        user_api_key_dict: Any,  # noqa: ARG002
        response: Any,  # noqa: ARG002
        request_headers: dict[str, str] | None = None,  # noqa: ARG002
    ) -> dict[str, str] | None:
        """Which decision served this request, and what deciding cost."""
        note = (requests.metadata_of(data) or {}).get(_NOTE)
        return {f"x-routelab-{name}": value for name, value in note.items()} if isinstance(note, dict) else None

    async def async_filter_listed_models(self, user_api_key_dict: Any, model_names: Sequence[str]) -> Sequence[str]:  # noqa: ARG002
        """The models that `/models` shows."""
        return model_names if self._settings.listed else [name for name in model_names if name not in self._virtual]

    async def _bound_to(self, data: dict[str, Any], auth: Any, cache: Any) -> str | None:
        """The model whose provider holds the state that a request continues; None when none does."""
        response_id = data.get("previous_response_id")
        if not isinstance(response_id, str):
            return None
        model = await model_of_response(response_id, auth, cache)
        if model is None or model in self._virtual:
            return None
        if denies(requests.policy(auth), model):
            raise _refused(
                f"the key's policy denies {model}, where the state of the previous response lies: "
                "begin a new conversation, or take the model out of `denied_models` of `routelab_policy`"
            )
        return model

    def _fallback_of(self, auth: Any) -> Fallback:
        """Who serves the key of `auth` without a decision."""
        own = requests.fallback(auth)
        if own is not None and own.model in self._virtual:
            _log.warning("routelab_fallback_is_virtual", model=own.model)
            own = None
        return Fallback.under(requests.policy(auth), own or self._fallback)

    async def _resolve(self, auth: Any, data: dict[str, Any], api_kind: ApiKind, fallback: Fallback) -> dict[str, str]:
        session_id = requests.session_id(data)
        started = datetime.now()  # noqa: DTZ005
        answer = await self._client.decide(
            user_id=requests.user_id(auth),
            request=requests.body_of(data),
            api_kind=api_kind,
            session_id=session_id,
            client_request_id=data.get("litellm_call_id"),
            policy=requests.policy(auth),
            constraints=requests.constraints(data),
            shadow=shadow_context(auth, self._settings, fallback.candidate),
            fallback=fallback.candidate,
        )
        self._bill(auth, answer, virtual_model=data["model"], session_id=session_id, started=started)
        reason = self._unusable(answer)
        chosen = answer.chosen if reason is None and answer.chosen is not None else _allowed(fallback)
        if chosen.is_fallback:
            _log.warning("routelab_fell_back", reason=reason, detail=answer.detail, model=chosen.model)
        apply(data, api_kind, model=chosen.model, variant=chosen.variant)
        return _note(chosen, reason=reason, answer=answer)

    def _unusable(self, answer: DecideAnswer) -> str | None:
        """In one word why what was decided cannot be called; None: it can."""
        if answer.decision is None:
            return answer.reason
        if answer.decision.model in self._virtual:
            return "virtual_model"
        if not is_served(answer.decision.model):
            return "model_not_served"
        return None

    def _bill(
        self, auth: Any, answer: DecideAnswer, *, virtual_model: str, session_id: str | None, started: datetime
    ) -> None:
        """Write a row beside the request, unless the shim says 0 or said nothing."""
        if answer.cost_usd == 0 or answer.decision_id is None:
            return
        if answer.cost_usd is None:
            _log.warning("routelab_cost_unknown", decision_id=answer.decision_id)
        row = asyncio.create_task(
            log_overhead(
                auth,
                virtual_model=virtual_model,
                cost_usd=answer.cost_usd,
                decision_id=answer.decision_id,
                session_id=session_id,
                started=started,
            )
        )
        self._rows.add(row)
        row.add_done_callback(self._billed)

    def _billed(self, row: asyncio.Task[None]) -> None:
        self._rows.discard(row)
        if not row.cancelled() and row.exception() is not None:
            _log.error("routelab_row_lost", error=type(row.exception()).__name__)


def _allowed(fallback: Fallback) -> Chosen:
    """The fallback; raises the answer 403 where the key's policy denies it."""
    if fallback.chosen is not None:
        return fallback.chosen
    model = fallback.candidate.model
    _log.warning("routelab_fallback_denied", model=model)
    raise _refused(
        f"there is no decision, and the key's policy denies the fallback {model}: "
        "set `routelab_fallback` in the metadata of the key or its team to a model that it allows"
    )


def _refused(why: str) -> HTTPException:
    return HTTPException(status_code=403, detail=why)


def _note(chosen: Chosen, *, reason: str | None, answer: DecideAnswer | None = None) -> dict[str, str]:
    """The headers' names and values, without what is not known."""
    given = {
        "model": chosen.model if chosen.variant is None else f"{chosen.model}@{chosen.variant}",
        "fallback": reason,
        "decision-id": answer.decision_id if answer else None,
        "overhead-cost-usd": f"{answer.cost_usd:.10g}" if answer and answer.cost_usd is not None else None,
        "overhead-ms": f"{answer.latency_ms:.1f}" if answer else None,
    }
    return _printable(given)


def _printable(given: dict[str, str | None]) -> dict[str, str]:
    """Values that an HTTP header can carry, whatever the shim said."""
    return {
        name: "".join(sign for sign in value if " " <= sign <= "~")[:200]
        for name, value in given.items()
        if value is not None
    }
