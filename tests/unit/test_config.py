import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from routelab.config import Config, load_config, parse_config, sessions_url, store_url
from routelab.errors import ConfigError
from routelab.records import Candidate
from routelab.settings import Settings

_README = Path(__file__).parents[2] / "README.md"
_README_BLOCKS = re.findall(r"^```toml\n(.*?)^```", _README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
assert _README_BLOCKS


def load(folder: Path, text: str) -> Config:
    path = folder / "routelab.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_an_empty_file_gives_the_defaults_of_the_contract(tmp_path: Path) -> None:
    config = load(tmp_path, "")
    policy, limits, decider = config.policy, config.limits, config.decider
    assert (policy.min_accuracy, policy.confidence, policy.rule) == (0.75, 0.9, "proven")
    assert (policy.switch_cost_factor, policy.best_accuracy_switch_threshold) == (3, 0.05)
    assert policy.classifier_max_p95_latency_ms == 1000
    assert (limits.max_concurrency, limits.timeout_s, limits.max_cost_usd) == (4, 180, None)
    assert (decider.dataset, decider.repetitions, decider.candidates) == ("decider/v2", 1, ())
    assert config.classifier.dataset == "classifier/v2"
    assert config.serve.sources == ("benchmark",)
    assert config.prices == {}


@pytest.mark.parametrize("section", ["decider", "classifier"])
def test_a_section_says_only_what_differs_from_the_defaults(tmp_path: Path, section: str) -> None:
    config = load(tmp_path, f"[{section}]\nrepetitions = 3")
    assert (getattr(config, section).dataset, getattr(config, section).repetitions) == (f"{section}/v2", 3)


@pytest.mark.parametrize(
    "switch", ["serve.shadow.enabled", "serve.decision_log.keep_prompts", "sandbox.allow_real_models"]
)
@pytest.mark.parametrize("value", ["'yes'", "'true'", "1", "[]"])
def test_what_opens_something_is_opened_by_nothing_but_true(tmp_path: Path, switch: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{switch}: Input should be a valid boolean"):
        load(tmp_path, f"{switch} = {value}")


@pytest.mark.parametrize("block", _README_BLOCKS)
def test_what_the_readme_shows_is_a_configuration_by_itself(tmp_path: Path, block: str) -> None:
    load(tmp_path, block)


def test_a_whole_file(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        """
        taxonomy = "taxonomy/v2"
        [paths]
        datasets = "data"
        [endpoint]
        kind = "simulated"
        base_url = "http://127.0.0.1:9/v1"
        [decider]
        dataset = "decider/v3"
        candidates = ["acme/small", "acme/small@high"]
        repetitions = 5
        [limits]
        max_cost_usd = 2.5
        [policy]
        classifier_max_p95_latency_ms = "none"
        [serve]
        sources = ["benchmark", "simulated"]
        classifier = "acme/tiny@low"
        [prices."acme/small"]
        input_per_million = 0.1
        output_per_million = 0.4
        as_of = 2031-02-03
        """,
    )
    assert config.decider.candidates == (Candidate("acme/small"), Candidate("acme/small", "high"))
    assert config.serve.classifier == Candidate("acme/tiny", "low")
    assert config.policy.classifier_max_p95_latency_ms is None
    assert config.prices["acme/small"].as_of == date(2031, 2, 3)
    assert config.dataset_path(config.decider.dataset) == tmp_path / "data/decider/v3"
    assert config.taxonomy_path == tmp_path / "data/taxonomy/v2/taxonomy.json"
    assert config.work_path == tmp_path / ".routelab"


def test_paths_are_read_against_the_file_and_not_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "routelab.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    config = load_config(Path("routelab.toml"))
    assert config.reports_path == tmp_path / "reports"
    assert config.notebooks_path.is_absolute()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nonsense = 1", "nonsense: Extra inputs are not permitted"),
        ("root = '/elsewhere'", "root: "),
        ("[decider]\ndataset = 'd'\ncandidates = ['a', 'b', 'a']", "decider: candidate a stands twice"),
        ("[decider]\ndataset = 'd'\ncandidates = ['a@low', 'a@low']", "decider: candidate a@low stands twice"),
        ("[decider]\ndataset = 'd'\ncandidates = ['']", "decider.candidates.0: a candidate needs a model id"),
        ("[decider]\ndataset = 'd'\ncandidates = [3]", "decider.candidates.0: write a candidate as"),
        ("[decider]\ndataset = 'd'\nrepetitions = 6", "decider.repetitions: "),
        ("[decider]\ndataset = 'd'\nrepetitions = 0", "decider.repetitions: "),
        ("[limits]\nmax_concurrency = 0", "limits.max_concurrency: "),
        ("[limits]\nmax_concurrency = 101", "limits.max_concurrency: "),
        ("[limits]\nmax_cost_usd = 0", "limits.max_cost_usd: "),
        ("[limits]\nmax_cost_usd = inf", "limits.max_cost_usd: "),
        ("[policy]\nmin_accuracy = 75", "policy.min_accuracy: "),
        ("[policy]\nmin_accuracy = nan", "policy.min_accuracy: "),
        ("[policy]\nconfidence = 1.0", "policy.confidence: "),
        ("[policy]\nrule = 'best'", "policy.rule: "),
        ("[policy]\nswitch_cost_factor = 0.5", "policy.switch_cost_factor: "),
        ("[policy]\nswitch_cost_factor = inf", "policy.switch_cost_factor: "),
        ("[policy]\nclassifier_max_p95_latency_ms = 'fast'", "policy.classifier_max_p95_latency_ms: "),
        ("[policy]\nclassifier_max_p95_latency_ms = 0", "policy.classifier_max_p95_latency_ms: "),
        ("[endpoint]\nbase_url = 'no url'", "endpoint.base_url: "),
        ("[endpoint]\nkind = 'magic'", "endpoint.kind: "),
        ("[endpoint]\ntimeout_s = inf", "endpoint.timeout_s: "),
        ("[serve]\nsources = ['made_up']", "serve.sources.0: "),
        ("[prices.m]\ninput_per_million = nan\noutput_per_million = 1\nas_of = 2031-01-01", "prices.m."),
        ("[prices.m]\ninput_per_million = 1\noutput_per_million = 1", "prices.m.as_of: Field required"),
    ],
)
def test_a_fault_names_file_key_and_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'routelab.toml'}: {complaint}")
    assert "\n" not in str(caught.value)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"policy\.rule: .*; limits\.timeout_s: |limits\.timeout_s: .*; policy\.rule"):
        load(tmp_path, "[policy]\nrule = 'x'\n[limits]\ntimeout_s = 0")


