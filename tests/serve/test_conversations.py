"""What a conversation sees: new, sticky, switched; and whose it is."""

import asyncio
import re

DENY_CHEAP = {"denied_models": ["cheap"]}


async def test_a_new_conversation_gets_the_best_of_its_route(shim, ask):
    answer = await ask(shim)
    assert answer["decision"] == {
        "model": "cheap",
        "variant": None,
        "route": "debugging/bug_fixing",
        "source": "benchmark",
        "table_version": answer["decision"]["table_version"],
        "sticky": False,
        "switch_reason": None,
        "evidence": "proven",
        "accuracy": 0.9,
        "accuracy_low": 0.8,
        "avg_cost_usd": 0.001,
    }
    assert answer["reason"] is None
    assert answer["shadow"] is None
    assert re.fullmatch("[0-9a-f]{32}", answer["decision_id"])
    assert "explanation" not in answer


async def test_a_conversation_stays_on_its_model_while_the_fresh_pick_is_not_much_cheaper(shim, ask):
    first = await ask(shim, policy=DENY_CHEAP)
    second = await ask(shim)
    assert (first["decision"]["model"], first["decision"]["sticky"]) == ("middle", False)
    assert (second["decision"]["model"], second["decision"]["sticky"]) == ("middle", True)
    assert first["decision_id"] != second["decision_id"]


async def test_a_conversation_whose_model_is_denied_switches(shim, ask):
    await ask(shim)
    answer = await ask(shim, policy=DENY_CHEAP)
    assert answer["decision"]["model"] == "middle"
    assert answer["decision"]["switch_reason"] == "unavailable"


async def test_a_conversation_leaves_a_model_that_costs_far_more(shim, ask):
    await ask(shim, policy={"routing_mode": "best_accuracy"})
    answer = await ask(shim)
    assert answer["decision"]["model"] == "cheap"
    assert answer["decision"]["switch_reason"] == "cost"


async def test_users_with_the_same_session_id_share_nothing(shim, ask, endpoint):
    await ask(shim, policy=DENY_CHEAP)
    other = await ask(shim, user_id="bob")
    assert (other["decision"]["model"], other["decision"]["switch_reason"]) == ("cheap", None)
    assert other["classification"]["cached"] is False
    assert len(endpoint.calls) == 2


async def test_sessions_of_a_user_share_nothing(shim, ask):
    await ask(shim, policy=DENY_CHEAP)
    other = await ask(shim, session_id="s2")
    assert other["decision"]["sticky"] is False


async def test_without_ids_the_content_tells_conversations_apart(shim, ask):
    here = {"session_id": None, "machine_id": None}
    await ask(shim, **here, policy=DENY_CHEAP)
    same = await ask(shim, **here)
    other = await ask(shim, **here, input={"api_kind": "messages", "user_prompt_prefix": "Another thing"})
    assert (same["decision"]["sticky"], other["decision"]["sticky"]) == (True, False)


async def test_a_raw_body_is_normalised_and_continues_the_conversation(shim, ask, endpoint):
    body = {"model": "auto", "messages": [{"role": "user", "content": "It crashes on start"}]}
    await ask(shim, policy=DENY_CHEAP)
    answer = await ask(shim, input=None, request=body, api_kind="messages")
    assert answer["decision"]["sticky"] is True
    assert answer["classification"]["cached"] is True


async def test_at_the_bound_the_oldest_conversation_is_forgotten(open_shim, make_table, publish, ask):
    publish(make_table())
    async with open_shim(max_conversations=2) as shim:
        for session in ("s1", "s2", "s3"):
            await ask(shim, session_id=session, policy=DENY_CHEAP)
        assert (await ask(shim, session_id="s3"))["decision"]["sticky"] is True
        assert (await ask(shim, session_id="s1"))["decision"]["sticky"] is False


async def test_nobody_allowed_is_no_decision_and_changes_nothing(shim, ask):
    await ask(shim, policy=DENY_CHEAP)
    nobody = await ask(shim, policy={"pool": []})
    assert (nobody["decision"], nobody["reason"]) == (None, "no_candidate")
    assert (await ask(shim))["decision"]["model"] == "middle"


async def test_a_modality_nobody_is_known_to_support_is_no_decision(shim, ask):
    answer = await ask(shim, constraints={"input_modalities": ["image"], "prompt_tokens_estimate": None})
    assert answer["reason"] == "no_candidate"


async def test_a_route_the_table_does_not_rank_is_no_decision(open_shim, make_table, publish, ask):
    publish(make_table(routes=["planning_design/system_design"]))
    async with open_shim() as shim:
        answer = await ask(shim)
    assert (answer["decision"], answer["reason"]) == (None, "unknown_route")
    assert answer["classification"]["task_type"] == "debugging"


async def test_explain_lists_every_candidate_and_why_it_lost(shim):
    asked = {
        "user_id": "ann",
        "input": {"api_kind": "messages"},
        "policy": {**DENY_CHEAP, "pool": [{"model": "cheap", "variant": None}, {"model": "middle"}]},
    }
    response = await shim.post("/decide?explain=true", json=asked)
    considered = {item["model"]: item["verdict"] for item in response.json()["explanation"]}
    assert considered == {"cheap": "denied", "middle": "chosen", "dear": "outside_pool"}


async def test_a_session_store_lets_another_replica_go_on(open_shim, make_table, publish, ask, endpoint, tmp_path):
    publish(make_table())
    store = {"store": f"sqlite:///{tmp_path / 'sessions.db'}"}
    async with open_shim(sessions=store) as one, open_shim(sessions=store) as other:
        await ask(one, policy=DENY_CHEAP)
        await asyncio.sleep(0.3)
        answer = await ask(other)
    assert (answer["decision"]["model"], answer["decision"]["sticky"]) == ("middle", True)
    assert answer["classification"]["cached"] is True
    assert len(endpoint.calls) == 1


async def test_what_one_busy_replica_paid_for_another_does_not_pay_again(
    open_shim, make_table, publish, ask, endpoint, tmp_path
):
    publish(make_table())
    store = {"store": f"sqlite:///{tmp_path / 'sessions.db'}"}
    new = {"api_kind": "messages", "user_prompt_prefix": "It crashes", "latest_user_prompt_prefix": "Again"}
    async with open_shim(sessions=store) as one, open_shim(sessions=store) as other:
        await ask(one)
        await asyncio.sleep(0.3)
        await ask(other)  # both know and trust the conversation now
        await ask(one, input=new, policy=DENY_CHEAP)
        await asyncio.sleep(0.3)
        answer = await ask(other, input=new)
    assert (answer["decision"]["model"], answer["decision"]["sticky"]) == ("middle", True)
    assert (answer["classification"]["cached"], answer["cost_usd"]) == (True, 0)
    assert len(endpoint.calls) == 2
