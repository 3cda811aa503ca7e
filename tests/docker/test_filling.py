"""What is done in one exec with a command: setup with the workspace, hidden files with the check."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from routelab.errors import SandboxError
from routelab.sandbox.containers import ContainerLimits, ContainerSandbox, Engine, Labels, Slots

pytestmark = pytest.mark.docker


@pytest.fixture
async def sandbox(stub_image: str, tmp_path: Path) -> AsyncIterator[ContainerSandbox]:
    (tmp_path / "proxy").mkdir()
    async with Engine() as engine:
        made = ContainerSandbox(
            engine,
            Slots(engine, 4),
            image=stub_image,
            labels=Labels(run_id="filling", lane="lane"),
            limits=ContainerLimits(memory_mb=256, disk_mb=64, cpus=1.0),
            proxy_folder=tmp_path / "proxy",
        )
        await made.start()
        yield made
        await made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    (made / "inner").mkdir(parents=True)
    (made / "inner/file.txt").write_text("from the folder\n")
    return made


async def test_a_setup_finds_the_filled_workspace_and_nothing_else_on_its_input(
    sandbox: ContainerSandbox, folder: Path
) -> None:
    await sandbox.reset(folder, setup=b"pwd > where; cat inner/file.txt > copy; cat > rest\n")
    seen = await sandbox.run("cat where copy rest", timeout_s=10)
    assert (seen.exit_code, seen.output) == (0, "/lane/workspace\nfrom the folder\n")


async def test_a_setup_that_fails_says_why(sandbox: ContainerSandbox, folder: Path) -> None:
    with pytest.raises(SandboxError, match="the setup of the workspace failed: no compiler here"):
        await sandbox.reset(folder, setup=b"echo no compiler here; exit 3\n")
    await sandbox.reset(folder)
    assert (await sandbox.run("ls", timeout_s=10)).output == "inner\n"


async def test_a_command_finds_what_was_laid_over_the_workspace_and_its_own_input(
    sandbox: ContainerSandbox, folder: Path
) -> None:
    await sandbox.run("ln -s /etc inner; echo mine > other", timeout_s=10)
    done = await sandbox.run("cat inner/file.txt other -; exit 7", timeout_s=10, stdin=b"input\n", over=folder)
    assert (done.exit_code, done.output) == (7, "from the folder\nmine\ninput\n")


async def test_files_that_cannot_be_laid_in_are_no_verdict_on_the_check(
    sandbox: ContainerSandbox, folder: Path
) -> None:
    (folder / "large").write_bytes(bytes(1 << 20))
    await sandbox.run("head -c 70000000 /dev/zero > full", timeout_s=10)
    with pytest.raises(SandboxError) as raised:
        await sandbox.run("echo checked > /tmp/checked", timeout_s=10, over=folder)
    assert raised.value.kind == "no_space"
    assert "cannot lay folder into the workspace" in str(raised.value)
    assert (await sandbox.run("cat /tmp/checked", timeout_s=10)).exit_code == 1


@pytest.mark.parametrize("code", [231, 255, 999])
async def test_no_exit_code_of_a_check_passes_for_a_failure_to_lay_files_in(
    sandbox: ContainerSandbox, folder: Path, code: int
) -> None:
    done = await sandbox.run(f"python3 -c 'import os; os._exit({code})'", timeout_s=10, over=folder)
    assert done.exit_code == code % 256
