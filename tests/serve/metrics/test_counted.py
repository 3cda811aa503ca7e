"""What a running shim counts of what it is asked."""

import re

import pytest
from pydantic import SecretStr

from routelab.settings import Settings

KEYED = Settings(decide_keys=SecretStr("old-key,new-key"), admin_keys=SecretStr("chief"))
OLD, CHIEF = ({"authorization": f"Bearer {key}"} for key in ("old-key", "chief"))
INPUT = {"user_id": "a", "input": {"api_kind": "messages"}}


async def counted(shim, name):
    """A counter's values by the value of its label."""
    text = (await shim.get("/metrics", headers=CHIEF)).text
    found = re.findall(rf'^routelab_{name}_total{{\w+="(\w+)"}} (\S+)$', text, re.MULTILINE)
    return {label: float(value) for label, value in found}


async def test_answers_are_counted_by_status(open_shim):
    async with open_shim(KEYED, metrics=True, rate_limit={"per_second": 0.01, "burst": 4}) as shim:
        assert await counted(shim, "decide_answers") == dict.fromkeys(
            ("200", "400", "401", "408", "413", "429", "499", "500"), 0
        )
        await shim.post("/decide", json=INPUT, headers=OLD)
        await shim.post("/decide/", json=INPUT, headers=OLD)
        await shim.post("/decide?explain=maybe", json=INPUT, headers=OLD)
        await shim.post("/decide", content=b"x" * 1_000_001, headers=OLD)
        for path in ("/decide", "/decide/"):
            await shim.post(path, json=INPUT, headers=OLD)
        await shim.post("/decide", json=INPUT)
        assert {status: count for status, count in (await counted(shim, "decide_answers")).items() if count} == {
            "200": 2,
            "400": 1,
            "401": 1,
            "413": 1,
            "429": 2,
        }


@pytest.mark.parametrize("shared", [False, True])
async def test_conversations_are_counted_by_where_they_were_found(
    open_shim, make_table, publish, ask, tmp_path, shared
):
    publish(make_table())
    sessions = {"store": f"sqlite:///{tmp_path / 'sessions.db'}"} if shared else {}
    async with open_shim(metrics=True, sessions=sessions) as shim:
        for session_id in ("s1", "s1", "s2", "s1"):
            await ask(shim, session_id=session_id)
        assert await counted(shim, "session_lookups") == {"here": 2, "store": 0, "nowhere": 2}
    async with open_shim(metrics=True, sessions=sessions) as shim:
        for _ in range(3):
            await ask(shim, session_id="s2")
        known = {"store": 1, "nowhere": 0} if shared else {"store": 0, "nowhere": 1}
        assert await counted(shim, "session_lookups") == {"here": 2, **known}
