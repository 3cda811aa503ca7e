from hypothesis import given
from hypothesis import strategies as st

from routelab.llm.proxy.redactor import Redactor

KEY = "sk-sk-0123456789"


@given(st.lists(st.sampled_from([KEY, "sk-", "sk-sk-", "sk-01", "x", KEY[3:]]), max_size=12), st.data())
def test_the_key_is_starred_out_whatever_the_pieces(words: list[str], data: st.DataObject) -> None:
    text = "".join(words).encode()
    redactor, passed, rest = Redactor(KEY), b"", text
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        passed += redactor.feed(rest[:size])
        rest = rest[size:]
    passed += redactor.close()
    assert passed == text.replace(KEY.encode(), b"*" * len(KEY))


def test_what_cannot_begin_the_key_is_not_held_back() -> None:
    redactor = Redactor(KEY)
    assert redactor.feed(b"data: 1\n\n") == b"data: 1\n\n"
    assert redactor.feed(b"data: s") == b"data: "
    assert redactor.feed(b"o\n") == b"so\n"
    assert redactor.close() == b""


def test_without_a_key_nothing_changes() -> None:
    redactor = Redactor(None)
    assert redactor.feed(b"sk-anything") == b"sk-anything"
    assert not redactor.hides(b"sk-anything")
