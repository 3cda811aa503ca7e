"""Who may ask: keys, hosts and rates."""

import ast
import base64
from pathlib import Path

import pytest
from pydantic import SecretStr

import routelab_serve
from routelab.errors import ConfigError
from routelab.settings import Settings
from routelab_serve.auth import Keys

KEYED = Settings(decide_keys=SecretStr("old-key,new-key"), admin_keys=SecretStr("chief,deputy"))
PATHS = [("POST", "/decide"), ("GET", "/routing-table"), ("GET", "/metrics"), ("POST", "/admin/reload")]
INPUT = {"user_id": "a", "input": {"api_kind": "messages"}}


def bearer(key):
    return {} if key is None else {"authorization": f"Bearer {key}"}


@pytest.fixture
async def keyed(open_shim, make_table, publish):
    publish(make_table())
    async with open_shim(KEYED, metrics=True) as shim:
        yield shim


@pytest.mark.parametrize(
    ("key", "opens"),
    [
        ("old-key", {"/decide", "/routing-table", "/metrics"}),
        ("new-key", {"/decide", "/routing-table", "/metrics"}),
        ("chief", {"/routing-table", "/metrics", "/admin/reload"}),
        ("deputy", {"/routing-table", "/metrics", "/admin/reload"}),
        ("old-key,new-key", set()),
        ("old", set()),
        (None, set()),
    ],
)
async def test_each_key_opens_what_it_is_for(keyed, key, opens):
    opened = set()
    for method, path in PATHS:
        response = await keyed.request(method, path, json=INPUT, headers=bearer(key))
        assert response.status_code in (200, 401)
        if response.status_code == 401:
            assert response.headers["www-authenticate"] == "Bearer"
        else:
            opened.add(path)
    assert opened == opens


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
async def test_probes_need_no_key(keyed, path):
    assert (await keyed.get(path)).status_code == 200


async def test_without_administrators_nobody_administers(open_shim):
    async with open_shim() as shim:
        for key in (None, "", "anything"):
            assert (await shim.post("/admin/reload", headers=bearer(key))).status_code == 401


def test_a_variable_that_names_no_administrator_is_a_mistake():
    with pytest.raises(ConfigError, match="ROUTELAB_ADMIN_KEYS"):
        Settings(admin_keys=SecretStr(" , ")).administrators()


def test_what_stands_for_a_key_is_its_own_and_no_prefix_fits():
    keys = Keys(["one", "two"])
    one, two, *strangers = (keys.digest_of(given) for given in (b"one", b"two", b"on", b"one ", b"onetwo", b""))
    assert len({one, two}) == 2
    assert strangers == [None] * 4
    assert (Keys(["two"]) | keys).digest_of(b"one") == one


async def test_a_key_that_asks_too_often_is_told_when_to_come_back(open_shim, make_table, publish):
    publish(make_table())
    async with open_shim(KEYED, metrics=True, rate_limit={"per_second": 0.1, "burst": 2}) as shim:
        codes = [(await shim.post("/decide", json=INPUT, headers=bearer("old-key"))).status_code for _ in range(2)]
        limited = await shim.post("/decide", json=INPUT, headers=bearer("old-key"))
        other = await shim.post("/decide", json=INPUT, headers=bearer("new-key"))
        stranger = await shim.post("/decide", json=INPUT, headers=bearer("nobody"))
        metrics = (await shim.get("/metrics", headers=bearer("chief"))).text
    assert (codes, limited.status_code, other.status_code, stranger.status_code) == ([200, 200], 429, 200, 401)
    assert 0 < int(limited.headers["retry-after"]) <= 10
    assert limited.headers["content-type"] == "application/problem+json"
    assert "routelab_rate_limited_requests_total 1.0" in metrics


