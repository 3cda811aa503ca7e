"""What the tests put into the proxy: who the callers are, and LiteLLM's own spend rows on file.

The proxy loads this file by itself; it is no part of the test process.
"""

import json
import os
from pathlib import Path

from fastapi import HTTPException
from litellm.proxy import proxy_server
from litellm.proxy._types import UserAPIKeyAuth
from litellm.proxy.db.db_spend_update_writer import DBSpendUpdateWriter
from litellm.proxy.hooks.proxy_track_cost_callback import ProxyDBLogger

SHADOW = {"tier": "frontier", "candidate_models": ["sim/atlas-large", "sim/harbor-think"]}
NOBODY = {"pool": [], "denied_models": ["sim/harbor-think"]}  # nor the hook's fallback
DENIES_ATLAS = {"denied_models": ["sim/atlas-large"]}
KEYS = {
    "sk-ann": {"user_id": "ann", "team_id": "blue"},
    "sk-bob": {"user_id": "bob"},
    "sk-oda": {"user_id": "oda", "org_id": "acme", "metadata": {"routelab_shadow": SHADOW}},
    "sk-sid": {"user_id": "sid", "metadata": {"routelab_shadow": SHADOW}},
    "sk-strict": {"user_id": "sam", "metadata": {"routelab_policy": {"pool": []}}},
    "sk-nobody": {"user_id": "nat", "metadata": {"routelab_policy": NOBODY}},
    "sk-own": {"user_id": "obi", "metadata": {"routelab_policy": NOBODY, "routelab_fallback": "sim/atlas-large@low"}},
    "sk-late": {"user_id": "ann", "team_id": "blue", "metadata": {"routelab_policy": DENIES_ATLAS}},
    "sk-few": {"user_id": "fay", "models": ["routelab/auto", "sim/cedar-mini"]},
}


async def authenticate(request, api_key):
    if api_key not in KEYS:
        raise HTTPException(401, "unknown key")
    return UserAPIKeyAuth(api_key=api_key, **KEYS[api_key])


class Writer(DBSpendUpdateWriter):
    """LiteLLM's writer, but for its last step: a row goes to a file, as one line of JSON."""

    async def _insert_spend_log_to_db(self, payload, prisma_client=None, **_):
        write(payload)
        return prisma_client


def write(row):
    with Path(os.environ["ROWS_FILE"]).open("a") as file:
        file.write(json.dumps(row, default=str) + "\n")


# With a database LiteLLM does the first by itself. Its client of the database is a program that no
# package index has, so the rows' way ends one step before.
rows = ProxyDBLogger()
proxy_server.proxy_logging_obj.db_spend_update_writer = Writer()
