"""What the proxy can call, and where the state of an earlier response lies."""

from typing import Any


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
    from litellm.proxy import proxy_server  # type: ignore[import-not-found]

    return proxy_server.llm_router
