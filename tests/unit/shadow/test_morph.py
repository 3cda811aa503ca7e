"""What leaves for Morph, what comes back, and what never leaves."""

import time

import pytest
from msgspec.structs import replace
from tests.unit.shadow.conftest import MODEL_IDS, question

from routelab.records import NormalisedRequest
from routelab.shadow import MorphRouter

CONTEXT = question().context


@pytest.fixture
async def router(morph):
    router = MorphRouter(morph.url + "/", key="morph-key", model_ids=MODEL_IDS, experiments={"vendor/secret"})
    yield router
    await router.aclose()


def asking(**prompts):
    return question(request=NormalisedRequest(api_kind="messages", **prompts))


async def test_a_pick_comes_back_in_our_words(router, morph):
    morph.says = {"model": "small-1", "provider": "v", "difficulty": "easy", "confidence": 0.9, "domain": "coding"}
    answer = await router.ask(question())
    assert (answer.status, answer.model, answer.variant) == ("answered", "vendor/small", None)
    assert (answer.difficulty, answer.confidence, answer.domain) == ("easy", 0.9, "coding")
    assert morph.bodies == [
        {
            "input": "the latest prompt",
            "allowed_models": ["big-1", "small-1"],
            "policy": "balanced",
            "default_model": "big-1",
        }
    ]
    assert morph.received.startswith(b"POST /v1/router/multimodel HTTP/1.1\r\n")
    assert b"Bearer morph-key" in morph.received


async def test_of_a_request_only_a_prefix_of_one_prompt_leaves(router, morph):
    long = "x" * 990 + "éé" + "y" * 2000
    asked = question(
        decision_id="marker-decision",
        conversation="marker-conversation",
        content="marker-content",
        route="marker/route",
        request=NormalisedRequest(
            api_kind="messages",
            requested_model="marker-requested",
            system_prompt_prefix="marker-system",
            user_prompt_prefix="marker-first",
            latest_user_prompt_prefix=long,
            message_count=3,
            has_tools=True,
            provider_hints={"marker-hint": "marker-value"},
        ),
        context=replace(CONTEXT, candidate_models=("vendor/big", "marker-unmapped", "vendor/small")),
    )
    await router.ask(asked)
    (body,) = morph.bodies
    assert set(body) == {"input", "allowed_models", "policy", "default_model"}
    assert body["input"] == long[:1000]
    assert b"marker" not in morph.received
    assert b"y" * 9 not in morph.received
    head, _, _ = morph.received.partition(b"\r\n\r\n")
    names = {line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:]}
    assert names == {
        b"host", b"accept", b"accept-encoding", b"connection", b"user-agent", b"content-length", b"content-type",
        b"authorization",
    }  # fmt: skip


@pytest.mark.parametrize("latest", [None, "", " \n"])
async def test_without_a_latest_prompt_the_first_is_asked_about(router, morph, latest):
    await router.ask(asking(user_prompt_prefix="the first", latest_user_prompt_prefix=latest))
    assert morph.bodies[0]["input"] == "the first"


@pytest.mark.parametrize(
    ("tier", "policy"),
    [
        ("frontier", "capability_heavy"),
        ("balanced", "balanced"),
        ("small", "cost_efficient"),
        ("free", "cost_efficient"),
    ],
)
async def test_the_tier_says_the_policy(router, morph, tier, policy):
    await router.ask(question(context=replace(CONTEXT, tier=tier)))
    assert morph.bodies[0]["policy"] == policy


@pytest.mark.parametrize("resolved", [None, "vendor/unmapped", "vendor/mid"])
async def test_a_static_pick_outside_the_candidates_leaves_the_default_to_the_first(router, morph, resolved):
    await router.ask(question(context=replace(CONTEXT, resolved_model=resolved)))
    assert morph.bodies[0]["default_model"] == "big-1"


