"""Answering: kept for a moment, off the event loop, whatever the log does."""

import asyncio
import base64
import hashlib
import re
import time
from datetime import UTC, datetime

import pytest
from tests.serve.decision_log.conftest import WRITERS, decision
from tests.serve.page.samples import ROUTES, logged, table

from routelab_serve.metrics import Metrics
from routelab_serve.page import PageRoute
from routelab_serve.tables import Live

LIVE = Live(table=table(), problem=None)


async def text_of(route):
    return (await route.answer()).body.decode()


async def test_a_page_over_a_real_log_and_metrics(tmp_path):
    writer = WRITERS["sqlite"](tmp_path / "log")
    writer.write([logged(number, datetime.now(UTC), decision=decision()) for number in range(3)])
    writer.close()
    route = PageRoute(
        lambda: LIVE, log=tmp_path / "log", metrics=Metrics(routes=ROUTES), classifier=lambda: "sorter@low"
    )
    text = await text_of(route)
    assert "<dd>3</dd><dt>answers</dt>" in text
    assert "sorter@low" in text
    assert "0 by this process since its start" in text


async def test_the_policy_lets_in_the_style_of_the_page_and_nothing_that_runs():
    answer = await PageRoute(lambda: LIVE).answer()
    style = re.search(r"<style>(.*?)</style>", answer.body.decode(), re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"


async def test_it_is_made_once_for_all_who_ask_within_five_seconds(monkeypatch):
    asked = []
    route = PageRoute(lambda: asked.append(None) or LIVE)
    answers = await asyncio.gather(*(route.answer() for _ in range(20)))
    assert len(asked) == 1
    assert all(answer is answers[0] for answer in answers)
    monkeypatch.setattr("routelab_serve.page.handler._KEPT_S", 0.0)
    route = PageRoute(lambda: asked.append(None) or LIVE)
    await route.answer()
    await route.answer()
    assert len(asked) == 3


async def test_a_log_that_hangs_holds_up_neither_the_loop_nor_the_page_for_good(tmp_path, monkeypatch):
    started = []

    def hang(path, now):
        started.append(now)
        time.sleep(1.0)

    monkeypatch.setattr("routelab_serve.page.handler.last_hour", hang)
    monkeypatch.setattr("routelab_serve.page.handler._LOG_S", 0.1)
    monkeypatch.setattr("routelab_serve.page.handler._KEPT_S", 0.0)
    route = PageRoute(lambda: LIVE, log=tmp_path)
    begun = time.monotonic()
    answering = asyncio.create_task(text_of(route))
    ticks = 0
    while not answering.done():
        await asyncio.sleep(0.005)
        ticks += 1
    assert "Reading the decision log takes longer than" in await answering
    assert LIVE.table.version in await answering
    assert ticks >= 10
    await text_of(route)
    assert time.monotonic() - begun < 0.9
    assert len(started) == 1  # the second asked the same reading


@pytest.mark.parametrize("junk", [b"", b"junk" * 5000])
async def test_a_broken_log_is_no_reason_not_to_answer(tmp_path, junk):
    (tmp_path / f"log-{datetime.now(UTC).date()}.v1.sqlite").write_bytes(junk)
    assert "The decision log holds none." in await text_of(PageRoute(lambda: LIVE, log=tmp_path))
    (tmp_path / f"log-{datetime.now(UTC).date()}.v9.sqlite").touch()
    assert "The decision log cannot be read" in await text_of(PageRoute(lambda: LIVE, log=tmp_path))
