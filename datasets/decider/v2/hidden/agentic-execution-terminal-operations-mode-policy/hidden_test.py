import os
import stat
import unittest

MODES = {
    ".git": "0755",
    ".git/hooks": "0755",
    ".git/hooks/post.sample": "0444",
    "README": "0644",
    "bin": "0755",
    "bin/demo.md": "0755",
    "bin/notes.md": "0644",
    "bin/start": "0644",
    "bin/sub": "0755",
    "bin/sub/helper": "0644",
    "data": "2775",
    "data/in": "2775",
    "data/in/y.csv": "0664",
    "data/load.sh": "0664",
    "data/old": "2775",
    "data/old/q": "0711",
    "data/old/q/w.csv": "0622",
    "data/old/z.csv": "0611",
    "data/start": "0644",
    "data/x.csv": "0664",
    "etc": "0755",
    "etc/app.conf": "0644",
    "etc/secret": "0700",
    "etc/secret/deep": "0700",
    "etc/secret/deep/er": "0700",
    "etc/secret/deep/er/.hidden": "0600",
    "etc/secret/go.sh": "0600",
    "etc/secret/key.pem": "0600",
    "etc/secret/public": "0700",
    "etc/secret/public/cert.pem": "0644",
    "etc/secret/public/in": "0700",
    "etc/secret/public/in/cert.pem": "0600",
    "lib": "0755",
    "lib/a": "0755",
    "lib/a/b": "0755",
    "lib/a/b/job.sh": "0755",
    "lib/key.pem": "0600",
    "lib/mod.py": "0644",
    "lib/tool.py": "0755",
    "log": "0755",
    "log/app-1.log": "0640",
    "log/app-10.log": "0644",
    "run": "0755",
    "space dir": "0755",
    "space dir/two words.sh": "0755",
    "x": "0755",
    "x/.git": "0755",
    "x/.git/hooks": "0755",
    "x/.git/hooks/pre.sample": "0444"
}
CHANGED = (
    '0700 0755 .git/hooks\n'
    '0644 0444 .git/hooks/post.sample\n'
    '0666 0644 README\n'
    '0644 0755 bin/demo.md\n'
    '0755 0644 bin/notes.md\n'
    '0755 0644 bin/sub/helper\n'
    '0755 2775 data\n'
    '0700 2775 data/in\n'
    '0644 0664 data/load.sh\n'
    '0750 2775 data/old\n'
    '0600 0664 data/x.csv\n'
    '0640 0644 etc/app.conf\n'
    '0755 0700 etc/secret\n'
    '0711 0700 etc/secret/deep\n'
    '0755 0700 etc/secret/deep/er\n'
    '0640 0600 etc/secret/deep/er/.hidden\n'
    '0755 0600 etc/secret/go.sh\n'
    '0644 0600 etc/secret/key.pem\n'
    '0755 0700 etc/secret/public\n'
    '0600 0644 etc/secret/public/cert.pem\n'
    '0755 0700 etc/secret/public/in\n'
    '0644 0755 lib/a/b/job.sh\n'
    '0644 0600 lib/key.pem\n'
    '0755 0644 lib/mod.py\n'
    '0644 0755 lib/tool.py\n'
    '0644 0640 log/app-1.log\n'
    '0666 0644 log/app-10.log\n'
    '0600 0755 run\n'
    '0777 0755 space dir\n'
    '0700 0755 space dir/two words.sh\n'
    '0755 0444 x/.git/hooks/pre.sample\n')
OUTSIDE = {"outside.txt": "0600", "outside/in.txt": "0600", "outside": "0700", "tree": "0700"}


def mode(path):
    return "%04o" % stat.S_IMODE(os.lstat(path).st_mode)


class ModesTest(unittest.TestCase):
    maxDiff = None

    def test_modes(self):
        found = {}
        for root, folders, files in os.walk("tree"):
            for name in folders + files:
                path = os.path.join(root, name)
                if not os.path.islink(path):
                    found[os.path.relpath(path, "tree")] = mode(path)
        self.assertEqual(found, MODES)

    def test_outside(self):
        self.assertEqual({path: mode(path) for path in OUTSIDE}, OUTSIDE)

    def test_hard_links(self):
        self.assertTrue(os.path.samefile("tree/bin/start", "tree/data/start"))

    def test_report(self):
        with open("changed.txt") as f:
            self.assertEqual(f.read(), CHANGED)
