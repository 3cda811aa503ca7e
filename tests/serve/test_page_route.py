"""The page for people: off by default, behind a key where there are keys."""

import base64

from pydantic import SecretStr

from routelab.settings import Settings

KEYS = Settings(decide_keys=SecretStr("gate"), admin_keys=SecretStr("chief"))


def basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"ann:{password}".encode()).decode()}


async def test_there_is_no_page_unless_it_is_wanted(open_shim):
    async with open_shim() as shim:
        assert (await shim.get("/")).status_code == 404


async def test_the_page_shows_the_live_table_and_the_last_hour(open_shim, make_table, publish, ask):
    table = publish(make_table())
    async with open_shim(page=True, decision_log={"format": "sqlite"}) as shim:
        answer = await ask(shim)
        page = await shim.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert table.version[:8] in page.text
    assert answer["decision"]["model"] in page.text


async def test_a_browser_gives_a_key_as_password(open_shim):
    async with open_shim(KEYS, page=True) as shim:
        asked = await shim.get("/")
        assert asked.status_code == 401
        assert asked.headers["www-authenticate"].startswith("Basic ")
        for password, status in (("gate", 200), ("chief", 200), ("wrong", 401), ("", 401)):
            assert (await shim.get("/", headers=basic(password))).status_code == status
        for junk in ("Basic", "Basic !", "Bearer gate", "Basic " + base64.b64encode(b"no colon").decode()):
            assert (await shim.get("/", headers={"authorization": junk})).status_code == 401
