"""The project's tasks. `nox -s demo` and `nox -s tests` do their own set-up on a fresh machine."""

import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["tests"]

PYTHON = "3.11"
UV = (sys.executable, "-m", "uv")
LOCKS = {
    "serve": ["--extra", "serve", "--extra", "local", "--extra", "redis"],
    "lab": ["--extra", "lab"],
    "all": ["--extra", "all"],
    "dev": ["--extra", "all", "--group", "dev"],
    "bench": ["--extra", "all", "--group", "dev", "--group", "bench"],
    "litellm": ["--extra", "serve", "--group", "dev", "--group", "litellm"],
}


def install(session: nox.Session, lock: str = "dev") -> None:
    """Everything a session needs, by hash, and routelab itself, editable."""
    # Compiled now, since PYTHONDONTWRITEBYTECODE would have every process compile everything again.
    session.install("--compile-bytecode", "--require-hashes", "-r", f"requirements/{lock}.txt")
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")


@nox.session(python=PYTHON)
def demo(session: nox.Session) -> None:
    """The whole loop on invented models, on a sample of the cases; prints where its pages lie."""
    install(session)
    session.run("routelab", "demo", *(session.posargs or ["--quick"]))


@nox.session(python=PYTHON)
def tests(session: nox.Session) -> None:
    """All quick tests."""
    install(session)
    session.run("pytest", "-n", "3", "--dist", "loadfile", "-m", "not slow and not docker", *session.posargs)


@nox.session(python=PYTHON)
def slow(session: nox.Session) -> None:
    """The long tests: simulations, verification of all cases, full notebooks, the demo."""
    install(session)
    session.run("pytest", "-m", "slow and not docker", *session.posargs)


@nox.session(python=PYTHON)
def docker(session: nox.Session) -> None:
    """Real agents in real containers, on a Docker engine of the session's own."""
    install(session)
    session.run("pytest", "-m", "docker", "--capture", "no", *session.posargs)


@nox.session(python=PYTHON)
def litellm(session: nox.Session) -> None:
    """The hook inside the real LiteLLM proxy; prints a conversation with it."""
    install(session, "litellm")
    session.run("pytest", "tests/integration/litellm", "--capture", "no", *session.posargs)


@nox.session(python=PYTHON)
def lint(session: nox.Session) -> None:
    """Style, types, floors, and clean notebooks."""
    install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("nbstripout", "--verify", *map(str, sorted(Path("notebooks").glob("*.ipynb"))))


@nox.session(python=PYTHON)
def bench(session: nox.Session) -> None:
    """Figures of speed and memory; prints ratios, judges nothing."""
    install(session, "bench")
    for script in sorted(Path("tests/performance").glob("bench_*.py")):
        session.run("python", str(script), *session.posargs)


@nox.session(python=False)
def dev(session: nox.Session) -> None:
    """Make `.venv` in the root with everything, editable."""
    session.run(*UV, "venv", "--quiet", "--allow-existing", "--python", PYTHON, ".venv")
    into = (*UV, "pip", "install", "--python", ".venv")
    session.run(*into, "--compile-bytecode", "--require-hashes", "-r", "requirements/dev.txt")
    session.run(*into, "--no-deps", "--no-build-isolation", "--editable", ".")


@nox.session(python=False)
def lock(session: nox.Session) -> None:
    """Refresh the hashed requirement files; `-- --upgrade` takes newer versions."""
    for name, chosen in LOCKS.items():
        session.run(
            *UV, "pip", "compile", "--quiet", "--universal", "--python-version", PYTHON,
            "--generate-hashes", "--no-header", "--no-emit-index-url", *chosen,
            "pyproject.toml", "--output-file", f"requirements/{name}.txt", *session.posargs,
        )  # fmt: skip
