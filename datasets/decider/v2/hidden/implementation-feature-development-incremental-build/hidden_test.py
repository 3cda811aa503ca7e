import copy
import json
import os
import pathlib
import tempfile
import unittest

from mk import GraphError, build

TASKS = {
    "gen": {"inputs": ["spec"], "outputs": ["gen.c"], "command": "upper"},
    "lib": {"inputs": ["lib.c"], "outputs": ["lib.o", "lib.h"], "command": "len"},
    "app": {"needs": ["gen", "lib"], "inputs": ["main.c"], "outputs": ["app"], "command": "join"},
    "test": {"needs": ["app"], "inputs": ["cases"], "command": "check"},
    "doc": {"inputs": ["readme"], "outputs": ["doc.html"], "command": "doc"},
    "all": {"needs": ["test", "doc"]},
}
ALL = ["gen", "lib", "app", "test", "doc", "all"]


class BuildTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.tasks, self.calls, self.before = copy.deepcopy(TASKS), [], {}
        for name in ("spec", "lib.c", "main.c", "cases", "readme"):
            self.put(name, name)

    def put(self, name, text):
        (self.root / name).write_text(text)

    def read(self, name):
        return (self.root / name).read_text()

    def run_task(self, name, command):
        self.calls.append((name, command))
        if name in self.before:
            self.before[name]()
        if name == "gen":
            self.put("gen.c", self.read("spec").upper())
        elif name == "lib":
            self.put("lib.o", str(len(self.read("lib.c")))), self.put("lib.h", "h")
        elif name == "app":
            self.put("app", self.read("gen.c") + self.read("lib.o") + self.read("main.c"))
        elif name == "doc":
            self.put("doc.html", "<" + self.read("readme"))

    def build(self, *wanted, **options):
        self.calls.clear()
        report = build(self.root, self.tasks, list(wanted) or ["all"], self.run_task, **options)
        if not options:
            called = [name for name, _ in self.calls]
            self.assertEqual([n for n in called if n not in report["failed"]], report["ran"])
            self.assertEqual(set(report), {"ran", "skipped", "failed", "blocked"})
        return report

    def check(self, ran="", failed="", blocked="", wanted=(), among=ALL):
        report = self.build(*wanted)
        want = {"ran": ran.split(), "failed": failed.split(), "blocked": blocked.split()}
        want["skipped"] = [n for n in among if n not in want["ran"] + want["failed"] + want["blocked"]]
        self.assertEqual(report, want)

    def test_first_and_second(self):
        self.check("gen lib app test doc all")
        self.assertEqual(self.calls[0], ("gen", "upper"))
        self.assertEqual(self.calls[-1], ("all", ""))
        self.check()
        for path in self.root.iterdir():
            if path.is_file():
                os.utime(path, (1, 1))
        self.check()

    def test_changed_input(self):
        self.build()
        self.put("main.c", "MAIN")
        self.check("app test")
        self.check()
        self.put("cases", "more")
        self.check("test")
        self.put("readme", "x")
        self.check("doc all")

    def test_early_cutoff(self):
        self.build()
        self.put("spec", "SPEC")
        self.check("gen")
        self.put("lib.c", "c.lib")
        self.check("lib")
        self.put("lib.c", "longer")
        self.check("lib app test")

    def test_back_again(self):
        self.build()
        self.put("main.c", "1")
        self.build()
        self.put("main.c", "main.c")
        self.check("app test")

    def test_command_and_lists(self):
        self.build()
        self.tasks["lib"]["command"] = "len -v"
        self.check("lib")
        self.tasks["lib"]["outputs"] = ["lib.h", "lib.o"]
        self.tasks["app"]["needs"] = ["gen", "lib"]
        self.check()
        self.tasks["lib"]["outputs"] = ["lib.o"]
        self.check("lib app")
        self.tasks["test"]["inputs"] = ["cases", "readme"]
        self.check("test")
        self.tasks["test"]["inputs"] = ["readme", "cases"]
        self.check()
        self.tasks["all"]["command"] = "x"
        self.check("all")

    def test_outputs_touched(self):
        self.build()
        (self.root / "lib.h").unlink()
        self.check("lib")
        self.put("gen.c", "edited")
        self.check("gen")
        self.put("app", "edited")
        self.check("app")
        self.assertEqual(self.read("app"), "SPEC5main.c")

    def test_only_direct_needs(self):
        self.build()
        self.tasks["lib"]["outputs"] = ["lib.o", "lib.h"]
        self.before["lib"] = lambda: None
        self.put("app", "edited by hand")
        self.check("app")

    def test_input_changes_while_running(self):
        self.before["app"] = lambda: self.put("main.c", "changed meanwhile")
        self.build()
        self.before.clear()
        self.check("app")
        self.check()

    def test_failures(self):
        def fail():
            raise ValueError("compiler")
        self.before["lib"] = fail
        self.check("gen doc", "lib", "app test all")
        self.check("", "lib", "app test all")
        self.before.clear()
        self.check("lib app test all")
        self.before["app"] = fail
        self.check()
        self.put("main.c", "2")
        self.check("", "app", "test all")
        self.put("main.c", "main.c")
        self.before.clear()
        self.check("app")
        self.check()

    def test_missing_files(self):
        (self.root / "main.c").unlink()
        self.check("gen lib doc", "app", "test all")
        self.assertNotIn("app", [n for n, _ in self.calls])
        self.put("main.c", "main.c")
        self.build()
        self.before["doc"] = lambda: None
        self.tasks["doc"]["outputs"] = ["doc.html", "doc.pdf"]
        self.check("", "doc", "all")
        self.check("", "doc", "all")
        self.put("doc.pdf", "x")
        self.check("doc all")
        (self.root / "lib.o").unlink(), (self.root / "lib.o").mkdir()
        (self.root / "readme").unlink(), (self.root / "readme").mkdir()
        report = self.build("doc")
        self.assertEqual(report, {"ran": [], "skipped": [], "failed": ["doc"], "blocked": []})

    def test_missing_input_and_back(self):
        self.build()
        (self.root / "main.c").unlink()
        self.check("", "app", "test all")
        self.put("main.c", "main.c")
        report = self.build()
        self.assertEqual((report["failed"], report["blocked"]), ([], []))
        self.check()

    def test_deleted_output_that_the_task_does_not_remake(self):
        self.build()
        def no_header():
            (self.root / "lib.h").unlink(missing_ok=True)
        self.put("lib.c", "x")
        self.run_real, self.run_task = self.run_task, lambda name, command: (self.run_real(name, command), no_header() if name == "lib" else None)
        self.check("", "lib", "app test all")

    def test_interrupt(self):
        self.build()
        def stop():
            raise KeyboardInterrupt
        self.put("main.c", "2"), self.put("lib.c", "c.lib"), self.put("spec", "Spec2")
        self.before["app"] = stop
        with self.assertRaises(KeyboardInterrupt):
            self.build()
        self.assertEqual([n for n, _ in self.calls], ["gen", "lib", "app"])
        self.before.clear()
        self.put("main.c", "main.c"), self.put("spec", "spec")
        self.check("gen app")
        self.check()

    def test_known_only_after_it_ran(self):
        seen = []
        self.build()
        self.before["app"] = lambda: seen.append(build(self.root, self.tasks, ["app"], None, dry=True))
        self.put("main.c", "3")
        self.build()
        self.assertEqual(seen, [{"ran": ["app"], "maybe": [], "skipped": ["gen", "lib"], "blocked": []}])
        self.put("main.c", "main.c")
        seen.clear()
        self.build()
        self.assertEqual(seen[0]["ran"], ["app"])

    def test_subset_keeps_the_rest(self):
        self.build()
        self.put("spec", "new")
        self.check("gen", wanted=["gen"], among=["gen"])
        self.check("app test", among=ALL)
        self.check(wanted=["doc", "lib"], among=["doc", "lib"])

    def test_damaged_state(self):
        self.build()
        path = self.root / ".mk" / "state.json"
        good = path.read_text()
        for bad in ("", "{", "[]", "null", "3", '{"app": 3}', '{"gen": null, "lib": [], "app": {}, "doc": "x"}', good[:-20], "\x00"):
            path.write_text(bad)
            self.check("gen lib app test doc all")
        path.write_bytes(b"\xff\xfe")
        self.check("gen lib app test doc all")
        path.unlink()
        self.check("gen lib app test doc all")

    def test_whole_file_always(self):
        real, torn = os.replace, []
        self.build()
        path = self.root / ".mk" / "state.json"
        def look():
            try:
                json.loads(path.read_text())
            except ValueError:
                torn.append(1)
        for name in ALL:
            self.before[name] = look
        inode = path.stat().st_ino, path.read_text()
        for name in ("spec", "lib.c", "main.c", "cases", "readme"):
            self.put(name, "again " + name)
        handle = open(path)
        self.build()
        self.assertEqual(handle.read(), inode[1])
        handle.close()
        self.assertEqual(torn, [])

    def test_graph_errors(self):
        self.tasks["doc"]["needs"] = ["all"]
        self.assertRaises(GraphError, self.build)
        self.assertRaises(GraphError, self.build, dry=True)
        self.assertEqual(self.calls, [])

    def dry(self, ran="", maybe="", blocked="", wanted=("all",)):
        files = {p: p.read_bytes() for p in self.root.rglob("*") if p.is_file()}
        report = self.build(*wanted, dry=True)
        self.assertEqual(self.calls, [])
        self.assertEqual(files, {p: p.read_bytes() for p in self.root.rglob("*") if p.is_file()})
        rest = [n for n in ALL if n not in (ran + " " + maybe + " " + blocked).split()]
        self.assertEqual(report, {"ran": ran.split(), "maybe": maybe.split(), "skipped": rest, "blocked": blocked.split()})

    def test_dry(self):
        self.dry("gen lib app test doc all")
        self.assertFalse((self.root / ".mk").exists())
        self.build()
        self.dry()
        self.put("spec", "SPEC")
        self.dry("gen", "app test all")
        self.put("main.c", "2")
        self.dry("gen app", "test all")
        self.put("cases", "2")
        self.dry("gen app test", "all")
        self.build()
        self.put("gen.c", "by hand")
        self.dry("gen", "app test all")
        (self.root / "app").unlink()
        self.dry("gen app", "test all")
        self.build()
        self.tasks["app"]["command"] = "other"
        self.dry("app", "test all")
        self.tasks["lib"]["outputs"] = ["lib.o"]
        self.dry("lib app", "test all")

    def test_dry_blocked(self):
        (self.root / "main.c").unlink()
        self.dry("gen lib doc", "", "app test all")
        self.put("main.c", "main.c")
        self.tasks["app"]["inputs"] = ["main.c", "gen.c"]
        self.dry("gen lib app test doc all")
        self.build()
        (self.root / "gen.c").unlink()
        self.dry("gen", "app test all")
        (self.root / "cases").unlink()
        self.dry("gen", "app", "test all")

    def test_dry_after_failure(self):
        self.build()
        def fail():
            raise ValueError
        self.before["lib"] = fail
        self.put("lib.c", "2"), self.build(), self.put("lib.c", "lib.c")
        self.dry("lib", "app test all")

    def test_dry_after_part(self):
        self.build()
        self.put("lib.c", "longer")
        self.build("lib")
        self.dry("app", "test all")
        self.put("spec", "SPEC")
        self.dry("gen app", "test all")


if __name__ == "__main__":
    unittest.main()
