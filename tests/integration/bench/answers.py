"""Picking calls and answers in tests of whole runs."""

import json
from dataclasses import replace
from typing import Any

from tests.integration.loopback import SIMULATED, Call, Reply

from routelab.records import Attempt
from routelab.store import Store

ONE: dict[str, Any] = {"candidates": ["sim/sure"]}
"""A section that measures one candidate only."""


def about(call: Call, text: str) -> bool:
    return text in json.dumps(call.body["messages"])


def only(store: Store, run_id: str, case_id: str) -> list[Attempt]:
    return [item for item in store.results.attempts(run_id) if item.case_id == case_id]


def simulated(reply: Reply) -> Reply:
    return replace(reply, headers={**reply.headers, **SIMULATED})
