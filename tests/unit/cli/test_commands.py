"""Help, exit codes and sentences of the command line."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from tests.spec import samples
from tests.unit.cli.conftest import Routelab

from routelab import __version__
from routelab.cli.main import app
from routelab.records import Candidate, RunCandidate
from routelab.store import open_store
from routelab.table import build_table


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command that is no group."""
    if not hasattr(command, "commands"):
        yield path
        return
    for name, below in command.commands.items():
        yield from leaves(below, (*path, name))


COMMANDS = sorted(leaves(typer.main.get_command(app)))


def test_all_commands_are_there() -> None:
    expected = """bench classifier, bench decider, runs list, runs show, runs resume, table build, table show,
    table publish, table history, datasets validate, report, serve, endpoint simulate, config check, store upgrade,
    doctor"""
    assert {tuple(command.split()) for command in expected.replace("\n", " ").split(",")} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example_of_itself(routelab: Routelab, command: tuple[str, ...]) -> None:
    result = routelab(*command, "--help")
    assert result.code == 0
    assert "Example:" in result.out
    assert f"routelab {' '.join(command)}" in " ".join(result.out.partition("Example:")[2].split())


def test_the_version(routelab: Routelab) -> None:
    assert routelab("--version").out.strip() == __version__


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["runs", "nonsense"],
        ["runs", "show"],
        ["bench", "decider", "--per-route", "0"],
        ["bench", "decider", "--nonsense"],
        ["runs", "show", "decider-9"],
        ["runs", "resume", "decider-9"],
        ["table", "show"],
        ["table", "show", "0123"],
        ["table", "publish", "0123"],
        ["table", "build", "decider-9"],
        ["report", "decider-9"],
        ["bench", "decider"],
        ["bench", "classifier"],
        ["runs", "list", "--config", "nowhere.toml"],
    ],
    ids=" ".join,
)
def test_a_users_mistake_exits_with_2_and_says_so_on_standard_error(routelab: Routelab, arguments: list[str]) -> None:
    result = routelab(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err.strip()
    assert "Traceback" not in result.err


def sentence(result_err: str) -> str:
    """The one line on standard error, without the program's name."""
    assert result_err.startswith("routelab: ")
    assert result_err.count("\n") == 1
    return result_err.removeprefix("routelab: ").strip()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[limits\n", "routelab.toml is not TOML: "),
        (b"\xff\xfe[limits]\n", "routelab.toml is not TOML: "),
        (b"[limits]\nmax_concurrency = 0\n", "limits.max_concurrency: "),
        (b"[limits]\nmax_steps = 'many'\n", "limits.max_steps: "),
        (b"[nonsense]\n", "nonsense: "),
        (b"[policy]\nmin_accuracy = 1.5\n", "policy.min_accuracy: "),
        (b"[decider]\ndataset = 'decider/v1'\ncandidates = ['m', 'm']\n", "decider: candidate m stands twice"),
        (b"[store]\nurl = 'postgresql://me:hunter2@host/db'\n", "store.url: holds a password"),
    ],
)
def test_a_bad_configuration_is_one_sentence(routelab: Routelab, tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "routelab.toml").write_bytes(content)
    for command in (["config", "check"], ["runs", "list"], ["bench", "decider"]):
        result = routelab(*command)
        assert result.code == 2
        assert expected in sentence(result.err)
        assert "hunter2" not in result.err


def test_a_folder_in_the_place_of_the_configuration_is_one_sentence(routelab: Routelab, tmp_path: Path) -> None:
    result = routelab("runs", "list", "--config", str(tmp_path))
    assert result.code == 2
    assert sentence(result.err) == f"cannot read {tmp_path}: Is a directory"


COMMANDS_ON_THE_STORE = [
    ["runs", "list"],
    ["runs", "show", "decider-1"],
    ["table", "show"],
    ["table", "history"],
    ["store", "upgrade"],
    ["bench", "decider"],
]


@pytest.mark.parametrize("arguments", COMMANDS_ON_THE_STORE, ids=" ".join)
def test_a_corrupt_store_is_one_sentence(routelab: Routelab, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / ".routelab").mkdir()
    (tmp_path / ".routelab/routelab.db").write_bytes(b"no database at all, only a name\n" * 200)
    result = routelab(*arguments)
    assert (result.code, result.out) == (1, "")
    assert sentence(result.err).endswith("failed: file is not a database")


