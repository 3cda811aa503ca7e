"""What the proxy can call, and where the state of an earlier response lies."""

from typing import Any

import structlog

_log = structlog.get_logger()


def is_served(model: str) -> bool:
    """Whether the proxy has this model; True where that cannot be told."""
    router = _router()
    if router is None:
        return True
    try:
        return bool(
            router.is_recognized_model(model)
            or model in router.deployment_names
            or router.default_deployment is not None
            or router.router_general_settings.pass_through_all_models
            or router.pattern_router.route(model)
        )
    except Exception:
        return True


def track_stream_usage(data: dict[str, Any], call_type: str, auth: Any) -> None:
    """Have a stream tell its usage, which its spend is reckoned from, as LiteLLM does for its own models.

    LiteLLM asked before us whether the model can, and asked that of the virtual one, which it need not
    know. What the client did not ask for is kept from it.
    """
    if data.get("_litellm_strip_stream_usage"):
        return  # LiteLLM knew the virtual model
    try:
        from litellm.proxy import common_request_processing as processing  # type: ignore[import-not-found]
        from litellm.proxy import proxy_server

        changes = processing._stream_usage_tracking_updates(
            data=data,
            general_settings=proxy_server.general_settings,
            route_type=call_type,
            supports_stream_options=lambda: processing._model_deployments_support_stream_options(
                model=data["model"], llm_router=_router(), team_id=auth.team_id
            ),
        )
    except Exception as error:
        _log.warning("routelab_stream_usage_untracked", error=type(error).__name__)
    else:
        data.update(changes)


async def model_of_response(response_id: str, auth: Any, cache: Any) -> str | None:
    """The model that gave a response of the responses API; None when this proxy cannot tell."""
    from litellm.responses.utils import ResponsesAPIRequestUtils  # type: ignore[import-not-found]

    try:
        plain = await _plain_response_id(response_id, auth, cache)
        deployment_id = ResponsesAPIRequestUtils.get_model_id_from_response_id(plain)
        deployment = _router().get_deployment(model_id=deployment_id) if deployment_id else None
    except Exception:
        # Not its owner's request, for example: LiteLLM itself refuses that right after.
        return None
    return None if deployment is None else str(deployment.model_name)


async def _plain_response_id(response_id: str, auth: Any, cache: Any) -> str:
    """The id as LiteLLM made it, before its own guard encrypted it for the user."""
    import litellm  # type: ignore[import-not-found]
    from litellm.proxy.hooks.responses_id_security import ResponsesIDSecurity  # type: ignore[import-not-found]

    asked = {"previous_response_id": response_id}
    for callback in litellm.callbacks:
        if isinstance(callback, ResponsesIDSecurity):
            await callback.async_pre_call_hook(auth, cache, asked, "aresponses")
    return asked["previous_response_id"]


def _router() -> Any:
    from litellm.proxy import proxy_server

    return proxy_server.llm_router