async def test_of_two_models_with_one_id_the_first_takes_part(router, morph):
    context = replace(CONTEXT, candidate_models=("vendor/twin", "vendor/big", "vendor/small"))
    answer = await router.ask(question(context=context))
    assert morph.bodies[0]["allowed_models"] == ["small-1", "big-1"]
    assert answer.model == "vendor/twin"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (question(context=None), "no_context"),
        (question(context=replace(CONTEXT, tier="gold")), "unknown_tier"),
        (question(context=replace(CONTEXT, tier=None)), "unknown_tier"),
        (question(context=replace(CONTEXT, candidate_models=None)), "too_few_candidates"),
        (question(context=replace(CONTEXT, candidate_models=("vendor/big", "unmapped"))), "too_few_candidates"),
        (question(context=replace(CONTEXT, candidate_models=("vendor/small", "vendor/twin"))), "too_few_candidates"),
        (question(context=replace(CONTEXT, resolved_model="vendor/secret")), "experiment"),
        (
            question(context=replace(CONTEXT, candidate_models=("vendor/big", "vendor/small", "vendor/secret"))),
            "experiment",
        ),
        (asking(), "no_prompt"),
        (asking(user_prompt_prefix=" \n", latest_user_prompt_prefix="\t"), "no_prompt"),
        (asking(system_prompt_prefix="only this"), "no_prompt"),
    ],
)
async def test_what_is_skipped_leaves_no_byte(router, morph, asked, reason):
    assert router.reason_to_skip(asked) == reason
    with pytest.raises(ValueError, match=reason):
        await router.ask(asked)
    assert morph.received == b""


@pytest.mark.parametrize("name", ["vendor/secret", "vendor/secret@high", "vendor/secret@a@b", " Vendor/Secret@high"])
async def test_no_variant_hides_an_experiment(router, morph, name):
    for context in (
        replace(CONTEXT, resolved_model=name),
        replace(CONTEXT, candidate_models=(*CONTEXT.candidate_models, name)),
    ):
        assert router.reason_to_skip(question(context=context)) == "experiment"


@pytest.mark.parametrize("name", ["vendor/secret-2", "other/vendor/secret", "@vendor/secret"])
async def test_another_model_is_no_experiment(router, name):
    assert router.reason_to_skip(question(context=replace(CONTEXT, resolved_model=name))) is None


@pytest.mark.parametrize("key", [None, "", " \n"])
async def test_a_missing_key_is_a_reason_to_skip(morph, key):
    router = MorphRouter(morph.url, key=key, model_ids=MODEL_IDS)
    assert router.reason_to_skip(question()) == "no_key"
    with pytest.raises(ValueError, match="no_key"):
        await router.ask(question())
    assert morph.received == b""
    await router.aclose()


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ({"model": "mid-1"}, 200, "outside_allowed_models"),
        ({"model": "vendor/small"}, 200, "outside_allowed_models"),
        ({"model": ""}, 200, "outside_allowed_models"),
        ({"model": None}, 200, "bad_answer"),
        ({"model": "small-1", "confidence": 7}, 200, "bad_answer"),
        ([], 200, "bad_answer"),
        (b"<html>", 200, "bad_answer"),
        (b"[" * 100_000, 200, "bad_answer"),
        ({"error": "no"}, 401, "http_401"),
        ({"model": "small-1"}, 500, "http_500"),
    ],
)
async def test_an_answer_that_is_none_is_a_failure(router, morph, said, status, reason):
    morph.says, morph.status = said, status
    answer = await router.ask(question())
    assert (answer.status, answer.model, answer.reason) == ("failed", None, reason)


async def test_a_late_answer_is_a_failure(morph):
    morph.delay_s = 5
    router = MorphRouter(morph.url, key="k", model_ids=MODEL_IDS, timeout_s=0.1)
    started = time.perf_counter()
    answer = await router.ask(question())
    assert (answer.status, answer.reason) == ("failed", "timeout")
    assert time.perf_counter() - started < 1
    await router.aclose()


async def test_a_router_that_is_away_is_a_failure():
    router = MorphRouter("http://127.0.0.1:1", key="k", model_ids=MODEL_IDS)
    assert (await router.ask(question())).reason == "unreachable"
    await router.aclose()


def test_the_fingerprint_is_of_policy_and_candidates_alone():
    router = MorphRouter("http://unused", key="k", model_ids=MODEL_IDS)

    def of(**changes):
        return router.fingerprint(question(context=replace(CONTEXT, **changes)))

    assert of(candidate_models=("vendor/small", "vendor/big", "unmapped"), resolved_model=None) == of()
    assert of(tier="free") == of(tier="small")
    assert len({of(), of(tier="frontier"), of(tier=None), of(candidate_models=("vendor/big", "vendor/mid"))}) == 4
