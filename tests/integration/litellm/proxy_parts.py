"""What the tests put into the proxy: who the callers are, and LiteLLM's own spend rows on file.

The proxy loads this file by itself; it is no part of the test process.
"""

import json
import os
from pathlib import Path

from fastapi import HTTPException
from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy._types import UserAPIKeyAuth
from litellm.proxy.spend_tracking.spend_tracking_utils import get_logging_payload

KEYS = {
    "sk-ann": {"user_id": "ann", "team_id": "blue"},
    "sk-bob": {"user_id": "bob"},
    "sk-strict": {"user_id": "sam", "metadata": {"routelab_policy": {"pool": []}}},
    "sk-few": {"user_id": "fay", "models": ["routelab/auto", "sim/cedar-mini"]},
}


async def authenticate(request, api_key):
    if api_key not in KEYS:
        raise HTTPException(401, "unknown key")
    return UserAPIKeyAuth(api_key=api_key, **KEYS[api_key])


class Rows(CustomLogger):
    """Writes the row LiteLLM would put into its table of spend logs, one JSON line each."""

    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        write(get_logging_payload(kwargs, response_obj, start_time, end_time))


def write(row):
    with Path(os.environ["ROWS_FILE"]).open("a") as file:
        file.write(json.dumps(row, default=str) + "\n")


rows = Rows()
