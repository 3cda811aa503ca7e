import json
import os
import subprocess
import unittest


def git(*args):
    return subprocess.run(["git", "-c", "safe.directory=*", *args], check=True, capture_output=True, text=True).stdout.strip()

COMMITS = {
    "Add gamma (#4)": [
        "6cc26aeab31fb20f6c36e7399c2b1d2eb63c9b6f",
        "Dev One dev.one@example.invalid 1893508000 Dev One dev.one@example.invalid 1893508005",
        "",
        [
            "Start mono"
        ]
    ],
    "Start mono": [
        "171cd5c68e1e201d465d7f96ca104b403298c33b",
        "Dev One dev.one@example.invalid 1893504000 Dev One dev.one@example.invalid 1893504005",
        "",
        []
    ],
    "Rename (beta#30)": [
        "bd76d31132dc0469767419c7c86a050c79b6cd5b",
        "Dev One dev.one@example.invalid 1893492000 Dev One dev.one@example.invalid 1893492005",
        "",
        [
            "Merge branch 'feature' (beta#21)"
        ]
    ],
    "Back-port beta#12": [
        "eda90a705c9e40eade6cc9e138da0f476b12262b",
        "Dev One dev.one@example.invalid 1893480000 Dev One dev.one@example.invalid 1893480005",
        "",
        [
            "Start beta (beta#1)"
        ]
    ],
    "Merge branch 'feature' (beta#21)": [
        "851ca1c0e46682c22257d1303f8b1d86db43d63d",
        "Dev One dev.one@example.invalid 1893476000 Dev One dev.one@example.invalid 1893476005",
        "",
        [
            "Fix beta#12 and C#7, see also issue#3",
            "Tables (beta#20)"
        ]
    ],
    "Tables (beta#20)": [
        "8f3dfa106603b0ad4cbe5fda2bcac9cfe25bcc19",
        "Dev Two dev.two@example.invalid 1893472000 Dev One dev.one@example.invalid 1893472005",
        "",
        [
            "Start beta (beta#1)"
        ]
    ],
    "Fix beta#12 and C#7, see also issue#3": [
        "5428643abe7fb19c9c824c3962a64085d9039716",
        "Dev Two dev.two@example.invalid 1893468000 Dev One dev.one@example.invalid 1893468005",
        "Closes (beta#13).",
        [
            "Start beta (beta#1)"
        ]
    ],
    "Start beta (beta#1)": [
        "77fa9f405ef913bf63ed2f2d11692001ce965d85",
        "Dev One dev.one@example.invalid 1893460000 Dev One dev.one@example.invalid 1893460005",
        "",
        []
    ]
}
REFS = {
    "refs/heads/beta/release/1.0": [
        "commit",
        "Back-port beta#12"
    ],
    "refs/heads/main": [
        "commit",
        "Use beta from the tree"
    ],
    "refs/tags/beta/v1.0": [
        "commit",
        "Start beta (beta#1)"
    ],
    "refs/tags/beta/v1.0.1": [
        "tag",
        "Back-port beta#12"
    ],
    "refs/tags/beta/v2.0": [
        "commit",
        "Rename (beta#30)"
    ],
    "refs/tags/v7": [
        "tag",
        "Add gamma (#4)"
    ]
}
BETA = 'f88ee153eebccf04df2fef8902975bdeee1fdb73 commit\trefs/heads/feature\nc56fa1c2937842f6420e0944f47a4c75e84f695a commit\trefs/heads/main\n833f5d67448850e3d6d73ed866f8c5b79bb69a82 commit\trefs/heads/old-main\n288a727bc81509f78f21c9f52357806723925a4f commit\trefs/heads/release/1.0\n92b5e0b3447b03e8e33376696b1fb67847138b85 commit\trefs/heads/wip/ideas\n2c255f9da5e5cc1fa87db5833553b368e9cd91bd tag\trefs/tags/nightly\n26e3506b2fa0bf5e62e18f3db53e94327631f088 commit\trefs/tags/v1.0\nb0dd1cec8d10efd5b24086dfeb2623350b76906f tag\trefs/tags/v1.0.1\nc56fa1c2937842f6420e0944f47a4c75e84f695a commit\trefs/tags/v2.0'


def mono(*args):
    return git("-C", "mono", *args)


class ImportTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        text = mono("log", "--all", "--format=%s%x00%T%x00%an %ae %at %cn %ce %ct%x00%b%x00%P%x00%H%x01")
        rows = [e.strip("\n").split("\0") for e in text.split("\1")[:-1]]
        self.names = {r[5]: r[0] for r in rows}
        self.rows = [(s, [tree, who, body.strip(), [self.names[p] for p in parents.split()]]) for s, tree, who, body, parents, _ in rows]

    def test_history(self):
        mine = ("Import beta", "Use beta from the tree")
        self.assertEqual(dict(r for r in self.rows if r[0] not in mine), COMMITS)
        self.assertEqual(len(self.rows), len(COMMITS) + 2)
        new = {s: row for s, row in self.rows if s in mine}
        self.assertEqual(new["Import beta"][3], ["Add gamma (#4)", "Rename (beta#30)"])
        self.assertEqual(new["Use beta from the tree"][3], ["Import beta"])

    def test_refs(self):
        found = {}
        for line in mono("for-each-ref", "--format=%(refname) %(objecttype) %(*objectname) %(objectname)").splitlines():
            name, kind, peeled, plain = line.split(" ")
            found[name] = [kind, self.names[peeled or plain]]
        self.assertEqual(found, REFS)
        self.assertEqual(mono("for-each-ref", "--format=%(taggername) %(taggerdate:unix) %(contents)", "refs/tags/beta/v1.0.1"), "Dev One 1893500009 beta 1.0.1\n\nFixes beta#12")

    def test_result(self):
        self.assertEqual(mono("ls-tree", "-r", "--name-only", "main").split(), ["README.md", "app/deps.txt", "libs/alpha/a.py", "libs/beta/beta.py", "libs/beta/docs/readme.md", "libs/beta/tables.py", "libs/gamma/g.py"])
        self.assertEqual(mono("show", "main:app/deps.txt"), "alpha==1.4\n./libs/beta\nbeta-tools==3")
        self.assertEqual(mono("diff", "--name-only", "main~2", "main~1").split(), ["libs/beta/beta.py", "libs/beta/docs/readme.md", "libs/beta/tables.py"])

    def test_clean(self):
        self.assertEqual(mono("rev-parse", "--abbrev-ref", "HEAD") + mono("status", "--porcelain") + mono("remote"), "main")
        self.assertEqual(git("-C", "beta", "for-each-ref").strip(), BETA)
