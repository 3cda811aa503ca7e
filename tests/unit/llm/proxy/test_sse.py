from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from routelab.llm.proxy.sse import EventSplitter

STREAM = (
    b": a comment\n\n"
    b"event: one\ndata: 1\n\n"
    b"data:two\r\ndata: lines\r\n\r\n"
    b"id: 7\rdata: three\r\r"
    b"data: \xf0\x9f\x90\x8d\xc3\xa9\n\n"
    b"data\n\n"
    b"data: last, unfinished"
)
DATA = [b"1", b"two\nlines", b"three", "🐍é".encode(), b"last, unfinished"]


def split(pieces: list[bytes]) -> list[bytes]:
    splitter = EventSplitter()
    found = [event for piece in pieces for event in splitter.feed(piece)]
    return found + splitter.close()


def cut(text: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


@given(st.lists(st.integers(0, len(STREAM)), max_size=40))
def test_pieces_do_not_matter(places: list[int]) -> None:
    assert split(cut(STREAM, places)) == DATA


def test_single_bytes_do_not_matter() -> None:
    assert split([STREAM[at : at + 1] for at in range(len(STREAM))]) == DATA


def test_an_event_is_given_as_soon_as_it_ends() -> None:
    splitter = EventSplitter()
    assert splitter.feed(b"data: 1\n") == []
    assert splitter.feed(b"\ndata: 2\n\nda") == [b"1", b"2"]


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_junk_is_survived(pieces: list[bytes]) -> None:
    assert all(isinstance(event, bytes) for event in split(pieces))


def test_a_line_without_an_end_is_not_kept_for_ever() -> None:
    splitter = EventSplitter()
    piece = b"x" * (1 << 20)
    for _ in range(40):
        splitter.feed(piece)
    assert splitter._held < 33 << 20
    assert splitter.feed(b"\n\ndata: on\n\n") == [b"on"]