@pytest.mark.parametrize(
    "text",
    [
        "[store]\nurl = 'postgresql://joe:hunter2@db/routelab'",
        "[endpoint]\nbase_url = 'https://joe:hunter2@example.org/v1'",
    ],
)
def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="secrets belong into the environment") as caught:
        load(tmp_path, text)
    assert "hunter2" not in str(caught.value)


def test_a_store_url_without_a_password_is_fine(tmp_path: Path) -> None:
    url = "postgresql://joe@db/routelab"
    assert load(tmp_path, f"[store]\nurl = '{url}'").store.url == url


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no configuration file .*--config"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="cannot read"):
        load_config(tmp_path)
    with pytest.raises(ConfigError, match="is not TOML"):
        load(tmp_path, "a = ")
    (tmp_path / "latin.toml").write_bytes(b'taxonomy = "\xe4"')
    with pytest.raises(ConfigError, match="is not TOML"):
        load_config(tmp_path / "latin.toml")


@pytest.mark.parametrize("section", ["policy", "decider", "prices"])
@pytest.mark.parametrize("value", [[], "x", 3])
def test_a_section_that_is_none_is_refused(section: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=f"the configuration: {section}"):
        parse_config({section: value}, root=Path())


@pytest.mark.parametrize(("section", "key"), [("store", "url"), ("serve.sessions", "store")])
@pytest.mark.parametrize(
    ("written", "file"),
    [("sqlite:///kept.db", "kept.db"), ("sqlite:///a/b.db", "a/b.db"), ("sqlite:////srv/s.db", "/srv/s.db")],
)
def test_an_sqlite_file_is_read_against_the_configuration(
    tmp_path: Path, section: str, key: str, written: str, file: str
) -> None:
    url = store_url if section == "store" else sessions_url
    config = load(tmp_path, f"[{section}]\n{key} = '{written}'")
    assert url(config, Settings()) == f"sqlite:///{tmp_path / file}"
    told = Settings(store_url=SecretStr(written), sessions_url=SecretStr(written))
    assert url(load(tmp_path, ""), told) == f"sqlite:///{tmp_path / file}"


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "postgresql+psycopg://127.0.0.1/routelab"])
def test_other_stores_stay_as_they_are_written(tmp_path: Path, url: str) -> None:
    assert store_url(load(tmp_path, f"[store]\nurl = '{url}'"), Settings()) == url


@pytest.mark.parametrize("url", ["memory", "sqlite:///", "redis://127.0.0.1:6379/0", "unix:///run/valkey.sock"])
def test_other_places_of_sessions_stay_as_they_are_written(tmp_path: Path, url: str) -> None:
    assert sessions_url(load(tmp_path, f"[serve.sessions]\nstore = '{url}'"), Settings()) == url
