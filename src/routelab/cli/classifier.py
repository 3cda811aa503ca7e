"""`routelab classifier`: train the local classifier, grade it, and see what a cascade would save."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routelab.cli.common import ConfigOption, JsonOption, money, opened, percent, print_json, print_table
from routelab.config import Config, configured
from routelab.errors import UserError
from routelab.records import Attempt, Candidate, ClassifierCase, Run
from routelab.settings import Settings

if TYPE_CHECKING:
    from routelab.store import Store

app = typer.Typer(help="The local classifier, and cascades with it.", no_args_is_help=True)
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A model file; default the one that comes with the package.")
]


@app.command("train")
def train(
    dataset: Annotated[str, typer.Option(help="What to train on; never the golden set.")] = "classifier_train/v1",
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("tfidf.model"),
    config: ConfigOption = None,
) -> None:
    """Train the local classifier; the same requests give the same file.

    Example: `routelab classifier train -o tfidf.model`
    """
    settled = configured(Settings(), config)
    from routelab.classifier.local.model import dump_model
    from routelab.classifier.local.training import train as fit
    from routelab.datasets import load_classifier

    loaded = load_classifier(settled.dataset_path(dataset))
    if loaded.manifest.name == "classifier":
        raise UserError(f"{dataset} is what classifiers are graded on; train on another dataset")
    manifest = loaded.manifest
    model = fit(
        loaded.cases, taxonomy_version=manifest.taxonomy_version, trained_on=loaded.name, sha256=manifest.sha256
    )
    content = dump_model(model)
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UserError(f"cannot write {output}: {error.strerror}") from error
    typer.echo(f"Trained on {len(loaded.cases)} requests of {loaded.name}: {output}, {len(content):,} bytes.")


@app.command("grade")
def grade(model: ModelOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Grade the local classifier on the whole golden set: score, calibration and latency.

    Example: `routelab classifier grade`
    """
    settled = configured(Settings(), config)
    from routelab.bench.local_report import grade_local
    from routelab.classifier.local import LocalClassifier

    report = grade_local(LocalClassifier.load(model), _requests(settled))
    if as_json:
        print_json(report)
        return
    rows = [("score", percent(report.score)), ("route accuracy", percent(report.route_accuracy))]
    rows += [(field, percent(share)) for field, share in report.fields.items()]
    rows += [(f"route accuracy, {tag}", percent(share)) for tag, share in report.tags.items()]
    print_table(f"local/tfidf on {settled.classifier.dataset}: {report.cases} requests", ("what", "right %"), rows)
    bins = [
        (f"{item.low:.1f} to {item.high:.1f}", str(item.cases), percent(item.confidence), percent(item.right))
        for item in report.reliability
    ]
    columns = ("confidence", "cases", "mean confidence %", "route right %")
    print_table(f"Calibration: expected error {report.calibration_error:.3f}", columns, bins)
    typer.echo(f"Latency: p50 {report.p50_latency_ms:.3f} ms, p95 {report.p95_latency_ms:.3f} ms.")


@app.command("cascade")
def cascade(
    run_id: Annotated[str, typer.Option("--run", help="A classifier run that measured the endpoint's model.")],
    candidate: Annotated[str | None, typer.Option(help="Whose outcomes; default all of the run.")] = None,
    model: ModelOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what asking a model only where the local classifier is unsure saves and loses, by threshold.

    Example: `routelab classifier cascade --run classifier-20260401-120000-ab12`
    """
    with opened(config) as (settled, _, store):
        from routelab.bench.cascade import cascade_cases, cascade_curve
        from routelab.classifier.local import LocalClassifier

        run = store.runs.get(run_id)
        outcomes = _model_outcomes(store, run, candidate)
        cases = _measured_requests(settled, run)
        local = LocalClassifier.load(model).classify
        curves = {str(name): cascade_curve(cascade_cases(cases, local, found)) for name, found in outcomes.items()}
        if as_json:
            print_json({"run": run.id, "source": run.snapshot.source, "cascades": curves})
            return
        for name, points in curves.items():
            rows = [
                (
                    f"{item.threshold:.2f}",
                    percent(item.asked),
                    percent(item.score),
                    percent(item.route_accuracy),
                    money(item.avg_cost_usd),
                    percent(item.saved),
                    percent(item.lost),
                )
                for item in points
            ]
            columns = ("threshold", "asked %", "score %", "route accuracy %", "mean cost $", "saved %", "lost %")
            print_table(f"local/tfidf, then {name} below the threshold ({run.snapshot.source})", columns, rows)


def _requests(config: Config) -> dict[str, ClassifierCase]:
    from routelab.datasets import load_classifier

    return {case.id: case for case in load_classifier(config.dataset_path(config.classifier.dataset)).cases}


def _measured_requests(config: Config, run: Run) -> dict[str, ClassifierCase]:
    """The requests a run was measured on; raises UserError when they are not there any more."""
    from routelab.datasets import load_classifier

    engine = run.snapshot.engine
    dataset = load_classifier(config.dataset_path(engine.dataset))
    if dataset.manifest.sha256 != engine.dataset_sha256:
        raise UserError(f"{engine.dataset} has changed since run {run.id} was started; start a new run")
    return {case.id: case for case in dataset.cases}


def _model_outcomes(store: "Store", run: Run, candidate: str | None) -> dict[Candidate, list[Attempt]]:
    """The outcomes of a run's endpoint models, or of one; raises UserError when there are none."""
    from routelab.bench import run_outcomes
    from routelab.classifier import is_local

    if run.kind != "classifier":
        raise UserError(f"run {run.id} is no classifier run")
    found: dict[Candidate, list[Attempt]] = {}
    for outcome in run_outcomes(store, run):
        if not is_local(outcome.candidate) and candidate in (None, str(outcome.candidate)):
            found.setdefault(outcome.candidate, []).append(outcome)
    if not found:
        raise UserError(f"run {run.id} has no outcome of {candidate or 'a model on an endpoint'}")
    return found
