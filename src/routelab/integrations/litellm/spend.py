"""The classifier's cost as a spend row of its own."""

import uuid
from datetime import datetime
from typing import Any

from litellm.litellm_core_utils.litellm_logging import Logging  # type: ignore[import-not-found]
from litellm.proxy.litellm_pre_call_utils import LiteLLMProxyRequestSetup  # type: ignore[import-not-found]
from litellm.types.utils import ModelResponse, Usage  # type: ignore[import-not-found]

_TAG = "routelab-overhead"
_UNKNOWN_TAG = "routelab-cost-unknown"


async def log_overhead(
    auth: Any,
    *,
    virtual_model: str,
    cost_usd: float | None,
    decision_id: str,
    session_id: str | None,
    started: datetime,
) -> None:
    """Log one finished call of `virtual_model` for the user of `auth`, priced at `cost_usd`.

    It takes LiteLLM's own way of a finished call, so that every spend counter, budget and callback
    sees it. The row's id is the decision's. LiteLLM drops a call of unknown cost, so None becomes a
    row of 0 with the tag `routelab-cost-unknown` beside `routelab-overhead`, which all have.
    """
    # The reservation belongs to the user's request, which settles it.
    owner = auth.model_copy(update={"budget_reservation": None})
    named = LiteLLMProxyRequestSetup.add_user_api_key_auth_to_request_metadata(
        data={"metadata": {}}, user_api_key_dict=owner, _metadata_variable_name="metadata"
    )
    tags = [_TAG] if cost_usd is not None else [_TAG, _UNKNOWN_TAG]
    metadata = {**named["metadata"], "model_group": virtual_model, "tags": tags}
    call = Logging(
        model=virtual_model,
        messages=[],
        stream=False,
        call_type="acompletion",
        start_time=started,
        litellm_call_id=str(uuid.uuid4()),
        function_id="",
        litellm_trace_id=session_id,
    )
    call.update_environment_variables(
        model=virtual_model,
        user=auth.end_user_id,
        optional_params={},
        litellm_params={"metadata": metadata, "acompletion": True, "litellm_session_id": session_id},
        custom_llm_provider="routelab",
    )
    response = ModelResponse(id=f"routelab-{decision_id}", model=virtual_model, choices=[], usage=Usage())
    response._hidden_params = {"response_cost": cost_usd or 0.0}
    await call.async_success_handler(response, start_time=started, end_time=datetime.now())  # noqa: DTZ005
