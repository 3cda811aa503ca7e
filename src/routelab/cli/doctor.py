"""`routelab doctor`: what works here and what is missing."""

import asyncio
import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

import typer
from msgspec import Struct

from routelab.cli.common import ConfigOption, JsonOption, print_json
from routelab.config import Config, configured, store_url
from routelab.errors import RoutelabError
from routelab.settings import Settings

_EXTRAS = {
    "serve": ("litestar", "uvicorn"),
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
    yield from _store(settled, settings)
    yield _endpoint(settled, settings)
    if settled.sandbox.kind == "docker":
        yield _image(settled)
    yield from _installed()
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


def _store(config: Config, settings: Settings) -> Iterator[Finding]:
    from routelab.store import open_store

    try:
        with closing(open_store(store_url(config, settings))) as store:
            yield Finding("good", f"store {store.database.place}")
            table, winner = store.tables.live(), store.tables.winner()
    except RoutelabError as error:
        yield Finding("bad", str(error))
        return
    if table is None:
        yield Finding("note", "no routing table is published: the shim would decide nothing")
    elif table.source not in config.serve.sources:
        yield Finding("note", f"the live table is {table.source}; serve.sources does not name it, so it is not served")
    override = config.serve.classifier
    if override is not None and winner is not None and winner.candidate != override:
        yield Finding("note", f"serve.classifier {override} hides the published winner {winner.candidate}")


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


def _installed() -> Iterator[Finding]:
    for extra, modules in _EXTRAS.items():
        missing = [name for name in modules if importlib.util.find_spec(name) is None]
        if missing:
            yield Finding("note", f"extra {extra} is not installed ({', '.join(missing)} missing)")
        else:
            yield Finding("good", f"extra {extra}")
    for program in _PROGRAMS:
        found = shutil.which(program)
        yield Finding("good" if found else "bad", f"program {program}{'' if found else ' is missing'}")
