"""`routelab datasets show|card|new-case`: look at cases, and write new ones."""

from pathlib import Path
from typing import Annotated

import typer

from routelab.cli.common import ConfigOption, print_json
from routelab.config import configured
from routelab.errors import UserError
from routelab.settings import Settings


def show(case_id: Annotated[str, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """Print one case of the configured datasets.

    Example: `routelab datasets show debugging-bug-fixing-page-window`
    """
    settled = configured(Settings(), config)
    from routelab.datasets import load_classifier, load_decider

    for dataset in (
        load_decider(settled.dataset_path(settled.decider.dataset)),
        load_classifier(settled.dataset_path(settled.classifier.dataset)),
    ):
        for case in dataset.cases:
            if case.id == case_id:
                print_json(case)
                return
    raise UserError(f"there is no case {case_id} in {settled.decider.dataset} or {settled.classifier.dataset}")


def card(
    folder: Annotated[Path, typer.Argument(help="A dataset folder.")],
    write: Annotated[bool, typer.Option("--write", help="Put the tables into the folder's README.md.")] = False,
    config: ConfigOption = None,
) -> None:
    """Count the card's tables from the data: quotas, labels, agreement of blind labels.

    Example: `routelab datasets card datasets/decider/v1 --write`
    """
    settled = configured(Settings(), config)
    from routelab.datasets.card import card_tables, read_double_labels, with_tables
    from routelab.datasets.load import load_cases
    from routelab.taxonomy import load_taxonomy

    cases = load_cases(folder).cases
    tables = card_tables(cases, load_taxonomy(settled.taxonomy_path), read_double_labels(folder))
    if not write:
        typer.echo(tables)
        return
    readme = folder / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8"), tables), encoding="utf-8")
    typer.echo(f"{readme}: tables written")


def new_case(
    folder: Annotated[Path, typer.Argument(help="The folder of a decider dataset that is not sealed yet.")],
    route: Annotated[str, typer.Argument(help="For example debugging/bug_fixing.")],
    topic: Annotated[str, typer.Argument(help="A few words in kebab-case; they become part of the id.")],
    workspace: Annotated[bool, typer.Option(help="Whether the case works on files.")] = True,
    config: ConfigOption = None,
) -> None:
    """Write the scaffold of a case, or tell what it still lacks; once nothing is missing it becomes a case.

    Example: `routelab datasets new-case datasets/decider/v3 debugging/bug_fixing off-by-one`
    """
    settled = configured(Settings(), config)
    from routelab.datasets.draft import adopt, case_id, missing, write_draft
    from routelab.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(settled.taxonomy_path)
    if route not in taxonomy.routes:
        raise UserError(f"there is no route {route}; the taxonomy has {', '.join(taxonomy.routes)}")
    if folder.resolve().parent.name != "decider":
        raise UserError(f"{folder} is no version of a decider dataset, such as datasets/decider/v3")
    if (folder / "manifest.json").exists():
        raise UserError(f"{folder} is sealed; copy it to a new version and remove manifest.json there")
    path = folder / "drafts" / f"{case_id(route, topic)}.json"
    if not path.exists():
        typer.echo(f"{write_draft(folder, route, topic, workspace=workspace)}: written")
    lacking = missing(path, folder, taxonomy)
    for text in lacking:
        typer.echo(f"  {text}")
    if lacking:
        typer.echo("Fill these in and run the same command again.")
        return
    adopt(path, folder)
    typer.echo(f"{path.stem} is a case now; prove it with `routelab datasets verify {folder}`, then seal the version.")
