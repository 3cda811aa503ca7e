"""Whatever a program prints, its parser gives a transcript that can be stored."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.agents.programs import PROGRAMS

EVENTS = Path(__file__).parent / "events"
STREAMS = [path.read_text() for path in sorted(EVENTS.iterdir())]


def keys_and_words(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_and_words, value.values()))
    if isinstance(value, list):
        return set().union(*map(keys_and_words, value))
    return {value} if isinstance(value, str) and len(value) < 30 else set()


WORDS = sorted(keys_and_words([json.loads(line) for stream in STREAMS for line in stream.splitlines()]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=10,
)
EVENT_LIKE = st.fixed_dictionaries(
    {"type": st.sampled_from(WORDS)},
    optional=dict.fromkeys(("part", "item", "message", "usage", "modelUsage", "error", "role", "extra"), VALUES),
)


def check(stdout: str) -> None:
    for transcript in (program.parse(stdout) for program in PROGRAMS):
        transcript.final_text.encode()
        for entry in transcript.entries:
            f"{entry.text}{entry.name}{entry.result}".encode()
        for figure in (transcript.prompt_tokens, transcript.completion_tokens, transcript.cost_usd):
            assert figure is None or figure >= 0


@given(stdout=st.text() | st.lists(EVENT_LIKE, max_size=4).map(lambda events: "\n".join(map(json.dumps, events))))
def test_on_junk(stdout: str) -> None:
    check(stdout)


@given(data=st.data())
def test_on_the_streams_of_any_program_with_a_part_cut_out(data: st.DataObject) -> None:
    stream = data.draw(st.sampled_from(STREAMS))
    begin, end = sorted((data.draw(st.integers(0, len(stream))), data.draw(st.integers(0, len(stream)))))
    check(stream[:begin] + "\n… cut out …\n" + stream[end:])


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"type":"text","text":' * 5_000,
        '{"type":"tool_use","state":{"input":' + '{"a":' * 400 + "1" + "}" * 402,
        '{"type":"text","text":"half an emoji \\ud83d"}',
        '{"type":"result","result":"half an emoji \\ud83d"}',
        '{"type":"item.completed","item":{"type":"agent_message","text":"half an emoji \\ud83d"}}',
        '{"type":"step_finish","reason":"stop","tokens":{"input":' + "9" * 4_000 + ',"output":NaN},"cost":1e999}',
        "\x00" * 1_000,
    ],
    ids=["brackets", "unclosed", "deep", "kilo", "claude", "codex", "numbers", "nulls"],
)
def test_on_what_breaks_decoders(line: str) -> None:
    check(line)
