import ast
import io
import json
import os
import subprocess
import tarfile
import types
import unittest

OLD = {"refs/heads/feat/a": "4c3e38a747fffa752778f03e76f0bcb55e6b780b", "refs/heads/feat/b": "64db0b71e30b819b14e381254fc4274ac4144d26", "refs/heads/feat/c": "c69f150e0ace7f4aeb39db69280da15b16af47dd", "refs/heads/main": "a9151d2e001624b4341355905fd8d8a90278a2e5"}
STACK = [["a", "Count rows", "Dev Two", "1893472000"], ["b", "Add filters", "Dev Three", "1893480000"], ["b", "Filter by prefix", "Dev Three", "1893488000"], ["c", "Add a command line", "Dev Two", "1893492000"], ["c", "Describe the command line", "Dev One", "1893496000"], ["c", "Add --version", "Dev Two", "1893508000"]]
SAMPLE = ["alpha", "beta", "gamma"]


def git(*args, raw=False):
    out = subprocess.run(["git", "-c", "safe.directory=*", "-C", "repo", *args], check=True, capture_output=True).stdout
    return out if raw else out.decode().strip()


class StackTest(unittest.TestCase):
    def setUp(self):
        rows = [line.split("\t") for line in git("log", "--reverse", "--format=%H%x09%P%x09%s%x09%an%x09%at", "main..feat/c").splitlines()]
        self.hashes, self.parents = [r[0] for r in rows], [r[1] for r in rows]
        self.rows = [r[2:] for r in rows]

    def test_commits(self):
        self.assertEqual(self.rows, [s[1:] for s in STACK])
        self.assertEqual(self.parents, [git("rev-parse", "main")] + self.hashes[:-1])
        for branch, n in (("feat/a", 1), ("feat/b", 3), ("feat/c", 6)):
            self.assertEqual(git("rev-parse", branch), self.hashes[n - 1], branch)

    def tree(self, commit):
        with tarfile.open(fileobj=io.BytesIO(git("archive", commit, raw=True))) as t:
            return {m.name: t.extractfile(m).read().decode() for m in t.getmembers() if m.isfile()}

    def modules(self, tree):
        found = {}
        for name in ("store", "filters", "cli"):
            if name + ".py" in tree:
                found[name] = types.ModuleType(name)
                code = ast.parse(tree[name + ".py"])
                code.body = [n for n in code.body if not isinstance(n, (ast.Import, ast.ImportFrom))]
                for n in ast.parse(tree[name + ".py"]).body:
                    for alias in getattr(n, "names", []) if isinstance(n, (ast.Import, ast.ImportFrom)) else []:
                        source = found[n.module] if isinstance(n, ast.ImportFrom) else None
                        value = getattr(source, alias.name) if source else found.get(alias.name)
                        setattr(found[name], alias.asname or alias.name, value)
                exec(compile(code, name, "exec"), found[name].__dict__)
        return found

    def test_every_commit_works(self):
        with open("sample.tmp", "w") as f:
            f.write("alpha\n\n# note\nbeta\n; more\ngamma\n")
        self.addCleanup(os.remove, "sample.tmp")
        path = "sample.tmp"
        for n, commit in enumerate(self.hashes):
            tree = self.tree(commit)
            m = self.modules(tree)
            self.assertEqual(sorted(tree), sorted(["check.py", "sample.txt", "store.py"] + ["filters.py"] * (n > 0) + ["cli.py"] * (n > 2) + ["README"] * (n > 3)), n)
            self.assertNotIn("load", "".join(tree[p] for p in tree if p.endswith(".py") and p != "check.py"))
            self.assertIn('encoding="utf-8"', tree["store.py"])
            self.assertEqual((m["store"].read(path), m["store"].count(path)), (SAMPLE, 3))
            if n > 0:
                self.assertEqual(m["filters"].select(path, "mm"), ["gamma"])
                self.assertEqual(m["filters"].select(path, "mm", invert=True), ["alpha", "beta"])
                self.assertEqual(hasattr(m["filters"], "prefix"), n > 1)
            if n > 1:
                self.assertEqual(m["filters"].prefix(path, "b"), ["beta"])
            if n > 2:
                self.assertEqual((m["cli"].main(["count", path]), m["cli"].main(["list", path]), m["cli"].main(["select", path, "l"])), (3, SAMPLE, ["alpha"]))
                self.assertEqual("--version" in tree["cli.py"], n > 4)
            if n > 4:
                self.assertEqual(m["cli"].main(["--version"]), "1.1")

    def test_rest(self):
        found = dict(line.split() for line in git("for-each-ref", "--format=%(refname) %(objectname)").splitlines())
        self.assertEqual(found["refs/heads/main"], OLD["refs/heads/main"])
        for x in "abc":
            self.assertEqual(found.pop("refs/tags/old/" + x), OLD["refs/heads/feat/" + x])
        self.assertEqual(sorted(found), sorted(OLD))
        self.assertEqual(git("rev-parse", "--abbrev-ref", "HEAD") + git("status", "--porcelain", "--untracked-files=no"), "feat/c")
        self.assertFalse(os.path.exists("repo/.git/rebase-merge") or os.path.exists("repo/.git/rebase-apply"))
