"""The runner: never in the way, every failure its own."""

import asyncio
import time

import pytest
from msgspec.structs import replace
from tests.unit.shadow.conftest import MODEL_IDS, Kept, question

from routelab.records import ShadowContext
from routelab.shadow import MorphRouter, ShadowAnswer, ShadowRunner


class Scripted:
    """A router that does as told; `answer` may be an exception, or a number of seconds to take."""

    def __init__(self, name="scripted", answer=None, *, skips=None):
        self.name = name
        self.skips = skips
        self.answer = answer or ShadowAnswer(status="answered", model="vendor/mid")
        self.asked = 0

    def reason_to_skip(self, question):
        return self.skips

    def fingerprint(self, question):
        return str(question.policy)

    async def ask(self, question):
        self.asked += 1
        if isinstance(self.answer, BaseException):
            raise self.answer
        if isinstance(self.answer, float):
            await asyncio.sleep(self.answer)
            return ShadowAnswer(status="answered", model="late")
        await asyncio.sleep(0)
        return self.answer


def runner_of(*routers, **changes):
    records = []
    given = {"sink": records.append, "answers": Kept()}
    return ShadowRunner(routers, **{**given, **changes}), records


async def settled(records, count):
    async with asyncio.timeout(5):
        while len(records) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert len(records) == count


async def test_the_first_question_is_pending_and_the_next_is_answered_from_memory():
    router = Scripted()
    runner, records = runner_of(router)
    assert runner.ask(question()) == "pending"
    await settled(records, 1)
    known = runner.ask(question(decision_id="d2"))
    assert known["scripted"]["model"] == "vendor/mid"
    assert router.asked == 1
    assert [(line.question.decision_id, line.cached) for line in records] == [("d1", False), ("d2", True)]


@pytest.mark.parametrize("change", [{"conversation": "x"}, {"content": "x"}, {"policy": "other"}])
async def test_another_conversation_content_or_fingerprint_asks_again(change):
    router = Scripted()
    runner, records = runner_of(router)
    runner.ask(question())
    await settled(records, 1)
    assert runner.ask(question(**change)) == "pending"
    await settled(records, 2)
    assert router.asked == 2


async def test_a_record_holds_question_and_answer():
    runner, records = runner_of(Scripted("one"), Scripted("two", ShadowAnswer(status="answered", model="vendor/big")))
    asked = question()
    runner.ask(asked)
    await settled(records, 2)
    one, two = sorted(records, key=lambda line: line.router)
    assert [line.question is asked for line in (one, two)] == [True, True]
    assert (one.answer.model, two.answer.model) == ("vendor/mid", "vendor/big")
    assert one.answer.latency_ms > 0


async def test_who_skips_is_not_asked_and_its_record_is_there_at_once():
    router = Scripted(skips="no_key")
    runner, records = runner_of(router)
    assert runner.ask(question()) is None
    assert [(line.answer.status, line.answer.reason) for line in records] == [("skipped", "no_key")]
    await asyncio.sleep(0.01)
    assert (router.asked, len(records)) == (0, 1)


async def test_who_skips_does_not_hide_what_others_say():
    runner, records = runner_of(Scripted("skips", skips="no_key"), Scripted("answers"))
    assert runner.ask(question()) == "pending"
    await settled(records, 2)
    assert list(runner.ask(question())) == ["answers"]


async def test_what_is_known_is_told_while_another_is_asked():
    runner, records = runner_of(Scripted("quick"), Scripted("slow", 60.0))
    assert runner.ask(question()) == "pending"
    await settled(records, 1)
    assert list(runner.ask(question())) == ["quick"]
    await runner.aclose()


async def test_without_a_fingerprint_each_decision_is_asked_about_and_none_is_turned_away():
    router = Scripted()
    router.fingerprint = lambda _: None
    runner, records = runner_of(router, max_under_way=1)
    for number in range(5):
        assert runner.ask(question(decision_id=str(number))) == "pending"
    await settled(records, 5)
    assert router.asked == 5
    assert {line.answer.status for line in records} == {"answered"}
    assert runner.ask(question(decision_id="again")) == "pending"
    await settled(records, 6)


async def test_only_answers_are_remembered():
    router = Scripted(answer=ShadowAnswer(status="failed", reason="x"))
    runner, records = runner_of(router)
    for count in (1, 2):
        assert runner.ask(question()) == "pending"
        await settled(records, count)
    assert router.asked == 2


async def test_every_failure_is_its_own():
    broken = [Scripted("raises", RuntimeError("with the prompt in it")), Scripted("fingers"), Scripted("skips")]
    broken[1].fingerprint = broken[2].reason_to_skip = lambda _: 1 / 0
    runner, records = runner_of(*broken, Scripted("sound"))
    assert set(runner.ask(question())) == {"fingers", "skips"}
    await settled(records, 4)
    by_router = {line.router: line.answer for line in records}
    assert (by_router["raises"].status, by_router["raises"].reason) == ("failed", "RuntimeError")
    assert by_router["fingers"].reason == by_router["skips"].reason == "ZeroDivisionError"
    assert by_router["sound"].status == "answered"


async def test_a_sink_that_raises_disturbs_nobody():
    def full(_):
        raise OSError("disk full")

    router = Scripted()
    runner, _ = runner_of(router, sink=full)
    assert runner.ask(question()) == "pending"
    await asyncio.sleep(0.02)
    assert runner.ask(question())["scripted"]["model"] == "vendor/mid"


async def test_routers_are_asked_in_parallel_and_asking_returns_at_once():
    runner, records = runner_of(*(Scripted(f"slow-{number}", 0.1) for number in range(5)))
    started = time.perf_counter()
    assert runner.ask(question()) == "pending"
    assert time.perf_counter() - started < 0.05
    await settled(records, 5)
    assert time.perf_counter() - started < 0.4


async def test_questions_at_the_same_time_share_one_call_and_have_a_record_each():
    router = Scripted(answer=0.02)
    runner, records = runner_of(router)
    for number in range(5):
        runner.ask(question(decision_id=str(number)))
    await settled(records, 5)
    assert router.asked == 1
    assert {line.question.decision_id for line in records} == set("01234")


async def test_a_router_that_hangs_holds_a_bounded_number_of_questions():
    router = Scripted(answer=60.0)
    runner, records = runner_of(router, Scripted("sound"), max_under_way=3)
    for number in range(10):
        runner.ask(question(conversation=str(number)))
    await asyncio.sleep(0.02)
    assert router.asked == 3
    assert [line.answer.reason for line in records if line.router == "scripted"] == ["busy"] * 7
    assert len([line for line in records if line.router == "sound"]) == 10
    await runner.aclose()


async def test_closing_gives_up_what_is_under_way():
    runner, records = runner_of(Scripted(answer=60.0))
    runner.ask(question())
    await asyncio.sleep(0)
    await asyncio.wait_for(runner.aclose(), 1)
    assert records == []


async def test_with_morph_a_conversation_is_told_once_and_again_when_its_candidates_change(morph):
    router = MorphRouter(morph.url, key="k", model_ids=MODEL_IDS)
    runner, records = runner_of(router)
    asked = question()
    for count in (1, 2, 3):
        runner.ask(asked)
        await settled(records, count)
    assert len(morph.bodies) == 1
    runner.ask(replace(asked, context=ShadowContext(tier="free", candidate_models=("vendor/big", "vendor/mid"))))
    await settled(records, 4)
    assert len(morph.bodies) == 2
    assert records[-1].answer.reason == "outside_allowed_models"
    await router.aclose()
