import json
import os
import subprocess
import unittest


def git(*args):
    return subprocess.run(["git", "-c", "safe.directory=*", *args], check=True, capture_output=True, text=True).stdout.strip()

SUBJECTS = {"code": ["Add subtraction", "Add multiplication with a page about it", "Round down"], "docs": ["Describe addition", "Add multiplication with a page about it", "New title", "Round down"]}


def history(spec):
    """Of each commit, oldest first: hash, author, subject, body, paths."""
    text = git("log", "--reverse", "--name-only", "--format=%x01%H%x00%an %ae %at%x00%s%x00%b%x00", spec)
    rows = []
    for entry in text.split("\1")[1:]:
        name, author, subject, body, paths = entry.split("\0")
        rows.append((name, author, subject, body.strip(), paths.split()))
    return rows


class SplitTest(unittest.TestCase):
    def setUp(self):
        self.new = {branch: history("main.." + branch) for branch in SUBJECTS}

    def test_commits(self):
        for branch, subjects in SUBJECTS.items():
            self.assertEqual([c[2] for c in self.new[branch]], subjects, branch)
            self.assertEqual(git("merge-base", "main", branch), git("rev-parse", "main"))

    def test_messages(self):
        old = {c[2]: c for c in history("main..wip")}
        for commits in self.new.values():
            for _, author, subject, body, _ in commits:
                self.assertEqual(body, "Split-from: " + old[subject][0])
                self.assertEqual(author, old[subject][1], subject)

    def test_contents(self):
        for branch, commits in self.new.items():
            for commit in commits:
                self.assertTrue(commit[4])
                self.assertEqual({p.startswith("docs/") for p in commit[4]}, {branch == "docs"})
        self.assertEqual(git("diff", "--name-only", "wip", "code", "--").splitlines(), ["LICENCE", "docs/conf.py", "docs/guide.md", "docs/mul.md"])
        self.assertEqual(git("diff", "--name-only", "wip", "docs", "--").splitlines(), ["LICENCE", "calc.ini", "calc.py"])

    def test_rest(self):
        self.assertEqual(git("rev-list", "--count", "main"), "2")
        self.assertEqual(git("rev-list", "--count", "wip"), "8")
        self.assertEqual(git("rev-parse", "--abbrev-ref", "HEAD"), "main")
        self.assertEqual(git("status", "--porcelain", "--untracked-files=no"), "")
