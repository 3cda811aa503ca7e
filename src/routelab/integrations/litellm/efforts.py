"""Writing the chosen candidate into a request."""

from typing import Any

from routelab.records.requests import ApiKind

_ALLOWED = "allowed_openai_params"


def apply(data: dict[str, Any], api_kind: ApiKind, *, model: str, variant: str | None) -> None:
    """Let `model` serve, under exactly the reasoning effort it was measured with.

    What a client said of reasoning was said to a virtual model: without a variant it is taken out.
    """
    data["model"] = model
    _forget(data)
    if variant is None:
        return
    if api_kind == "responses":
        data["reasoning"] = {**(data.get("reasoning") or {}), "effort": variant}
        return
    data["reasoning_effort"] = variant
    # LiteLLM refuses the parameter for models it does not know; this one was measured with it.
    data[_ALLOWED] = [*(data.get(_ALLOWED) or []), "reasoning_effort"]


def _forget(data: dict[str, Any]) -> None:
    for name in ("reasoning_effort", "thinking"):
        data.pop(name, None)
    for name in ("reasoning", "output_config"):
        said = data.get(name)
        if isinstance(said, dict):
            rest = {key: value for key, value in said.items() if key != "effort"}
            data[name] = rest
            if not rest:
                del data[name]
