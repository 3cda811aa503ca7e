import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SCENARIOS = [({'bin/run': 'a', 'bin/with blank': 'b', 'man/run.1': 'm', 'etc/x.conf': '1', 'etc/y.conf': '2'}, {}), ({'bin/run': 'a', 'bin/go': 'c', 'man/run.1': 'm', 'etc/x.conf': '1', 'etc/y.conf': '2', 'etc/z z.conf': '3'}, {'bin/run': 'a', 'bin/go': 'old', 'man/run.1': 'old', 'etc/x.conf': 'edited', 'etc/y.conf': '2', 'etc/z z.conf': 'mine', 'etc/z z.conf.new': 'older'}), ({'man/a.1': '1', 'man/sub/b.1': '2', 'other/x': '1'}, {'man/a.1': '1'}), ({'bin/': None, 'etc/': None, 'etc/d/': None}, {}), ({'bin/a*b': 'star', 'bin/.hidden': 'h', 'etc/kept.new': '1', 'etc/kept': '2'}, {'bin/aXb': 'other', 'etc/kept': 'old', 'etc/kept.new': '0'}), ({}, {}), None]
WANT = json.loads(pathlib.Path("_want.json").read_text())
SCRIPT = pathlib.Path("install.sh").resolve()


def observe(scenario):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, files in zip(("so urce", "tar get"), scenario or ()):
            (root / name).mkdir()
            for path, text in files.items():
                place = root / name / path
                if text is None:
                    place.mkdir(parents=True)
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text)
                place.chmod(0o640)
        done = subprocess.run(["sh", str(SCRIPT), "so urce", "tar get"], cwd=root, text=True, capture_output=True,
                              env={"PATH": os.environ["PATH"]})
        found = {str(p.relative_to(root)): ([p.read_text(), p.stat().st_mode & 0o777] if p.is_file() else "folder")
                 for p in sorted(root.rglob("*"))}
        return [done.returncode, done.stdout, done.stderr, found]


class CleanupTest(unittest.TestCase):
    maxDiff = None

    def test_same(self):
        os.umask(0o022)
        for scenario, want in zip(SCENARIOS, WANT):
            self.assertEqual(observe(scenario), want)

    def test_structure(self):
        lines = [line.strip() for line in SCRIPT.read_text().splitlines()]
        code = [line for line in lines if line and not line.startswith("#")]
        self.assertLessEqual(len(code), 45)
        self.assertLessEqual(max(map(len, SCRIPT.read_text().splitlines())), 100)
        counted = [line for line in code if len(line.split()) > 1]
        self.assertEqual([line for line in set(counted) if counted.count(line) > 1], [])
        text = "\n".join(re.sub(r"(^|\s)#.*", "", line) for line in code)
        for word in ("cp", "chmod", "mkdir", "cmp", "basename"):
            self.assertLessEqual(len(re.findall(r"\b%s\b" % word, text)), 1, word)
        self.assertIsNone(re.search(r"\beval\b", text))
        self.assertEqual([p.name for p in pathlib.Path(".").glob("*.sh")], ["install.sh"])


if __name__ == "__main__":
    unittest.main()
