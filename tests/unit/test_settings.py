from pathlib import Path

import pytest

from routelab.errors import ConfigError
from routelab.settings import Settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STORE_URL", "API_KEY", "DECIDE_KEYS"):
        monkeypatch.delenv(f"ROUTELAB_{name}", raising=False)


def test_nothing_set_means_defaults_and_no_key() -> None:
    settings = Settings()
    assert settings.config == Path("routelab.toml")
    assert (settings.store_url, settings.api_key, settings.decide_keys) == (None, None, None)
    assert settings.keys() == ()


def test_everything_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTELAB_CONFIG", "/etc/routelab.toml")
    monkeypatch.setenv("ROUTELAB_API_KEY", "sk-hunter2")
    monkeypatch.setenv("ROUTELAB_DECIDE_KEYS", " one, two ,,")
    settings = Settings()
    assert settings.config == Path("/etc/routelab.toml")
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "sk-hunter2"
    assert settings.keys() == ("one", "two")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STORE_URL", "API_KEY", "DECIDE_KEYS"):
        monkeypatch.setenv(f"ROUTELAB_{name}", "hunter2")
    settings = Settings()
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTELAB_API_KEY", "")
    assert Settings().api_key is None


@pytest.mark.parametrize("value", [",", " ", " , ,"])
def test_keys_that_are_none_never_open_the_door(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ROUTELAB_DECIDE_KEYS", value)
    with pytest.raises(ConfigError, match="holds no key"):
        Settings().keys()
