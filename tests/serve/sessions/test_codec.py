"""Sessions as bytes: round trips, bounds, and junk of every sort."""

import math
import os
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from routelab.records import Candidate, Classification
from routelab_serve.sessions import Conversation, Warmed, continued
from routelab_serve.sessions.codec import BadEntry, Codec, asked_of
from routelab_serve.sessions.records import MAX_BYTES, MAX_CLASSIFICATIONS, MAX_WARMED, Session

ASKED = bytes(16)


@pytest.fixture(scope="session")
def codec(taxonomy) -> Codec:
    return Codec(taxonomy)


@pytest.fixture
def session(codec, classification, on) -> Session:
    return codec.session(1.5, on("cedar", on("atlas")), (codec.pack(ASKED, 7.9, classification),))


def test_a_session_comes_back_whole(codec, session):
    assert codec.decode(codec.encode(session)) == session
    assert codec.decode(memoryview(codec.encode(session))) == session


def test_every_classification_of_the_taxonomy_comes_back(codec, taxonomy):
    axes = [[value.id for value in axis.values] for axis in taxonomy.axes]
    for number, route in enumerate(taxonomy.routes):
        task_type, subtask_type = route.split("/")
        context, reasoning, risk, mode = (values[number % len(values)] for values in axes)
        given_ = Classification(
            task_type=task_type,
            subtask_type=subtask_type,
            context_complexity=context,
            reasoning_complexity=reasoning,
            risk_level=risk,
            execution_mode=mode,
            requires_tools=number % 2 == 0,
            confidence=None if number % 3 == 0 else number / 20,
        )
        assert codec.unpack(codec.pack(ASKED, 0, given_)) == given_


def test_a_classification_outside_the_taxonomy_is_refused(codec, classification):
    with pytest.raises(BadEntry, match="not in the taxonomy"):
        codec.pack(ASKED, 0, replace(classification, risk_level="extreme"))


@pytest.mark.parametrize("field", ["route", "context", "reasoning", "risk", "mode"])
def test_a_place_outside_the_taxonomy_is_no_classification(codec, session, field):
    packed = replace(session.classifications[0], **{field: 2**63})
    assert codec.unpack(packed) is None


def test_under_another_taxonomy_the_conversation_stays_and_its_classifications_go(codec, taxonomy, session):
    other = Codec(replace(taxonomy, task_types=taxonomy.task_types[::-1]))
    read = other.decode(codec.encode(session))
    assert (read.conversation, read.classifications) == (session.conversation, ())


def _changed(session: Session, place: int, value: Any) -> bytes:
    fields = msgspec.to_builtins(session, builtin_types=(bytes,))
    fields[place] = value
    return msgspec.msgpack.encode(fields)


WRONG = {
    "another layout": (0, 2),
    "no time": (1, None),
    "NaN": (1, math.nan),
    "no model": (2, ["", None, "a/b", []]),
    "a number as model": (2, [1, None, "a/b", []]),
    "a warmed model without time": (2, ["m", None, "a/b", [["m", None]]]),
    "too many warmed": (2, ["m", None, "a/b", [["m", None, 1]] * (MAX_WARMED + 1)]),
    "text as fingerprint": (3, "abcd"),
    "too many classifications": (4, [[ASKED, 1, 0, 0, 0, 0, 0, True, None]] * (MAX_CLASSIFICATIONS + 1)),
    "a confidence above 1": (4, [[ASKED, 1, 0, 0, 0, 0, 0, True, 1.5]]),
    "a confidence of NaN": (4, [[ASKED, 1, 0, 0, 0, 0, 0, True, math.nan]]),
    "a place below 0": (4, [[ASKED, 1, -1, 0, 0, 0, 0, True, None]]),
}


@pytest.mark.parametrize(("place", "value"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_validate_is_refused(codec, session, place, value):
    with pytest.raises(BadEntry):
        codec.decode(_changed(session, place, value))


@given(junk=st.binary(max_size=200))
def test_junk_is_refused(codec, junk):
    with pytest.raises(BadEntry):
        codec.decode(junk)


@given(data=st.data())
def test_a_damaged_session_is_refused_or_still_a_session(codec, data):
    value = bytearray(
        codec.encode(codec.session(1.0, continued(None, model="m", variant=None, route="a/b", at_s=1), ()))
    )
    at = data.draw(st.integers(0, len(value) - 1))
    value[at] = data.draw(st.integers(0, 255))
    try:
        read = codec.decode(bytes(value))
    except BadEntry:
        return
    assert codec.decode(codec.encode(read)) == read


@pytest.mark.parametrize("junk", [b"\x91" * 3000, b"\xdd\xff\xff\xff\xff", b"\x00" * (MAX_BYTES + 1)])
def test_deep_or_lying_or_large_junk_is_refused(codec, junk):
    with pytest.raises(BadEntry):
        codec.decode(junk)


def test_a_session_that_is_too_large_or_cannot_be_encoded_is_refused(codec):
    with pytest.raises(BadEntry, match="bytes"):
        codec.encode(codec.session(1.0, Conversation("m" * MAX_BYTES, None, "a/b"), ()))
    with pytest.raises(BadEntry):
        codec.encode(codec.session(1.0, Conversation("\ud800", None, "a/b"), ()))


def test_the_largest_ordinary_session_fits_the_bound(codec, classification):
    conversation = None
    for number in range(20):
        conversation = continued(conversation, model=f"{number:0100}", variant="minimal", route="x" * 100, at_s=1e9)
    packed = [codec.pack(os.urandom(16), 1e9, classification) for _ in range(MAX_CLASSIFICATIONS + 1)]
    assert len(codec.encode(codec.session(1e9, conversation, tuple(packed)))) < MAX_BYTES // 2


def test_what_was_asked_tells_content_and_classifier_apart():
    exacts, classifiers = ["00" * 16, "01" * 16], [Candidate("a"), Candidate("a", "high"), Candidate("b")]
    asked = {asked_of(exact, classifier) for exact in exacts for classifier in classifiers}
    assert len(asked) == 6
    assert {len(item) for item in asked} == {16}


pairs = st.tuples(st.sampled_from("abcdefghijkl"), st.sampled_from([None, "high"]))


@given(turns=st.lists(pairs, min_size=1, max_size=30))
def test_a_conversation_lists_what_it_warmed_newest_first_once_and_bounded(turns):
    conversation = None
    for at_s, (model, variant) in enumerate(turns):
        conversation = continued(conversation, model=model, variant=variant, route="a/b", at_s=at_s)
    assert conversation is not None
    last = {pair: at_s for at_s, pair in enumerate(turns)}
    expected = [Warmed(*pair, last[pair]) for pair in sorted(last, key=lambda pair: -last[pair])][:MAX_WARMED]
    assert list(conversation.warmed) == expected
    assert (conversation.model, conversation.variant) == turns[-1]
