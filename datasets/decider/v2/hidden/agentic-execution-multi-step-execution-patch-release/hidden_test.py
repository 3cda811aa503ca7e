import subprocess


def git(*args):
    return subprocess.run(["git", "-c", "safe.directory=*", *args], check=True, capture_output=True, text=True).stdout.strip()


import unittest

FIXES = ["Fix fees that are not whole cents", "Fix blanks in mail subjects", "Fix fees of refunds"]


class ReleaseTest(unittest.TestCase):
    def test_commits(self):
        log = git("log", "--reverse", "--format=%s", "v1.4.9..release/1.4").splitlines()
        self.assertEqual(log, FIXES + ["Release 1.4.10"])
        body = git("log", "--format=%B", "v1.4.9..release/1.4")
        for subject in FIXES:
            origin = git("log", "--format=%H", "--fixed-strings", "--grep=" + subject, "main")
            self.assertIn("(cherry picked from commit " + origin + ")", body)

    def test_files(self):
        show = lambda path: git("show", "release/1.4:" + path)
        self.assertEqual(show("VERSION"), "1.4.10")
        self.assertEqual(show("CHANGELOG.md"), "# Changelog\n\n## 1.4.10\n\n" + "".join("- " + s + "\n" for s in FIXES)
                         + "\n## 1.4.9\n\n- Nothing to see\n\n## 1.4.0\n\n- First of 1.4")
        self.assertEqual(git("diff", "--name-only", "release/1.4~1", "release/1.4").split(), ["CHANGELOG.md", "VERSION"])
        self.assertEqual(git("ls-tree", "-r", "--name-only", "release/1.4", "app").split(), ["app/feed.py", "app/fees.py", "app/mail.py"])
        self.assertNotIn("sorted", show("app/feed.py"))

    def test_tag_and_main(self):
        self.assertEqual(git("cat-file", "-t", "v1.4.10"), "tag")
        self.assertEqual(git("rev-parse", "v1.4.10^{commit}"), git("rev-parse", "release/1.4"))
        self.assertEqual(git("for-each-ref", "--format=%(contents)", "refs/tags/v1.4.10"), "Release 1.4.10")
        self.assertEqual(git("rev-parse", "--abbrev-ref", "HEAD"), "main")
        self.assertEqual(git("rev-list", "--count", "main"), "8")
        self.assertEqual(git("log", "-1", "--format=%s", "main"), "Title case in mails")
