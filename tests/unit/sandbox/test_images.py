import base64
import hashlib
import os
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from routelab.errors import SandboxError, UserError
from routelab.sandbox import recipe, rootfs
from routelab.sandbox.staging import NpmPackage, fetch_npm, read_pin

AGENTS = ("claude-code", "codex", "kilo", "mini-swe-agent", "opencode", "stub")
needs_debian = pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="not a Debian machine")


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the images' files that a test may change."""
    copy = tmp_path / "images"
    shutil.copytree(recipe.IMAGES, copy)
    monkeypatch.setattr(recipe, "IMAGES", copy)
    return copy


class TestRecipe:
    def test_every_agent_has_a_folder(self) -> None:
        assert recipe.agents() == AGENTS

    def test_a_tag_names_the_agent_and_twelve_digits(self) -> None:
        assert re.fullmatch(r"routelab/kilo:[0-9a-f]{12}", recipe.image_tag("kilo", offline=False))
        assert len({recipe.image_tag(agent, offline=False).split(":")[1] for agent in AGENTS}) == len(AGENTS)

    @pytest.mark.parametrize(
        "file", ["forward.py", "base.Dockerfile", "packages.txt", "npm.Dockerfile", "kilo/npm.toml", "kilo/Dockerfile"]
    )
    def test_a_change_of_what_goes_in_is_another_image(self, images: Path, file: str) -> None:
        before = recipe.image_tag("kilo", offline=False)
        assert recipe.image_tag("kilo", offline=False) == before
        with (images / file).open("a") as opened:
            opened.write("\n# changed\n")
        assert recipe.image_tag("kilo", offline=False) != before

    def test_a_change_elsewhere_is_the_same_image(self, images: Path) -> None:
        before = recipe.image_tag("kilo", offline=False)
        (images / "pip.Dockerfile").write_text("FROM scratch\n")
        (images / "codex" / "Dockerfile").write_text("FROM scratch\n")
        (images / "kilo" / "__pycache__").mkdir()
        assert recipe.image_tag("kilo", offline=False) == before

    @needs_debian
    def test_offline_a_package_of_another_version_is_another_image(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = {"git": "1:2.39.5", "python3": "3.11.2"}
        monkeypatch.setattr(rootfs, "versions", lambda _: known)
        before = recipe.image_tag("stub", offline=True)
        assert before != recipe.image_tag("stub", offline=False)
        known["git"] = "1:2.39.6"
        assert recipe.image_tag("stub", offline=True) != before

    def test_without_the_debian_packages_only_one_way_is_left(self, images: Path) -> None:
        (images / "packages.txt").write_text("python3\nno-such-package\n")
        assert list(recipe.current_tags("stub")) == [recipe.image_tag("stub", offline=False)]

    @pytest.mark.parametrize("name", ["nobody", "", "../images", "npm.Dockerfile"])
    def test_an_unknown_agent_is_the_users_mistake(self, name: str) -> None:
        with pytest.raises(UserError, match=r"there is no agent .*; there are claude-code, codex, kilo"):
            recipe.image_tag(name, offline=False)


class TestPins:
    @pytest.mark.parametrize("agent", ["claude-code", "codex", "kilo", "opencode"])
    def test_npm_packages_are_pinned_by_version_and_hash(self, agent: str) -> None:
        package = recipe.npm_package(recipe.own_files(agent))
        assert package is not None
        assert re.fullmatch(r"\d+\.\d+\.\d+(-linux-x64)?", package.version)
        assert len(bytes.fromhex(package.sha512)) == 64

    def test_python_packages_are_pinned_by_version_and_hash(self) -> None:
        listed = (recipe.requirements(recipe.own_files("mini-swe-agent")) or b"").decode()
        entries = re.split(r"\n(?=\S)", listed.strip())
        assert any(entry.startswith("mini-swe-agent==2.4.6 ") for entry in entries)
        for entry in entries:
            assert re.match(r"[a-z0-9-]+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry[:80]

    def test_public_images_are_pinned(self) -> None:
        for file in ("debian.Dockerfile", "npm.Dockerfile", "pip.Dockerfile"):
            assert re.search(r"^FROM --platform=linux/amd64 \S+:\S*\d\S*$", (recipe.IMAGES / file).read_text(), re.M)

    def test_a_wrong_hash_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        _fake_npm(tmp_path, monkeypatch, gives=b"something else")
        with pytest.raises(SandboxError, match=r"npm gave a thing@1\.2\.3 that is not the pinned one"):
            fetch_npm(_package(b"the package"), _folder(tmp_path))

    def test_the_right_hash_is_taken(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        _fake_npm(tmp_path, monkeypatch, gives=b"the package")
        assert fetch_npm(_package(b"the package"), _folder(tmp_path)).read_bytes() == b"the package"

    def test_a_missing_npm_says_what_mends_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(SandboxError, match=r"needs npm on this machine: `apt-get install .* npm` mends it"):
            fetch_npm(_package(b""), tmp_path)


def _package(content: bytes) -> NpmPackage:
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    return read_pin(f'name = "thing"\nversion = "1.2.3"\nintegrity = "sha512-{digest}"\n')


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "fetched"
    folder.mkdir()
    return folder


def _fake_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, gives: bytes) -> None:
    """A registry cannot be reached from a unit test."""
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf %s "{gives.decode()}" > "${{5#--pack-destination=}}/thing-1.2.3.tgz"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")


@needs_debian
class TestRootFileSystem:
    def test_a_missing_package_says_what_mends_it(self) -> None:
        with pytest.raises(
            SandboxError, match="`apt-get install --no-install-recommends nothing-1 nothing-2` mends it"
        ):
            rootfs.versions(["python3", "nothing-1", "nothing-2"])

    def test_what_packages_depend_on_comes_along(self) -> None:
        found = rootfs.versions(["python3"])
        assert {"python3", "libpython3.11-stdlib", "libsqlite3-0", "libc6", "bash", "coreutils", "mawk"} <= set(found)
        assert not {"perl", "debconf", "dpkg"} & set(found)
        assert found["python3"].startswith("3.11.")

    def test_the_archive_holds_programs_and_nothing_of_the_machine(self, tmp_path: Path) -> None:
        rootfs.write_rootfs(["base-files", "bash", "dash", "libc6", "mawk", "login"], tmp_path / "root.tar")
        with tarfile.open(tmp_path / "root.tar") as archive:
            entries = {entry.name: entry for entry in archive}
            passwd = archive.extractfile("etc/passwd")
            assert passwd is not None
            assert len(passwd.read().splitlines()) == 2
        assert {"usr/bin/bash", "usr/bin/sh", "usr/bin/awk", "etc/alternatives/awk", "tmp"} <= set(entries)
        assert entries["bin"].linkname == "usr/bin"
        assert entries["tmp"].mode == 0o1777
        assert "etc/login.defs" not in entries
        assert not any(name.startswith(("usr/share/doc/", "bin/", "lib/")) for name in entries)
        assert all(entry.uid == 0 and not entry.mode & 0o6000 for entry in entries.values())
