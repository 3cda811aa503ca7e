"""The whole event stream of every attempt, compressed, in the folder of its run."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import structlog

from routelab.bench.execution import Execution
from routelab.llm.proxy import ProxyCall
from routelab.records import Attempt

_log = structlog.get_logger(__name__)
_UNSAFE = re.compile(r"[^A-Za-z0-9_.@-]+")


def run_folder(work: Path, run_id: str) -> Path:
    """Where the files of a run lie."""
    return work / "runs" / run_id


def keep_stream(folder: Path, redact: Callable[[str], str], attempt: Attempt, execution: Execution) -> None:
    """Write what the agent printed and what the proxy saw of it; a stream that cannot be kept is only logged."""
    try:
        calls = [msgspec.json.encode(call).decode() for call in execution.calls]
        for file, lines in ((_events(folder, attempt), execution.events), (_calls(folder, attempt), calls)):
            if lines:
                file.parent.mkdir(parents=True, exist_ok=True)
                text = redact("\n".join(lines)).encode("utf-8", "replace")
                file.write_bytes(gzip.compress(text, compresslevel=6, mtime=0))
    except (OSError, ValueError) as error:  # ValueError: text that no file can hold
        _log.warning("cannot keep an event stream", case=attempt.case_id, error=str(error))


def read_stream(folder: Path, attempt: Attempt) -> str | None:
    """What the agent printed; None where nothing was kept."""
    return _read(_events(folder, attempt))


def read_calls(folder: Path, attempt: Attempt) -> Sequence[ProxyCall]:
    """What the proxy saw; empty where nothing was kept."""
    text = _read(_calls(folder, attempt)) or ""
    try:
        return [msgspec.json.decode(line, type=ProxyCall) for line in text.split("\n") if line]
    except msgspec.DecodeError:  # of another version of routelab
        return ()


def _read(file: Path) -> str | None:
    try:
        return gzip.decompress(file.read_bytes()).decode()
    except (OSError, EOFError, zlib.error):
        return None


def _events(folder: Path, attempt: Attempt) -> Path:
    return folder / "events" / f"{_name(attempt)}.jsonl.gz"


def _calls(folder: Path, attempt: Attempt) -> Path:
    return folder / "calls" / f"{_name(attempt)}.jsonl.gz"


def _name(attempt: Attempt) -> str:
    name = str(attempt.candidate)
    # The hash tells apart what reads the same without its slashes.
    candidate = f"{_UNSAFE.sub('-', name)}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    return f"{attempt.case_id}.{candidate}.r{attempt.repetition}.n{attempt.number}"
