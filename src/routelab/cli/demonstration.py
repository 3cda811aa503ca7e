"""What `routelab demo` does, step by step."""

import os
import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from routelab.cli.children import free_port, started
from routelab.cli.common import interval
from routelab.config import Config, configured, store_url
from routelab.errors import RoutelabError
from routelab.records import Candidate, RoutingTable, Run
from routelab.report.driver import run_notebook
from routelab.report.words import why_unproven
from routelab.settings import Settings
from routelab.store import Store, open_store

_PROMPT = "The nightly export crashes with KeyError: 'region' for new customers. Find the bug and fix it."
_QUICK_PER_ROUTE = 6
_CONSOLE = Console(soft_wrap=True)
_TABLES = Console(width=max(_CONSOLE.width, 110))
"""Tables are cut to the width of a console, and a route must stay readable off a terminal."""


def demonstrate(config_path: Path | None, *, quick: bool) -> None:
    """Run the whole loop on the simulated endpoint, in a store of its own that each demo begins anew.

    Raises RoutelabError when a step fails; everything it started has ended then.
    """
    began = time.perf_counter()
    file = (config_path or Settings().config).resolve()
    config = configured(Settings(), file)
    folder = config.work_path / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["ROUTELAB_CONFIG"] = str(file)
    os.environ["ROUTELAB_STORE_URL"] = f"sqlite:///{folder / 'routelab.db'}"
    with ExitStack() as stack:
        _step("Starting the simulated endpoint: invented models, invented prices, no key, no money")
        simulated = stack.enter_context(
            started("endpoint", "simulate", "--port", "0", log=folder / "endpoint.log", ready="simulated endpoint at ")
        )
        os.environ["ROUTELAB_ENDPOINT_URL"] = simulated.address
        store = open_store(store_url(config, Settings()))
        stack.callback(store.close)
        pages = _measure(config, quick=quick)
        table = store.tables.live()
        if table is None:
            raise RoutelabError("the demo published no table")
        _say_what_was_found(store, table, httpx.get(f"{simulated.address}/simulation").json())
        _ask_the_shim(stack, folder / "shim.log")
        spent = sum(store.results.spent_usd(run.id) for run in store.runs.all())
    _step(f"Done in {time.perf_counter() - began:.0f} s; ${spent:.2f} of simulated money spent, no real money")
    for page in pages:
        _CONSOLE.print(f"  {page}")


def _measure(config: Config, *, quick: bool) -> list[Path]:
    per_route = _QUICK_PER_ROUTE if quick else None
    if quick:
        _step(f"--quick: only {_QUICK_PER_ROUTE} cases of every route are measured, a sample")
    pages = config.reports_path / "demo"
    _step("Benchmarking classifiers on the golden requests (notebook 10_classifier)")
    measured = {"per_route": per_route, "publish": True}
    classifier = run_notebook("10_classifier", measured, pages)
    _step("Benchmarking models on the golden tasks, publishing the routing table (notebook 20_decider)")
    decider = run_notebook("20_decider", measured, pages)
    _step("Rendering the routing table (notebook 50_table)")
    return [classifier, decider, run_notebook("50_table", {}, pages)]


def _say_what_was_found(store: Store, table: RoutingTable, simulation: dict[str, Any]) -> None:
    truth = simulation["true_accuracy"]
    winner = store.tables.winner()
    if winner is not None:
        _step(f"Published classifier: {winner.candidate}, accuracy {winner.accuracy:.0%} ({winner.source})")
    _step(f"Published routing table {table.version} ({table.source}); first of each route,")
    _CONSOLE.print("  beside its true skill over all golden tasks of the route:")
    shown = Table(box=None, pad_edge=False)
    for name in ("route", "model", "measured", "interval", "true", "evidence"):
        shown.add_column(name, justify="right" if name in ("measured", "interval", "true") else "left")
    for route, ranked in table.routes.items():
        best = ranked[0]
        low_high = interval(best.accuracy_low, best.accuracy_high)
        true = truth[str(best.candidate)][route]
        shown.add_row(route, str(best.candidate), f"{best.accuracy:.0%}", low_high, f"{true:.0%}", best.evidence)
    _TABLES.print(shown)
    _explain_evidence(table)
    _compare_overall(store, truth)


def _explain_evidence(table: RoutingTable) -> None:
    ranked = [candidate for route in table.routes.values() for candidate in route]
    proven = sum(candidate.evidence == "proven" for candidate in ranked)
    _CONSOLE.print(f"  {proven} of {len(ranked)} rankings are proven.", end=" ")
    cases = max(candidate.cases or 0 for candidate in ranked)
    _CONSOLE.print("" if proven else why_unproven(cases, table.min_accuracy, table.confidence))


def _compare_overall(store: Store, truth: dict[str, dict[str, float]]) -> None:
    run = store.runs.all("decider")[0]
    shown = Table(box=None, pad_edge=False)
    for name in ("model, over all routes", "measured", "interval", "true"):
        shown.add_column(name, justify="left" if name.startswith("model") else "right")
    for summary in store.results.summaries(run.id):
        if summary.route is None and summary.accuracy is not None:
            low_high = interval(summary.accuracy_low, summary.accuracy_high)
            shown.add_row(
                str(summary.candidate),
                f"{summary.accuracy:.0%}",
                low_high,
                f"{_true_overall(run, summary.candidate, truth):.0%}",
            )
    _TABLES.print(shown)


def _true_overall(run: Run, candidate: Candidate, truth: dict[str, dict[str, float]]) -> float:
    by_route = truth[str(candidate)]
    return sum(by_route[route] for route in run.snapshot.routes) / len(run.snapshot.routes)


def _ask_the_shim(stack: ExitStack, log: Path) -> None:
    port = free_port()
    _step("Starting the shim and asking POST /decide three times")
    shim = stack.enter_context(started("serve", "--port", str(port), log=log, health=f"http://127.0.0.1:{port}"))
    keys = Settings().keys()
    headers = {"authorization": f"Bearer {keys[0]}"} if keys else {}
    ask: dict[str, Any] = {
        "api_kind": "chat_completions",
        "request": {"model": "auto", "messages": [{"role": "user", "content": _PROMPT}], "tools": [{}]},
        "user_id": "demo",
        "session_id": "demo-conversation",
    }
    with httpx.Client(base_url=shim.address, headers=headers, timeout=10) as client:
        first = _decide(client, "a new conversation", ask)
        _decide(client, "the same conversation again", ask)
        if first is not None:
            denied = {**ask, "policy": {"denied_models": [first]}}
            _decide(client, f"the same one with {first} denied", denied)


def _decide(client: httpx.Client, what: str, ask: dict[str, Any]) -> str | None:
    began = time.perf_counter()
    answer = client.post("/decide", json=ask).raise_for_status().json()
    elapsed_ms = (time.perf_counter() - began) * 1000
    decision, kind = answer["decision"], answer["classification"]
    if decision is None:
        chosen, why = "no model", str(answer["reason"])
    else:
        chosen = str(decision["model"])
        why = ", ".join(
            str(decision[name]) for name in ("route", "evidence", "source", "switch_reason") if decision[name]
        )
    cost = "unknown cost" if answer["cost_usd"] is None else f"${answer['cost_usd']:.6f}"
    cached = "from the cache" if kind["cached"] else f"by {kind['classifier_model']}"
    _CONSOLE.print(f"  {what}: {chosen} ({why}); classified {cached} for {cost}; {elapsed_ms:.1f} ms")
    return None if decision is None else chosen


def _step(text: str) -> None:
    _CONSOLE.print(f"[bold]*[/bold] {text}")
