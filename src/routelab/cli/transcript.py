"""Printing what an agent did, for a reader."""

from collections.abc import Sequence
from pathlib import Path

import typer

from routelab.agents import PROGRAMS, Entry
from routelab.agents.direct import entries as direct_entries
from routelab.bench.streams import read_calls, read_stream, run_folder
from routelab.cli.common import millis, money, plain, print_table
from routelab.errors import UserError
from routelab.llm.proxy import ProxyCall
from routelab.records import Run
from routelab.store import Store

_LINES = 40


def print_case(store: Store, run: Run, work: Path, case_id: str) -> None:
    """Print every attempt of a case with its transcript and calls; raises UserError when there is none."""
    attempts = [attempt for attempt in store.results.attempts(run.id) if attempt.case_id == case_id]
    if not attempts:
        raise UserError(f"run {run.id} has no attempt of a case {case_id}")
    folder = run_folder(work, run.id)
    for attempt in attempts:
        score = attempt.status if attempt.score is None else f"score {attempt.score:g}"
        problem = f", {attempt.error_kind}: {attempt.error_message or ''}" if attempt.error_kind else ""
        head = f"== {attempt.candidate} repetition {attempt.repetition} attempt {attempt.number}: {score}, "
        typer.echo(plain(f"{head}{money(attempt.cost_usd)}, {millis(attempt.latency_ms)} ms{problem}"))
        stream = read_stream(folder, attempt)
        if stream is None:
            typer.echo("(its event stream was not kept here)")
        else:
            print_transcript(run.snapshot.engine.agent, stream)
        calls = read_calls(folder, attempt)
        if calls:
            print_calls(calls)


def print_transcript(agent: str, stream: str) -> None:
    """Print an event stream as a conversation."""
    program = PROGRAMS.get(agent)
    entries = direct_entries(stream) if program is None else program.parse(stream).entries
    for entry in entries:
        _print_entry(entry)
    if not entries:
        typer.echo("(the agent printed nothing that can be read)")


def print_calls(calls: Sequence[ProxyCall]) -> None:
    """Print the calls that the proxy saw."""
    rows = [
        (
            f"{call.started_at:%H:%M:%S}",
            call.path,
            "-" if call.status is None else str(call.status),
            str(call.prompt_tokens),
            str(call.completion_tokens),
            money(call.cost_usd),
            millis(call.latency_ms),
            call.finish_reason or "",
            call.error or "",
        )
        for call in calls
    ]
    columns = ("at (UTC)", "path", "status", "in #", "out #", "cost $", "took ms", "finished", "error")
    print_table("", columns, rows)


def _print_entry(entry: Entry) -> None:
    heads = {
        "tool": f"tool {entry.name}",
        "error": f"error {entry.status}" if entry.status else "error",
        "text": "model",
    }
    typer.echo(plain(f"[{heads.get(entry.kind, entry.kind)}] {entry.text}"))
    if entry.kind == "tool" and entry.result:
        typer.echo(plain(_indented(entry.result)))


def _indented(text: str) -> str:
    lines = text.rstrip().splitlines()
    more = [f"… {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    return "\n".join(f"    {line}" for line in [*lines[:_LINES], *more])
