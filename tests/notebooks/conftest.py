"""A small world to run notebooks in: a simulated endpoint, little datasets and a store of its own."""

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import msgspec
import pytest

from routelab.datasets import build_manifest, load_classifier, load_decider
from routelab.datasets.manifest import dump_manifest
from routelab.llm.simulated import World, load_cast
from routelab.llm.simulated.app import create_app
from routelab.llm.simulated.server import running
from routelab.records import DeciderCase, Exact, Proof, Solution
from routelab.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
_CONFIG = """
[paths]
notebooks = "{notebooks}"

[endpoint]
kind = "simulated"
base_url = "{url}"

[classifier]
dataset = "classifier/v1"
candidates = ["sim/beacon-pro", "sim/cedar-mini"]

[decider]
dataset = "decider/v1"
agent = "direct"
candidates = ["sim/atlas-large@high", "sim/cedar-mini", "sim/drift-nano"]

[sandbox]
kind = "process"

[serve]
sources = ["simulated"]
"""


@pytest.fixture(scope="module")
def lab_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The configuration file of a world whose endpoint answers while the tests run."""
    folder = tmp_path_factory.mktemp("lab")
    with pytest.MonkeyPatch.context() as environment, _endpoint(_datasets(folder)) as url:
        for name in [name for name in os.environ if name.startswith("ROUTELAB_")]:
            environment.delenv(name)
        config = folder / "routelab.toml"
        config.write_text(_CONFIG.format(notebooks=NOTEBOOKS, url=url))
        yield config


def _datasets(folder: Path) -> World:
    """The golden taxonomy and requests, with one easy task of each difficulty a route."""
    datasets = folder / "datasets"
    for name in ("taxonomy/v1", "classifier/v1"):
        shutil.copytree(ROOT / "datasets" / name, datasets / name)
    taxonomy = load_taxonomy(datasets / "taxonomy/v1/taxonomy.json")
    decider = datasets / "decider/v1"
    decider.mkdir(parents=True)
    cases = [_case(route, level) for route in taxonomy.routes for level in ("low", "medium", "high")]
    (decider / "cases.jsonl").write_bytes(b"".join(msgspec.json.encode(case) + b"\n" for case in cases))
    manifest = build_manifest(decider, taxonomy_version=taxonomy.version)
    (decider / "manifest.json").write_bytes(dump_manifest(manifest))
    return World(taxonomy, load_classifier(datasets / "classifier/v1").cases, load_decider(decider).cases)


def _case(route: str, level: str) -> DeciderCase:
    return DeciderCase(
        id=f"{route}-{level}".replace("/", "-").replace("_", "-"),
        route=route,
        difficulty=level,  # type: ignore[arg-type]
        system_prompt=None,
        user_prompt=f"Say the word on the {level} card of {route}.",
        workspace=None,
        check=Exact(value=f"word-{level}"),
        solution=Solution(answer=f"word-{level}"),
        distractors=[Solution(answer="another"), Solution(answer="a third")],
        proof=Proof(kind="check"),
        rationale="The card says so.",
        timeout_s=60,
    )


@contextmanager
def _endpoint(world: World) -> Iterator[str]:
    """Serve the world from a thread; gives the base URL."""
    urls: Queue[str] = Queue()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        async with running(create_app(world, load_cast(), time_scale=0)) as server:
            urls.put(server.url)
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    try:
        yield urls.get(timeout=30)
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(timeout=30)
        loop.close()