@pytest.mark.parametrize("key", ["old-key", None])
async def test_the_limit_holds_for_everything_together_that_a_key_opens(open_shim, make_table, publish, key):
    """Without keys everyone asks as one."""
    table = publish(make_table())
    page = {} if key is None else {"authorization": "Basic " + base64.b64encode(f"ann:{key}".encode()).decode()}
    paths = ["/routing-table", "/routing-table/history", f"/routing-table/{table.version}", "/metrics", "/"]
    limit = {"per_second": 0.01, "burst": len(paths)}
    async with open_shim(KEYED if key else None, metrics=True, page=True, rate_limit=limit) as shim:

        async def statuses():
            found = [await shim.get(path, headers=page if path == "/" else bearer(key)) for path in paths]
            return [response.status_code for response in found]

        assert await statuses() == [200] * len(paths)
        assert await statuses() == [429] * len(paths)
        assert (await shim.post("/decide", json=INPUT, headers=bearer(key))).status_code == 429
        assert (await shim.get("/health/ready")).status_code == 200
        if key is not None:
            assert (await shim.get("/metrics", headers=bearer("new-key"))).status_code == 200


async def test_an_administrators_key_is_limited_too_and_only_by_itself(open_shim):
    async with open_shim(KEYED, metrics=True, rate_limit={"per_second": 0.01, "burst": 1}) as shim:
        for key, status in (("chief", 200), ("chief", 429), ("deputy", 200), ("nobody", 401)):
            assert (await shim.post("/admin/reload", headers=bearer(key))).status_code == status
        assert (await shim.get("/metrics", headers=bearer("chief"))).status_code == 429
        assert (await shim.get("/metrics", headers=bearer("old-key"))).status_code == 200


@pytest.mark.parametrize(
    ("host", "is_served"),
    [
        ("shim.example.org", True),
        ("SHIM.example.org:8800", True),
        ("a.inside.example.org", True),
        ("a.b.inside.example.org:1", True),
        ("inside.example.org", False),
        ("evilinside.example.org", False),
        ("example.org", False),
        ("[::1]:8800", True),
        ("[::2]:8800", False),
    ],
)
async def test_only_allowed_hosts_are_served(open_shim, host, is_served):
    async with open_shim(allowed_hosts=["shim.example.org", "*.inside.example.org", "[::1]"]) as shim:
        for method, path in (("POST", "/decide"), ("GET", "/routing-table"), ("GET", "/schema/openapi.json")):
            response = await shim.request(method, path, json=INPUT, headers={"host": host})
            assert (response.status_code == 400) is not is_served, path
        assert (await shim.get("/health/live", headers={"host": host})).status_code == 200


def test_keys_are_compared_in_one_place_in_constant_time():
    """By structure: `Keys` alone compares, by `compare_digest` alone, and alone gets to see a key."""
    package = Path(routelab_serve.__file__).parent
    trees = {file.relative_to(package).as_posix(): ast.parse(file.read_text()) for file in package.rglob("*.py")}

    def users_of(name):
        return {
            file
            for file, tree in trees.items()
            for node in ast.walk(tree)
            if (isinstance(node, ast.Attribute) and node.attr == name)
            or (isinstance(node, ast.Name) and node.id == name)
        }

    assert users_of("compare_digest") == {"auth.py"}
    assert users_of("administrators") == {"wiring.py"}
    for secret in ("keys", "administrators"):
        [read] = [node for node in ast.walk(trees["wiring.py"]) if is_call(node) and name_of(node) == secret]
        [user] = [node for node in ast.walk(trees["wiring.py"]) if is_call(node) and read in node.args]
        assert user.func.id == "Keys"
    [keys] = [node for node in trees["auth.py"].body if isinstance(node, ast.ClassDef) and node.name == "Keys"]
    assert not [node for node in ast.walk(keys) if isinstance(node, ast.Compare)]
    [loop] = [node for node in ast.walk(keys) if isinstance(node, ast.For)]
    assert not [node for node in ast.walk(loop) if isinstance(node, ast.Break | ast.Continue | ast.Return)]


def is_call(node):
    return isinstance(node, ast.Call)


def name_of(call):
    return getattr(call.func, "attr", None)
