"""The notebook face over a run that stops half-way."""

from pathlib import Path

from routelab import lab


async def test_an_interrupted_run_is_shown_as_it_is_and_then_resumed(lab_config: Path) -> None:
    limited = lab.open(_with_little_money(lab_config))
    run = await limited.benchmark("decider")
    assert run.status == "interrupted"
    report = limited.decider_report(run)
    assert "This run is interrupted: " in report._repr_html_()
    measured = report.outcomes().height
    assert 0 < measured < 3 * 54
    limited.close()

    opened = lab.open(lab_config)
    resumed = await opened.benchmark("decider", run_id=run.id)
    assert (resumed.id, resumed.status) == (run.id, "completed")
    report = opened.decider_report(run.id)
    assert report.outcomes().height == 3 * 54
    assert report.plot("difficulty").to_dict()
    opened.close()


async def test_results_that_were_carried_are_reported_with_their_origin(lab_config: Path) -> None:
    opened = lab.open(lab_config)
    first = await opened.benchmark("classifier", per_route=1)
    second = await opened.benchmark("classifier", per_route=1)
    text = opened.classifier_report(second)._repr_html_()
    assert f"sim/cedar-mini: carried from {first.id}" in text
    assert "0 measured in this run" in text
    assert opened.classifier_report(second).outcomes().height == 2 * 18
    opened.close()


def _with_little_money(config: Path) -> Path:
    poor = config.with_name("poor.toml")
    poor.write_text(config.read_text() + "\n[limits]\nmax_cost_usd = 0.01\n")
    return poor