@pytest.mark.parametrize("arguments", COMMANDS_ON_THE_STORE, ids=" ".join)
def test_somebody_elses_database_is_one_sentence(routelab: Routelab, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / ".routelab").mkdir()
    with sqlite3.connect(tmp_path / ".routelab/routelab.db") as connection:
        connection.execute("CREATE TABLE invoices (id INTEGER)")
    connection.close()
    result = routelab(*arguments)
    assert (result.code, result.out) == (1, "")
    assert sentence(result.err).endswith("is a database, but not a routelab store; name another one")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A store with a completed run and its published table."""
    file = tmp_path / ".routelab/routelab.db"
    store = open_store(f"sqlite:///{file}")
    store.runs.create(samples.run(), [RunCandidate(samples.ATLAS), RunCandidate(samples.CEDAR)])
    store.results.add_attempts([samples.full_attempt()])
    rows = [samples.summary(route) for route in (*samples.ROUTES, None)]
    store.results.write_summaries("decider-1", rows)
    store.runs.end("decider-1", "completed")
    table = build_table(rows, routes=samples.ROUTES, run_ids=["decider-1"], source="simulated", taxonomy_version="v1")
    store.tables.add(table)
    store.tables.publish(table.version, samples.NOON)
    store.close()
    return file


def test_what_an_endpoint_said_is_shown_as_it_stands(routelab: Routelab, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / '.routelab/routelab.db'}")
    store.runs.create(samples.run(), [RunCandidate(samples.ATLAS)])
    store.runs.end("decider-1", "interrupted", reason="400: [/INST] [red]\x1b[2J")
    store.close()
    result = routelab("runs", "list")
    assert (result.code, result.err) == (0, "")
    assert "[/INST]" in result.out
    assert "[red]\N{REPLACEMENT CHARACTER}[2J" in "".join(result.out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["runs", "list"],
        ["runs", "show", "decider-1"],
        ["table", "show"],
        ["table", "history"],
        ["table", "build", "decider-1"],
        ["config", "check"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_json_parses_and_stands_alone_on_standard_output(
    routelab: Routelab, filled: Path, arguments: list[str]
) -> None:
    result = routelab(*arguments, "--json")
    assert result.code in (0, 1) if arguments == ["doctor"] else result.code == 0
    assert json.loads(result.out)


def test_the_tables_for_people_name_what_matters(routelab: Routelab, filled: Path) -> None:
    assert "decider-1" in routelab("runs", "list").out
    shown = routelab("runs", "show", "decider-1").out
    assert "sim/atlas" in shown
    assert "simulated" in shown
    table = routelab("table", "show").out
    assert "debugging/bug_fixing" in table
    assert "simulated" in table


def test_a_run_shows_that_a_part_of_what_it_spent_is_estimated(routelab: Routelab, filled: Path) -> None:
    assert "estimated" not in routelab("runs", "show", "decider-1").out
    store = open_store(f"sqlite:///{filled}")
    store.results.add_attempts([samples.attempt(7, cost_usd=None, spent_usd=0.125)])
    store.close()
    shown = routelab("runs", "show", "decider-1")
    assert "$0.375000 spent" in shown.out
    assert "the cost of 1 attempt is unknown: what was spent holds an estimate of it" in shown.out
    document = json.loads(routelab("runs", "show", "decider-1", "--json").out)
    assert (document["spent_usd"], document["attempts_of_unknown_cost"]) == (0.375, 1)


def allow_simulated(folder: Path) -> None:
    with (folder / "routelab.toml").open("a") as file:
        file.write('[serve]\nsources = ["simulated"]\n')


def test_a_published_version_goes_live_again(routelab: Routelab, filled: Path, tmp_path: Path) -> None:
    allow_simulated(tmp_path)
    [publication] = json.loads(routelab("table", "history", "--json").out)
    result = routelab("table", "publish", publication["version"])
    assert result.code == 0
    assert f"Published the routing table {publication['version']} (simulated)." in result.out
    assert len(json.loads(routelab("table", "history", "--json").out)) == 2


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"source": "imported"}, "is imported, which serve.sources does not name"),
        ({"taxonomy_version": "v0"}, "is for taxonomy v0, not for v1"),
        ({"routes": ["cooking/soup"]}, "has routes outside the taxonomy: cooking/soup"),
        ({"routes": ["debugging/bug_fixing"], "model": "routelab/auto"}, "routelab/auto is a virtual model"),
        ({"routes": [*samples.ROUTES, "debugging/root_cause_analysis"]}, "known cost on debugging/root_cause_analysis"),
    ],
)
def test_a_table_that_no_shim_would_serve_is_refused_in_one_sentence(
    routelab: Routelab, filled: Path, tmp_path: Path, changes: dict[str, Any], complaint: str
) -> None:
    allow_simulated(tmp_path)
    candidate = Candidate(changes.pop("model", "sim/atlas"))
    rows = [samples.summary(route, candidate) for route in (*samples.ROUTES, "cooking/soup")]
    given = {"routes": samples.ROUTES, "source": "simulated", "taxonomy_version": "v1", **changes}
    table = build_table(rows, **given)
    store = open_store(f"sqlite:///{filled}")
    store.tables.add(table)
    store.close()
    before = routelab("table", "history", "--json").out
    result = routelab("table", "publish", table.version)
    assert (result.code, result.out) == (1, "")
    said = sentence(result.err)
    assert said.startswith(f"not published: table {table.version}")
    assert complaint in said
    assert routelab("table", "history", "--json").out == before


def test_the_live_table_is_shown_with_the_classifier_that_was_published(routelab: Routelab, filled: Path) -> None:
    live = json.loads(routelab("table", "show", "--json").out)
    assert live["classifier_winner"] is None
    assert "classifier_winner" not in json.loads(routelab("table", "show", live["version"], "--json").out)


def test_a_table_that_was_edited_in_the_store_is_one_sentence(routelab: Routelab, filled: Path) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("UPDATE table_candidates SET accuracy = 0.999")
    connection.close()
    result = routelab("table", "show")
    assert (result.code, result.out) == (1, "")
    assert "was changed after it was written: its content_sha256 does not match" in sentence(result.err)


def test_a_table_is_written_to_a_file(routelab: Routelab, filled: Path, tmp_path: Path) -> None:
    assert routelab("table", "build", "decider-1", "--output", "table.json").code == 0
    assert json.loads((tmp_path / "table.json").read_text())["run_ids"] == ["decider-1"]


def test_a_file_that_cannot_be_written_is_one_sentence(routelab: Routelab, filled: Path, tmp_path: Path) -> None:
    result = routelab("table", "build", "decider-1", "--output", str(tmp_path))
    assert result.code == 2
    assert sentence(result.err) == f"cannot write {tmp_path}: Is a directory"


def test_a_newer_schema_is_refused_in_one_sentence(routelab: Routelab, filled: Path) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (["store", "upgrade"], ["runs", "list"]):
        result = routelab(*command)
        assert result.code == 1
        assert sentence(result.err).endswith("newer routelab (schema 9999); upgrade routelab to read it")


def test_a_store_is_made_and_upgraded(routelab: Routelab, tmp_path: Path) -> None:
    first, again = routelab("store", "upgrade"), routelab("store", "upgrade")
    assert (first.code, again.code) == (0, 0)
    assert "schema none -> 0" in first.out
    assert (tmp_path / ".routelab/routelab.db").exists()


def test_sealing_a_folder_that_is_not_there_is_one_sentence(routelab: Routelab, tmp_path: Path) -> None:
    result = routelab("datasets", "seal", str(tmp_path / "decider/v7"))
    assert result.code == 2
    assert "no folder" in sentence(result.err)


def test_validation_names_what_is_wrong_and_exits_with_1(routelab: Routelab, tmp_path: Path) -> None:
    result = routelab("datasets", "validate", str(tmp_path / "decider/v7"), "--json")
    assert result.code == 1
    [problems] = json.loads(result.out).values()
    assert len(problems) == 1
    assert "is no dataset" in problems[0]


def test_the_key_is_never_printed(routelab: Routelab, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTELAB_API_KEY", "sk-0123456789abcdef0123456789")
    monkeypatch.setenv("ROUTELAB_DECIDE_KEYS", "decide-0123456789")
    for command in (
        ["config", "check"],
        ["config", "check", "--json"],
        ["doctor"],
        ["runs", "show", "decider-1", "--json"],
    ):
        result = routelab(*command)
        assert "0123456789" not in result.out + result.err.replace("decider-1", "")
