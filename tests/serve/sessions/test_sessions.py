"""What the decider sees of sessions in one process, and how stores are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.decision import conversation_key
from routelab.errors import ConfigError
from routelab.records import Candidate, Classification
from routelab_serve.sessions import Conversation, Sessions, Warmed, continued, open_session_store
from routelab_serve.sessions.records import MAX_CLASSIFICATIONS, MAX_WARMED

TINY, SMALL = Candidate("tiny"), Candidate("tiny", "high")


@pytest.fixture
def memory(taxonomy, clock) -> Sessions:
    return Sessions(taxonomy, max_conversations=100, clock=clock)


def test_a_conversation_is_remembered_without_waiting(memory, new_key, on):
    key, other = new_key(), new_key()
    assert memory.peek(key).conversation is None
    memory.remember(key, on("atlas"))
    memory.remember(key, on("cedar", memory.peek(key).conversation))
    assert memory.peek(key).conversation.model == "cedar"
    assert [warm.model for warm in memory.peek(key).conversation.warmed] == ["cedar", "atlas"]
    assert memory.peek(other).conversation is None


async def test_loading_says_the_same_as_looking(memory, new_key, on):
    key = new_key()
    assert await memory.load(key) == memory.peek(key)
    memory.remember(key, on("atlas"))
    assert await memory.load(key) == memory.peek(key)


def test_a_conversation_is_forgotten_half_an_hour_after_it_was_last_told(memory, clock, new_key, on, classification):
    key = new_key()
    memory.remember(key, on("atlas"))
    clock.now += 1000
    memory.remember(key, on("cedar"))
    clock.now += 1799
    assert memory.peek(key).conversation.model == "cedar"
    clock.now += 1
    assert memory.peek(key).conversation is None
    memory.keep_classification(key, new_key(), TINY, classification)
    assert memory.peek(key).conversation is None


def test_users_with_equal_session_ids_share_nothing(memory, on):
    ann, bob = (conversation_key(user_id=user, session_id="s1") for user in ("ann", "bob"))
    memory.remember(ann, on("atlas"))
    assert memory.peek(bob).conversation is None


def test_a_classification_is_found_by_content_and_classifier(memory, new_key, classification):
    key, exact = new_key(), new_key()
    memory.keep_classification(key, exact, TINY, classification)
    session = memory.peek(key)
    assert memory.classification(session, exact, TINY) == classification
    assert memory.classification(session, exact, SMALL) is None
    assert memory.classification(session, new_key(), TINY) is None
    assert memory.classification(memory.peek(new_key()), exact, TINY) is None


def test_a_classification_is_kept_half_an_hour_however_long_the_conversation_goes_on(
    memory, clock, new_key, on, classification
):
    key, exact = new_key(), new_key()
    memory.keep_classification(key, exact, TINY, classification)
    clock.now += 1799
    memory.remember(key, on("atlas"))
    assert memory.classification(memory.peek(key), exact, TINY) == classification
    clock.now += 1
    assert memory.classification(memory.peek(key), exact, TINY) is None
    assert memory.peek(key).conversation.model == "atlas"


def test_of_many_classifications_the_last_are_kept_and_the_conversation_stays(memory, new_key, on, classification):
    key, exacts = new_key(), [new_key() for _ in range(MAX_CLASSIFICATIONS + 6)]
    memory.remember(key, on("atlas"))
    for exact in [*exacts, exacts[-2]]:
        memory.keep_classification(key, exact, TINY, classification)
    session = memory.peek(key)
    kept = [exact for exact in exacts if memory.classification(session, exact, TINY) is not None]
    assert kept == exacts[-MAX_CLASSIFICATIONS:]
    assert session.conversation.model == "atlas"


def test_beside_long_names_fewer_classifications_are_kept_rather_than_nothing(
    taxonomy, new_key, classification, errors
):
    sessions, key, exacts = Sessions(taxonomy, max_conversations=10, on_error=errors.append), new_key(), []
    conversation = None
    for number in range(MAX_WARMED):
        conversation = continued(conversation, model=f"{number:0420}", variant="high", route="a/b", at_s=1e9)
    for _ in range(MAX_CLASSIFICATIONS):
        exacts.append(new_key())
        sessions.keep_classification(key, exacts[-1], TINY, classification)
    sessions.remember(key, conversation)
    session = sessions.peek(key)
    kept = [exact for exact in exacts if sessions.classification(session, exact, TINY) is not None]
    assert session.conversation == conversation
    assert kept == exacts[-4:]
    assert errors == []


def test_a_fallback_is_never_kept(memory, new_key, classification):
    key, exact = new_key(), new_key()
    guess = type(classification)(**{**_fields(classification), "fallback": True})
    memory.keep_classification(key, exact, TINY, guess)
    assert memory.peek(key).classifications == ()


def _fields(classification):
    return {name: getattr(classification, name) for name in classification.__struct_fields__}


def test_what_cannot_be_kept_is_counted_and_changes_nothing(taxonomy, new_key, on, classification, errors):
    sessions, key = Sessions(taxonomy, max_conversations=10, on_error=errors.append), new_key()
    sessions.remember(key, on("atlas"))
    sessions.remember(key, on("m" * 5000))
    foreign = type(classification)(**{**_fields(classification), "task_type": "gardening"})
    sessions.keep_classification(key, new_key(), TINY, foreign)
    assert errors == ["bad_entry", "bad_entry"]
    assert sessions.peek(key).conversation.model == "atlas"


words = st.lists(
    st.tuples(st.sampled_from(["remember", "classify", "look"]), st.integers(0, 2), st.integers(0, 3)), max_size=40
)


@given(words=words)
def test_conversations_never_mix(taxonomy, words):
    """Whatever is said of whom in whatever order, each conversation knows what was said of it."""
    sessions = Sessions(taxonomy, max_conversations=10)
    classification = Classification(**taxonomy.fallback)
    models: dict[str, str] = {}
    asked: dict[str, list[str]] = {}
    for word, number, what in words:
        key = number.to_bytes(16).hex()
        exact = what.to_bytes().hex() * 16
        if word == "remember":
            models[key] = f"model-{what}"
            sessions.remember(key, Conversation(models[key], None, "a/b"))
        elif word == "classify":
            sessions.keep_classification(key, exact, TINY, classification)
            asked.setdefault(key, []).append(exact)
        session = sessions.peek(key)
        assert session is not None
        assert (session.conversation and session.conversation.model) == models.get(key)
        found = {exact for exact in _EXACTS if sessions.classification(session, exact, TINY) is not None}
        assert found == set(asked.get(key, ()))


_EXACTS = [what.to_bytes().hex() * 16 for what in range(4)]


def test_memory_needs_no_store():
    assert open_session_store("memory", max_rows=10) is None


@pytest.mark.parametrize(
    "url", ["", "sqlite:///", "postgresql://u:hunter2@h/d", "redis:/hunter2", "redis://:hunter2@h:port/0"]
)
def test_another_url_is_the_users_mistake_and_its_password_is_not_told(url):
    with pytest.raises(ConfigError) as caught:
        open_session_store(url, max_rows=10)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_conversation_starts_with_its_first_model():
    assert continued(None, model="m", variant="low", route="a/b", at_s=12.9) == Conversation(
        "m", "low", "a/b", (Warmed("m", "low", 12),)
    )
