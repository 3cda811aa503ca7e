"""Where a command's output ends: at the mark, however the stream is cut into pieces."""

import re

from hypothesis import given
from hypothesis import strategies as st

from routelab.sandbox.containers.execs import _Stream
from routelab.sandbox.output import BoundedOutput

MARK = b"0123456789abcdef0123456789abcdef"
ALMOST = [b"\n" + MARK, MARK + b" 0\n", b"\n" + MARK + b" \n", b"\n" + MARK + b" 1000\n", b"\n" + MARK[:-1] + b" 0\n"]
WHOLE = re.compile(rb"\n" + MARK + rb" \d{1,3}(\n|$)")
OUTPUT = (
    st.lists(st.one_of(st.binary(max_size=60), st.just(b"\n"), st.sampled_from(ALMOST)), max_size=6)
    .map(b"".join)
    .filter(lambda output: WHOLE.search(output) is None)
)


def fed(pieces: list[bytes]) -> tuple[_Stream, BoundedOutput]:
    kept = BoundedOutput()
    stream = _Stream(kept, MARK)
    for piece in pieces:
        stream.feed(piece)
    return stream, kept


@st.composite
def cut(draw: st.DrawFn, text: bytes) -> list[bytes]:
    """The text in pieces."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


@given(st.data(), OUTPUT, st.integers(0, 255), st.binary(max_size=50))
def test_the_mark_is_found_and_nothing_else_is(st_data: st.DataObject, output: bytes, code: int, after: bytes) -> None:
    whole = output + b"\n%s %d\n" % (MARK, code)
    stream, kept = fed(st_data.draw(cut(whole + after)))
    assert stream.code == code
    assert kept.content() == output


@given(st.data(), OUTPUT)
def test_without_a_mark_all_is_kept(st_data: st.DataObject, output: bytes) -> None:
    stream, kept = fed(st_data.draw(cut(output)))
    assert stream.code is None
    stream.end()
    assert kept.content() == output


@given(OUTPUT, st.integers(0, 255))
def test_byte_by_byte(output: bytes, code: int) -> None:
    whole = output + b"\n%s %d\n" % (MARK, code)
    stream, kept = fed([whole[place : place + 1] for place in range(len(whole))])
    assert (stream.code, kept.content()) == (code, output)


@given(st.data(), OUTPUT)
def test_the_end_of_a_marked_stream_adds_nothing(st_data: st.DataObject, output: bytes) -> None:
    stream, kept = fed(st_data.draw(cut(output + b"\n%s 7\n" % MARK)))
    stream.end()
    assert kept.content() == output


def test_little_is_held_back_of_a_stream_that_never_ends() -> None:
    stream, kept = fed([b"\n" + MARK + b" " + b"7" * 1000] * 200)
    assert stream.code is None
    held = len(b"\n" + MARK + b" ") * 200 + 200_000 - len(kept.content()) - kept.dropped
    assert 0 <= held < 100
