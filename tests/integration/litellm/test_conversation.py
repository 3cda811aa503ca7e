"""A conversation of several turns through everything, with the shim killed in the middle of it."""

import pytest
from tests.integration.litellm.conftest import BUG, VIRTUAL, routelab_headers

FIX = {"role": "user", "content": BUG}
SESSION = {"x-litellm-session-id": "conversation-1"}


def test_a_conversation_goes_on_while_the_shim_is_away(stack):
    import openai  # only where LiteLLM is

    client = openai.OpenAI(base_url=f"{stack.url}/v1", api_key="sk-ann", max_retries=0, timeout=60)
    stack.rows()
    calls_before = len(stack.served())
    print(f"\n\nOne conversation with {VIRTUAL}: OpenAI client, LiteLLM proxy, hook, shim, simulated endpoint")

    def turn(title, **changes):
        given = {"model": VIRTUAL, "messages": [FIX], "extra_headers": SESSION, **changes}
        response = client.chat.completions.with_raw_response.create(**given)
        headers, said = routelab_headers(response), response.parse()
        text = said.choices[0].message.content if not given.get("stream") else "".join(
            chunk.choices[0].delta.content or "" for chunk in said if chunk.choices
        )  # fmt: skip
        told = "  ".join(f"x-routelab-{name}: {value}" for name, value in headers.items() if name != "model")
        print(f"\n  {title}\n    {response.http_response.status_code} from {headers['model']}: {text}\n    {told}")
        assert text
        return headers

    first = turn("1 a new conversation; the client's own effort is meant for no model", reasoning_effort="high")
    again = turn("2 the same request again")
    stack.shim.kill()
    alone = turn("3 the shim is killed")
    streamed = turn("4 still away, streaming", stream=True)
    stack.shim.start()
    back = turn("5 the shim is back", messages=[FIX, {"role": "assistant", "content": "Done."}, FIX])

    assert [headers["model"] for headers in (first, again, back)] == ["sim/cedar-mini"] * 3
    assert [headers["model"] for headers in (alone, streamed)] == ["sim/harbor-think@low"] * 2
    assert [headers.get("fallback") for headers in (first, again, alone, streamed, back)] == [
        None, None, "unreachable", "unreachable", None,
    ]  # fmt: skip
    assert float(first["overhead-cost-usd"]) > 0
    assert float(again["overhead-cost-usd"]) == 0
    assert len({headers["decision-id"] for headers in (first, again, back)}) == 3
    assert "decision-id" not in alone

    upstream = stack.served()[calls_before:]
    assert [(body["model"], body.get("reasoning_effort")) for _, body in upstream] == [
        ("sim/cedar-mini", None),
        ("sim/cedar-mini", None),
        ("sim/harbor-think", "low"),
        ("sim/harbor-think", "low"),
        ("sim/cedar-mini", None),
    ]

    rows = stack.rows()
    overhead = [row for row in rows if row["model_group"] == VIRTUAL]
    print("\n  LiteLLM's spend rows: USD, model, user, team, request")
    for row in rows:
        print(f"    {row['spend']:.8f}  {row['model']:<24}  {row['user']}  {row['team_id']}  {row['request_id']}")
    assert {(row["user"], row["team_id"]) for row in rows} == {("ann", "blue")}
    assert [row["spend"] > 0 for row in rows] == [True] * 7
    assert len(overhead) == 2
    assert [(row["request_id"], row["spend"]) for row in overhead] == [
        (f"routelab-{headers['decision-id']}", pytest.approx(float(headers["overhead-cost-usd"])))
        for headers in (first, back)
    ]
    assert {row["model"] for row in overhead} == {VIRTUAL}
    assert "Traceback" not in stack.proxy.log()
