"""What strangers send: nothing they can think of gives a 5xx, and nobody sees what is another's."""

import itertools
import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from pydantic import SecretStr
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from routelab.config import parse_config
from routelab.settings import Settings
from routelab.table import dump_table
from routelab_serve.app import create_app

KEYS = Settings(decide_keys=SecretStr("good-key"), admin_keys=SecretStr("chief-key"))
OPEN = {"authorization": "Bearer good-key"}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def app(root, tmp_path_factory, taxonomy):
    """A keyed shim over a table file; the local classifier classifies."""
    from routelab.table import build_table

    rows = [
        {"route": route, "model": model, "accuracy": 0.9, "avg_cost_usd": cost, "cases": 9}
        for route in taxonomy.routes
        for model, cost in (("cheap", 0.001), ("dear", 0.1))
    ]
    file = tmp_path_factory.mktemp("table") / "table.json"
    file.write_bytes(dump_table(build_table(rows, routes=taxonomy.routes, taxonomy_version=taxonomy.version)))
    serve = {"table": {"file": str(file)}, "metrics": True}
    return create_app(parse_config({"serve": serve}, root=root), KEYS)


@pytest.fixture(scope="module")
def client(app):
    with TestClient(app) as opened:
        yield opened


PATHS = [
    *(("POST", "/decide"), ("GET", "/routing-table"), ("GET", "/routing-table/history")),
    *(("GET", "/routing-table/{version}"), ("POST", "/admin/reload"), ("GET", "/metrics")),
    *(("GET", "/health"), ("GET", "/health/live"), ("GET", "/health/ready")),
]


def test_every_declared_path_is_attacked(client):
    document = client.get("/schema/openapi.json").json()
    declared = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert declared == set(PATHS)


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [*((*path, GenerationMode.POSITIVE) for path in PATHS), ("POST", "/decide", GenerationMode.NEGATIVE)],
)
def test_every_path_does_what_the_document_says(client, method, path, mode):
    """schemathesis: what fits the document and what does not, and whether answers fit it."""
    document = client.get("/schema/openapi.json").json()
    document["paths"][path][method.lower()].pop("security", None)  # the key is sent below, always the right one
    operation = schemathesis.openapi.from_dict(document)[path][method]
    key = "chief-key" if path == "/admin/reload" else "good-key"

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def attack(case):
        sent = case.as_transport_kwargs(base_url="http://testserver")
        sent.pop("cookies", None)
        sent["headers"] = {**sent["headers"], "authorization": f"Bearer {key}"}
        if "data" in sent:
            sent["content"] = sent.pop("data")
        response = client.request(**sent)
        assert response.status_code < 500
        # That `input` and `request` exclude each other cannot be read off the document.
        case.validate_response(response, excluded_checks=[positive_data_acceptance])

    attack()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_junk_is_refused(client, body):
    assert client.post("/decide", content=body, headers=OPEN).status_code == 400


fields = st.sampled_from(
    ["user_id", "session_id", "input", "request", "api_kind", "policy", "constraints", "shadow", "body_bytes"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(fields, json_values, max_size=3))
def test_a_body_with_odd_fields_is_answered_or_refused(client, changes):
    body = {"user_id": "ann", "input": {"api_kind": "messages", "user_prompt_prefix": "It crashes"}, **changes}
    response = client.post("/decide", json=body, headers=OPEN)
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        assert response.json()["detail"]


@pytest.mark.parametrize("text", ["\x00", "\ufffe", "\U0010ffff" * 300, "e\u0301" * 300, "\u202e\u200b", "\U0001f600"])
def test_odd_text_is_only_text(client, text):
    said = {"api_kind": "messages", "user_prompt_prefix": text, "requested_model": text}
    body = {"user_id": text, "session_id": text, "input": said, "policy": {"denied_models": [text]}}
    answers = [client.post("/decide", json=body, headers=OPEN) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json()["classification"]["cached"] is True


def test_a_half_of_an_emoji_is_refused_or_text(client):
    body = b'{"user_id":"a","input":{"api_kind":"messages","user_prompt_prefix":"\\ud83d"}}'
    assert client.post("/decide", content=body, headers=OPEN).status_code in (200, 400)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"1e-999", b"9" * 400])
def test_numbers_that_are_none_are_refused_or_ignored(client, number):
    body = b'{"user_id":"a","input":{"api_kind":"messages"},"constraints":{"prompt_tokens_estimate":%b}}' % number
    assert client.post("/decide", content=body, headers=OPEN).status_code in (200, 400)


users = st.text(min_size=1, max_size=12)
examples = itertools.count()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=st.tuples(users, users).filter(lambda pair: pair[0] != pair[1]), session=st.text(max_size=12))
def test_two_users_with_one_session_id_share_nothing(client, pair, session):
    """One is on the dear model; the other, of the same session id, starts anew."""
    # No other example's session: the same user may be in it, and rightly go on there.
    session = session and f"{next(examples)} {session}"

    def ask(user, **more):
        said = {"api_kind": "messages", "user_prompt_prefix": f"It crashes {pair!r} {session!r}"[:900]}
        body = {"user_id": user, "session_id": session, "input": said, **more}
        return client.post("/decide", json=body, headers=OPEN).json()

    one, other = pair
    ask(one, policy={"denied_models": ["cheap"]})
    first = ask(other)
    assert (first["decision"]["model"], first["decision"]["sticky"], first["decision"]["switch_reason"]) == (
        "cheap",
        False,
        None,
    )


def test_the_document_and_the_route_agree(client):
    """The route does not go through the framework, so what it takes is held against what is declared."""
    document = client.get("/schema/openapi.json").json()
    declared = document["paths"]["/decide"]["post"]
    assert set(declared["responses"]) == {"200", "400", "401", "408", "413", "429"}
    assert declared["security"] == [{"bearer": []}]
    assert [(one["name"], one["in"], one["required"]) for one in declared["parameters"]] == [
        ("explain", "query", False)
    ]
    body = {"user_id": "a", "input": {"api_kind": "messages"}}
    for path, status in (("/decide", 200), ("/decide/", 200), ("/decide?explain=1", 200), ("/decide?explain=2", 400)):
        assert client.post(path, json=body, headers=OPEN).status_code == status, path
    assert client.post("/decide", json=body).status_code == 401
    assert client.post("/decide/", json=body).status_code == 401
    assert client.get("/decide", headers=OPEN).status_code == 405
    assert client.options("/decide").status_code == 204
    assert "explanation" in client.post("/decide?explain=true", json=body, headers=OPEN).json()
