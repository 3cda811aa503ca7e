"""`routelab doctor`: what works here and what is missing."""

import asyncio
import importlib.util
import shutil
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer
from msgspec import Struct

from routelab.cli.common import ConfigOption, JsonOption, print_json
from routelab.config import Config, configured, sessions_url, store_url
from routelab.errors import RoutelabError
from routelab.settings import Settings

if TYPE_CHECKING:
    from routelab.table_sources import Published

_EXTRAS = {
    "serve": ("litestar", "uvicorn"),
    "local": ("numpy",),
    "parquet": ("polars",),
    "lab": ("polars", "altair", "papermill", "jupyterlab"),
    "docker": ("docker",),
    "postgres": ("psycopg",),
    "redis": ("redis",),
}
_PROGRAMS = ("git", "python3", "patch")


class Finding(Struct, frozen=True):
    """One thing that was looked at; only `bad` keeps routelab from working."""

    state: Literal["good", "note", "bad"]
    what: str


def doctor(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Say what works here and what is missing; exit code 1 if something must be mended.

    Example: `routelab doctor`
    """
    findings = list(_look(config))
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            typer.echo(f"{finding.state:<5} {finding.what}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


def _look(path: Path | None) -> Iterator[Finding]:
    settings = Settings()
    try:
        settled = configured(settings, path)
    except RoutelabError as error:
        yield Finding("bad", str(error))
        return
    yield Finding("good", f"configuration {path or settings.config}")
    yield from _datasets(settled)
    store = _store(settled, settings)
    yield store
    place = settled.serve.table
    if store.state == "good" or place.file is not None or place.url is not None:
        yield from _table(settled, settings)
    yield _endpoint(settled, settings)
    if settled.sandbox.kind == "docker":
        yield _image(settled)
    yield from _installed(_needed(settled, settings))
    if not settings.keys():
        yield Finding("note", "ROUTELAB_DECIDE_KEYS is not set: the shim would answer everyone")


def _datasets(config: Config) -> Iterator[Finding]:
    from routelab.datasets import validate
    from routelab.taxonomy import load_taxonomy

    try:
        taxonomy = load_taxonomy(config.taxonomy_path)
    except RoutelabError as error:
        yield Finding("bad", str(error))
        return
    for name in (config.taxonomy, config.classifier.dataset, config.decider.dataset):
        problems = validate(config.dataset_path(name), taxonomy)
        what = f"dataset {name}: {problems[0].text}" if problems else f"dataset {name}"
        yield Finding("bad" if problems else "good", what)


def _store(config: Config, settings: Settings) -> Finding:
    from routelab.store import open_store

    try:
        with closing(open_store(store_url(config, settings))) as store:
            return Finding("good", f"store {store.database.place}")
    except RoutelabError as error:
        return Finding("bad", str(error))


def _table(config: Config, settings: Settings) -> Iterator[Finding]:
    """What the shim would find where its tables come from."""
    from routelab.publish import table_rules

    try:
        published = _published(config, settings)
        rules = table_rules(config)
    except RoutelabError as error:
        yield Finding("bad", f"no table can be read: {error}")
        return
    table, winner = published.table, published.winner
    refusal = rules.refusal(table)
    if refusal is not None:
        is_a_choice = refusal.problem in ("unpublished", "source")
        yield Finding("note" if is_a_choice else "bad", f"{refusal.detail}: the shim would decide nothing")
    elif table is not None:
        yield Finding("good", f"routing table {table.version} ({table.source})")
    override = config.serve.classifier
    wrong = None if winner is None else rules.refuse_winner(winner)
    if wrong is not None:
        yield Finding("note", f"{wrong}: the shim would not ask it")
    elif override is not None and winner is not None and winner.candidate != override:
        yield Finding("note", f"serve.classifier {override} hides the published winner {winner.candidate}")


def _published(config: Config, settings: Settings) -> "Published":
    """What is published where the shim looks; raises RoutelabError."""
    from routelab.store import open_store
    from routelab.table_sources import Published, configured_source

    source = configured_source(config, settings)
    if source is not None:
        return source.read()
    with closing(open_store(store_url(config, settings))) as store:
        return Published(store.tables.live(), store.tables.winner())


def _endpoint(config: Config, settings: Settings) -> Finding:
    from routelab.llm import EndpointClient

    url = str(config.endpoint.base_url)
    key = settings.api_key.get_secret_value() if settings.api_key else None

    async def ask() -> int | None:
        once = config.endpoint.model_copy(update={"attempts": 1, "timeout_s": 5.0})
        async with EndpointClient(once, api_key=key) as client:
            listed = await client.models()
            return None if listed is None else len(listed)

    try:
        count = asyncio.run(ask())
    except RoutelabError as error:
        return Finding("note", f"endpoint {url}: {error}")
    return Finding("good", f"endpoint {url}: {'an unknown number of' if count is None else count} models")


def _image(config: Config) -> Finding:
    from routelab.bench.equipment import equip

    try:
        equipment = asyncio.run(equip(config))
    except RoutelabError as error:
        return Finding("bad", str(error))
    except ModuleNotFoundError:
        return Finding("bad", 'sandbox.kind is "docker", but extra docker is not installed')
    return Finding("good", f"agent {equipment.agent} {equipment.agent_version} in image {equipment.image}")


def _needed(config: Config, settings: Settings) -> set[str]:
    """The extras that the configuration does not work without."""
    from routelab.classifier import is_local

    serve = config.serve
    named = (serve.classifier, serve.default_classifier, *config.classifier.candidates)
    needs = {
        "local": serve.cascade_threshold is not None or any(item is not None and is_local(item) for item in named),
        "parquet": serve.decision_log.format == "parquet",
        "postgres": store_url(config, settings).startswith("postgres"),
        "redis": sessions_url(config, settings).startswith(("redis", "unix")),
    }
    return {extra for extra, is_needed in needs.items() if is_needed}


def _installed(needed: Collection[str]) -> Iterator[Finding]:
    for extra, modules in _EXTRAS.items():
        missing = [name for name in modules if importlib.util.find_spec(name) is None]
        if not missing:
            yield Finding("good", f"extra {extra}")
        elif extra in needed:
            yield Finding(
                "bad", f"the configuration needs extra {extra}, which is not installed ({', '.join(missing)} missing)"
            )
        else:
            yield Finding("note", f"extra {extra} is not installed ({', '.join(missing)} missing)")
    for program in _PROGRAMS:
        found = shutil.which(program)
        yield Finding("good" if found else "bad", f"program {program}{'' if found else ' is missing'}")
