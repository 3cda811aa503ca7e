"""What reaches standard error: JSON lines, without secrets, whoever logs."""

import json
import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from routelab_serve.logs import masking

SCRIPT = """
import logging
import structlog
from routelab.settings import Settings
from routelab_serve.logs import report_bug, to_stderr

class Thing:
    def __repr__(self):
        return "<Thing pass-word-1>"

to_stderr()
to_stderr(Settings().redact)
log = structlog.get_logger()
log.info("started pass-word-1", keys=["pass-word-1", "open"], deep={"pass-word-1": ("x pass-word-1",)}, thing=Thing())
log.info("numbers", count=3, share=0.5, none=None, yes=True)
log.info("looks like a key", header="Bearer abcdefghijklmnop")
logging.getLogger("uvicorn.error").warning("server said %s", "pass-word-1")
logging.getLogger("uvicorn").info("too quiet to be heard")
try:
    raise ValueError('quoted "pass-word-1" \\u00e9')
except ValueError as error:
    report_bug("broke", error)
    logging.getLogger("some.library").exception("failed")
"""


def lines_of(script):
    env = {**os.environ, "ROUTELAB_DECIDE_KEYS": "pass-word-1,pass-word-2"}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_every_line_is_json_and_none_holds_a_secret():
    lines = lines_of(SCRIPT)
    assert "pass-word" not in json.dumps(lines)
    assert [line["event"] for line in lines] == [
        "started [redacted]",
        "numbers",
        "looks like a key",
        "server said [redacted]",
        "broke",
        "failed",
    ]
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert lines[0]["deep"] == {"[redacted]": ["x [redacted]"]}
    assert lines[0]["thing"] == "<Thing [redacted]>"
    assert {key: lines[1][key] for key in ("count", "share", "none", "yes")} == {
        "count": 3,
        "share": 0.5,
        "none": None,
        "yes": True,
    }
    assert lines[2]["header"] == "Bearer [redacted]"
    assert lines[3]["level"] == "warning"
    assert 'ValueError: quoted "[redacted]" é' in lines[4]["traceback"]
    assert 'ValueError: quoted "[redacted]" é' in lines[5]["exception"]


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.just("a SECRET b"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("SECRET"), inner, max_size=3)
    ),
)


@given(values)
def test_no_depth_hides_a_secret(value):
    mask = masking(lambda text: text.replace("SECRET", "[redacted]"))
    assert "SECRET" not in json.dumps(mask(None, "info", {"event": "e", "value": value}))
