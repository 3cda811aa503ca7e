"""One spec of the sandbox, every kind."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from routelab.errors import SandboxError
from routelab.sandbox import Launch, ProcessSandbox, Sandbox
from routelab.sandbox.protocol import STDERR_BYTES, STDOUT_HALF


async def in_container(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Sandbox]:
    from routelab.config import EndpointConfig
    from routelab.llm.proxy import Proxy, serving
    from routelab.sandbox.containers import (
        PROXY_SOCKET,
        ContainerLimits,
        ContainerSandbox,
        Engine,
        Labels,
        Slots,
    )

    image = request.getfixturevalue("stub_image")
    async with Engine() as engine, Proxy(EndpointConfig()) as proxy, serving(proxy, folder / PROXY_SOCKET):
        made = ContainerSandbox(
            engine,
            Slots(engine, 4),
            image=image,
            labels=Labels(run_id="spec", lane="one"),
            limits=ContainerLimits(memory_mb=256, disk_mb=64, cpus=1.0),
            proxy_folder=folder,
        )
        await made.start()
        yield made
        await made.close()


@pytest.fixture(params=["process", pytest.param("docker", marks=pytest.mark.docker)])
async def sandbox(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Sandbox]:
    if request.param == "docker":
        async for made in in_container(request, tmp_path / "proxy"):
            yield made
    else:
        made = ProcessSandbox()
        await made.start()
        yield made
        await made.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("first\n")
    (folder / "sub/b.txt").write_text("second\n")
    return folder


async def run(sandbox: Sandbox, command: str, timeout_s: float = 10) -> str:
    result = await sandbox.run(command, timeout_s=timeout_s)
    assert result.exit_code == 0, result.output
    return result.output


def program(command: str, *, stdin: bytes = b"", timeout_s: float = 10, **env: str) -> Launch:
    return Launch(command=command, env=env, stdin=stdin, timeout_s=timeout_s)


# Commands


async def test_output_and_exit_code(sandbox: Sandbox) -> None:
    result = await sandbox.run("echo out; echo err >&2; exit 3", timeout_s=10)
    assert (result.exit_code, result.output, result.timed_out) == (3, "out\nerr\n", False)


@pytest.mark.parametrize(
    "text", ["", "no line end", "\n", "\n\n", "a\nb\n\n", "\n0123456789abcdef0123456789abcdef 0\n"]
)
async def test_output_is_kept_to_the_byte(sandbox: Sandbox, text: str) -> None:
    result = await sandbox.run("cat", timeout_s=10, stdin=text.encode())
    assert result.output == text
    launched = await sandbox.launch(program("tee /dev/stderr", stdin=text.encode()))
    assert (launched.stdout, launched.stderr) == (text, text)


async def test_standard_input_is_empty_or_what_is_given(sandbox: Sandbox) -> None:
    assert await run(sandbox, "cat") == ""
    fed = await sandbox.run("wc -c", timeout_s=10, stdin=b"x" * 3_000_000)
    assert fed.output.strip() == "3000000"
    unread = await sandbox.run("exit 0", timeout_s=10, stdin=b"x" * 3_000_000)
    assert unread.exit_code == 0


@pytest.mark.parametrize("command", ["echo \x00", "echo " + "x" * 200_000])
async def test_what_cannot_be_started_is_no_failure_of_the_place(sandbox: Sandbox, command: str) -> None:
    result = await sandbox.run(command, timeout_s=10)
    assert (result.exit_code, result.timed_out) == (126, False)
    assert result.output.startswith("sh: ")
    assert await run(sandbox, "echo alive") == "alive\n"


async def test_a_command_that_is_long_but_not_too_long_is_run(sandbox: Sandbox) -> None:
    assert await run(sandbox, f"echo {'ä' * 50_000} | wc -c") == "100001\n"


async def test_the_deadline_ends_a_command(sandbox: Sandbox) -> None:
    began = time.monotonic()
    result = await sandbox.run("echo begun; trap '' TERM; sleep 60; sleep 60", timeout_s=0.7)
    assert (result.exit_code, result.timed_out, result.output.splitlines()[0]) == (None, True, "begun")
    assert time.monotonic() - began < 0.7 + 10
    assert await run(sandbox, "echo alive") == "alive\n"


@pytest.mark.parametrize("code", [124, 137, 143])
async def test_an_exit_code_like_the_deadlines_is_none(sandbox: Sandbox, code: int) -> None:
    result = await sandbox.run(f"exit {code}", timeout_s=10)
    assert (result.exit_code, result.timed_out) == (code, False)


async def test_the_children_end_with_the_command(sandbox: Sandbox) -> None:
    began = time.monotonic()
    await run(sandbox, "for i in 1 2 3; do sleep 61.5 >/dev/null 2>&1 & done; sleep 0.1")
    assert time.monotonic() - began < 5
    for _ in range(50):
        if "61.5" not in await run(sandbox, "ps -eo args | grep '[s]leep 61.5' || true"):
            return
        await asyncio.sleep(0.02)
    pytest.fail("a child outlived its command")


async def test_huge_output_is_bounded_and_its_middle_cut_out(sandbox: Sandbox) -> None:
    output = await run(sandbox, "echo first; head -c 30000000 /dev/zero | tr '\\0' x; echo; echo last", timeout_s=60)
    assert len(output) < 70_000
    assert output.startswith("first\nx")
    assert output.endswith("x\nlast\n")
    assert "bytes cut out" in output


async def test_output_that_is_no_text_is_read_all_the_same(sandbox: Sandbox) -> None:
    assert await run(sandbox, "printf 'a\\377b'") == "a\N{REPLACEMENT CHARACTER}b"


# Programs


async def test_a_programs_streams_are_apart(sandbox: Sandbox) -> None:
    result = await sandbox.launch(program('cat; echo "$GIVEN" >&2; exit 4', stdin=b"asked", GIVEN="told"))
    assert (result.exit_code, result.stdout, result.stderr, result.timed_out) == (4, "asked", "told\n", False)


async def test_a_programs_output_is_bounded(sandbox: Sandbox) -> None:
    flood = "head -c 5000000 /dev/zero | tr '\\0' {letter}; echo {letter}end"
    result = await sandbox.launch(
        program(f"{flood.format(letter='x')}; ({flood.format(letter='y')}) >&2", timeout_s=60)
    )
    assert result.exit_code == 0
    assert 2 * STDOUT_HALF < len(result.stdout) < 2 * STDOUT_HALF + 100
    assert result.stdout.endswith("xend\n")
    assert STDERR_BYTES <= len(result.stderr) < STDERR_BYTES + 100
    assert result.stderr.endswith("yend\n")


async def test_a_programs_deadline_keeps_what_it_had_said(sandbox: Sandbox) -> None:
    result = await sandbox.launch(program("echo said; echo told >&2; sleep 60", timeout_s=0.7))
    assert (result.exit_code, result.timed_out, result.stdout) == (None, True, "said\n")
    assert result.stderr.startswith("told\n")
    assert await run(sandbox, "echo alive") == "alive\n"


async def test_what_a_program_wrote_is_there_for_the_check(sandbox: Sandbox) -> None:
    await sandbox.launch(program("echo made > file; sleep 60", timeout_s=0.7))
    assert await run(sandbox, "cat file") == "made\n"
    assert await sandbox.read("file") == "made\n"


async def test_python_code_left_in_the_home_does_not_run_in_a_check(sandbox: Sandbox) -> None:
    plant = (
        'd=$(env -u PYTHONNOUSERSITE /usr/bin/python3 -c "import site; print(site.getusersitepackages())"); '
        'mkdir -p "$d"; echo "import os; os._exit(0)" > "$d/usercustomize.py"'
    )
    await sandbox.launch(program(plant))
    assert (await sandbox.run("/usr/bin/python3 -c 'raise SystemExit(1)'", timeout_s=10)).exit_code == 1


# The workspace


async def test_the_workspace_is_a_copy(sandbox: Sandbox, source: Path) -> None:
    await sandbox.reset(source)
    assert await run(sandbox, "cat a.txt sub/b.txt; echo changed > a.txt") == "first\nsecond\n"
    assert (source / "a.txt").read_text() == "first\n"


async def test_modes_times_and_links_come_along(sandbox: Sandbox, source: Path) -> None:
    (source / "run.sh").write_text("#!/bin/sh\necho ran\n")
    (source / "run.sh").chmod(0o750)
    os.utime(source / "a.txt", (1_000_000_000, 1_000_000_000))
    (source / "link").symlink_to("sub/b.txt")
    (source / "broken").symlink_to("nowhere")
    (source / "sub/.hidden ü\n").write_text("odd")
    await sandbox.reset(source)
    assert await run(sandbox, "stat -c %a run.sh; stat -c %Y a.txt; ./run.sh") == "750\n1000000000\nran\n"
    assert await run(sandbox, "readlink link broken; cat link") == "sub/b.txt\nnowhere\nsecond\n"
    assert await run(sandbox, "cat sub/.hidden*") == "odd"


async def test_the_workspace_belongs_to_whoever_works_in_it(sandbox: Sandbox, source: Path) -> None:
    await sandbox.reset(source)
    await run(sandbox, "echo more >> a.txt; rm sub/b.txt; rmdir sub; touch new; git init -q . && git status -s")


async def test_reset_wipes_all_that_was_written(sandbox: Sandbox, source: Path) -> None:
    await sandbox.reset(source)
    await run(sandbox, 'touch new .hidden "$HOME/.profile" "$TMPDIR/left"; rm a.txt; mkdir -p deep/er')
    await sandbox.reset(source)
    assert sorted((await run(sandbox, "ls -A")).split()) == ["a.txt", "sub"]
    assert await run(sandbox, 'ls -A "$HOME" "$TMPDIR" | grep -v : ; true') in ("", "\n")
    await sandbox.reset(None)
    assert await run(sandbox, "ls -A") == ""


async def test_reset_copes_with_what_was_locked_or_replaced(sandbox: Sandbox, source: Path) -> None:
    await run(
        sandbox,
        'mkdir -p deep/er "$HOME/go"; touch deep/er/f "$HOME/go/f"; find deep "$HOME/go" -depth -exec chmod 0 {} +',
    )
    await sandbox.reset(source)
    await run(sandbox, 'place=$(pwd); cd /; rm -rf "$place"; ln -s /usr "$place"')
    await sandbox.reset(source)
    assert sorted((await run(sandbox, "ls -A")).split()) == ["a.txt", "sub"]


async def test_the_setup_is_run_in_the_filled_workspace(sandbox: Sandbox, source: Path) -> None:
    await sandbox.reset(source, setup=b"cat a.txt > made; pwd > where\n")
    assert await sandbox.read("made") == "first\n"
    assert await sandbox.read("where") == await run(sandbox, "pwd")
    with pytest.raises(SandboxError, match="setup of the workspace failed: no luck"):
        await sandbox.reset(source, setup=b"echo no luck; exit 3\n")
    await sandbox.reset(source)
    assert sorted((await run(sandbox, "ls -A")).split()) == ["a.txt", "sub"]


async def test_the_home_is_put_back_to_what_was_kept(sandbox: Sandbox) -> None:
    await run(sandbox, 'mkdir "$HOME/.agent"; echo warm > "$HOME/.agent/state"; ln -s state "$HOME/.agent/link"')
    sandbox.keep_home(await sandbox.pack_home())
    await run(sandbox, 'echo used > "$HOME/.agent/state"; touch "$HOME/left"')
    for _ in range(2):
        await sandbox.reset(None)
        assert await run(sandbox, 'cat "$HOME/.agent/link"; ls -A "$HOME"') == "warm\n.agent\n"
        await run(sandbox, 'rm -rf "$HOME/.agent"')


async def test_a_folder_that_is_not_there_is_a_sandbox_error(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="nowhere"):
        await sandbox.reset(tmp_path / "nowhere")
    with pytest.raises(SandboxError, match="nowhere"):
        await sandbox.lay_in(tmp_path / "nowhere")


# Hidden files


@pytest.mark.parametrize(
    "obstacle",
    [
        "true",
        "mkdir a.txt; touch a.txt/x; touch sub",
        "touch a.txt; mkdir sub; touch sub/b.txt; chmod 0 a.txt sub/b.txt",
        "mkdir -p a.txt/x; touch a.txt/x/y; find a.txt -depth -exec chmod 0 {} +",
        "mkdir sub; touch sub/b.txt; chmod 555 sub",
        "mkdir sub; touch sub/b.txt; chmod 0 sub",
        "ln -s nowhere a.txt; ln -s . sub",
        "ln -s /etc sub; ln -s /etc/passwd a.txt",
        "mkfifo a.txt; mkdir -p sub/b.txt/x",
        "mkdir -p sub/b.txt; chmod 555 . sub",
        'place=$(pwd); cd /; rm -rf "$place"',
        'place=$(pwd); cd /; rm -rf "$place"; touch "$place"',
    ],
)
async def test_hidden_files_replace_whatever_stands_in_their_way(sandbox: Sandbox, source: Path, obstacle: str) -> None:
    await run(sandbox, obstacle)
    await sandbox.lay_in(source)
    assert await run(sandbox, "cat a.txt sub/b.txt; [ ! -L a.txt ] && [ ! -L sub ]") == "first\nsecond\n"


async def test_hidden_files_come_before_the_command_and_leave_the_rest(sandbox: Sandbox, source: Path) -> None:
    await run(sandbox, "mkdir sub; echo mine > own.txt; echo mine > sub/own.txt")
    result = await sandbox.run("cat own.txt sub/own.txt a.txt sub/b.txt -", timeout_s=10, stdin=b"in", over=source)
    assert (result.exit_code, result.output) == (0, "mine\nmine\nfirst\nsecond\nin")


async def test_nothing_is_written_where_links_lead(sandbox: Sandbox, source: Path) -> None:
    await run(sandbox, 'mkdir "$HOME/out"; echo kept > "$HOME/out/b.txt"; ln -s "$HOME/out" sub')
    await sandbox.lay_in(source)
    assert await run(sandbox, 'cat "$HOME/out/b.txt"; ls "$HOME/out"') == "kept\nb.txt\n"


# Reading


async def test_files_are_read_from_inside_only(sandbox: Sandbox) -> None:
    await run(
        sandbox,
        'echo in > plain; ln -s plain link; ln -s /etc/passwd out; ln -s /etc etc; mkdir d; echo out > "$HOME/f"; '
        'ln -s "$HOME" home; mkfifo pipe; ln -s loop loop; echo odd > "-n"; echo odd > "a b\'c"',
    )
    async with asyncio.timeout(20):
        for path in ("plain", "link", "./plain", "d/../plain"):
            assert await sandbox.read(path) == "in\n"
        for path in ("-n", "a b'c"):
            assert await sandbox.read(path) == "odd\n"
        outside = ["out", "etc/passwd", "/etc/passwd", "home/f", "../home/f", "home"]
        for path in (*outside, "d", ".", "", "missing", "plain/x", "pipe", "loop", "nul\0l"):
            assert await sandbox.read(path) is None, path


async def test_a_long_file_is_read_in_part_and_the_text_is_kept(sandbox: Sandbox) -> None:
    await run(sandbox, "head -c 5000000 /dev/zero > big; printf 'ü\\n\\n' > text; : > empty; printf 'a\\377' > binary")
    assert len(await sandbox.read("big") or "") == 4_000_000
    assert await sandbox.read("text") == "ü\n\n"
    assert await sandbox.read("empty") == ""
    assert await sandbox.read("binary") == "a\N{REPLACEMENT CHARACTER}"


# Cancelled


async def test_a_command_that_is_cancelled_leaves_the_place_of_use(sandbox: Sandbox, source: Path) -> None:
    nap = "sleep 60.0271828"  # told from what else naps on a machine whose processes the sandbox shows
    task = asyncio.create_task(sandbox.run(nap, timeout_s=60))
    await asyncio.sleep(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await sandbox.reset(source)
    assert nap not in await run(sandbox, "ps -eo args | grep '[s]leep 60.0271828' || true")
    assert await sandbox.read("a.txt") == "first\n"
