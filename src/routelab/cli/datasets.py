"""`routelab datasets`: check and seal golden datasets."""

import asyncio
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routelab.cli.common import ConfigOption, JsonOption, print_json, print_table
from routelab.config import Config, configured
from routelab.errors import DatasetError, UserError
from routelab.settings import Settings

if TYPE_CHECKING:
    from routelab.bench.verify import Verdict
    from routelab.datasets import Problem

app = typer.Typer(help="Check golden datasets.", no_args_is_help=True)
FolderArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FOLDER…]", help="Dataset folders; default the configured ones."),
]


@app.command("validate")
def validate(folders: FolderArgument = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Name the file, line and field of whatever is wrong; exit code 1 if anything is.

    Example: `routelab datasets validate datasets/decider/v1`
    """
    found = _problems(configured(Settings(), config), folders)
    if as_json:
        print_json({str(folder): [problem.text for problem in problems] for folder, problems in found.items()})
    else:
        _print_problems(found)
    if any(found.values()):
        raise typer.Exit(1)


@app.command("verify")
def verify(
    folder: Annotated[Path | None, typer.Argument(help="A decider dataset; default the configured one.")] = None,
    parallel: Annotated[int, typer.Option(min=1, help="Cases at a time.")] = 2,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Validate, then prove that every golden solution passes its check and everything else fails it.

    Example: `routelab datasets verify`
    """
    settled = configured(Settings(), config)
    from routelab.bench.verify import verify as prove
    from routelab.cli.progress import bar
    from routelab.datasets import load_decider

    found = _problems(settled, [folder] if folder else None)
    if not as_json:
        _print_problems(found)
    dataset = load_decider(folder or settled.dataset_path(settled.decider.dataset))
    with bar(dataset.name) as show:
        done = count(1)
        verdicts = asyncio.run(
            prove(
                dataset.cases,
                dataset.folder,
                parallel=parallel,
                on_verdict=lambda _: show(next(done), len(dataset.cases)),
            )
        )
    faulty = [verdict for verdict in verdicts if verdict.faults]
    if as_json:
        print_json(verdicts)
    else:
        _print_verdicts(dataset.name, verdicts)
        typer.echo(f"{len(verdicts)} cases verified, {len(faulty)} with faults")
    if faulty or any(found.values()):
        raise typer.Exit(1)


@app.command("seal")
def seal(folder: Annotated[Path, typer.Argument(help="A dataset folder.")], config: ConfigOption = None) -> None:
    """Write the manifest and the JSON schema of a new dataset version; a sealed one is left alone.

    Example: `routelab datasets seal datasets/decider/v2`
    """
    settled = configured(Settings(), config)
    if (folder / "manifest.json").exists():
        raise UserError(
            f"{folder} is sealed; make a new version, or remove its manifest.json if nothing was measured with it"
        )
    from routelab.datasets import seal as write_seal
    from routelab.taxonomy import load_taxonomy

    manifest = write_seal(folder.resolve(), taxonomy_version=load_taxonomy(settled.taxonomy_path).version)
    typer.echo(f"{folder}: {len(manifest.files)} files sealed, sha256 {manifest.sha256[:16]}")


def _problems(config: Config, folders: list[Path] | None) -> "dict[Path, list[Problem]]":
    from routelab.datasets import validate as find_problems
    from routelab.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(config.taxonomy_path)
    found = {folder: find_problems(folder, taxonomy) for folder in folders or _configured(config)}
    if not folders:
        found[Path("together")] = _together(config)
    return found


def _print_problems(found: "dict[Path, list[Problem]]") -> None:
    for folder, problems in found.items():
        for problem in problems:
            typer.echo(problem.text)
        faults = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
        typer.echo(f"{folder}: {faults if problems else 'sound'}")


def _print_verdicts(name: str, verdicts: "list[Verdict]") -> None:
    rows = [
        (
            verdict.case_id,
            "workspace" if verdict.workspace else "text",
            verdict.proof,
            str(verdict.distractors),
            f"{verdict.seconds * 1000:,.0f}",
            "; ".join(verdict.faults) or "sound",
        )
        for verdict in verdicts
    ]
    print_table(name, ("case", "kind", "proof", "distractors #", "check ms", "verdict"), rows)


def _together(config: Config) -> "list[Problem]":
    from routelab.datasets import load_cases, validate_together

    try:
        return validate_together([load_cases(folder) for folder in _configured(config)[1:]])
    except DatasetError:
        return []  # said already of the dataset itself


def _configured(config: Config) -> list[Path]:
    names = (config.taxonomy, config.classifier.dataset, config.decider.dataset)
    return [config.dataset_path(name) for name in names]
