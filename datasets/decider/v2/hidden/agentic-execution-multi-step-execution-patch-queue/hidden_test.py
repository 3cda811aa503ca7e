import json
import os
import subprocess
import unittest


def git(*args):
    return subprocess.run(["git", "-c", "safe.directory=*", *args], check=True, capture_output=True, text=True).stdout.strip()

SUBJECTS = ['Add net prices', 'Greet loudly, and bye with it', 'VAT of 20 percent', 'Say bye twice']
AUTHORS = [["Dev Two", 1893514000], ["Dev Two", 1893510000], ["Dev Two", 1893522000], ["Dev Two", 1893526000]]
LEFT = 'gross.patch check\nbye-loud.patch apply\n'
FILES = {'shop/price.py': "VAT = 20\n\n\ndef total(prices):\n    return sum(prices)\n\n\ndef net(cents):\n    return cents * 100 // (100 + VAT)\n\n\ndef show(cents):\n    return '%d.%02d' % divmod(cents, 100)\n", 'shop/text.py': "def title(name):\n    return name.strip()\n\n\ndef greet(name):\n    return ('Hello ' + title(name)).upper()\n\n\ndef bye(name):\n    return ('Bye ' + title(name) + ', bye').upper()\n", 'check.py': "from shop import price, text\n\nassert price.total([1, 2]) == 3\nassert price.show(1205) == '12.05'\nassert text.title(' a b ') in ('a b', 'A B')\nassert text.greet('x').rstrip('!').lower() == 'hello x'\nassert text.bye('x').lower().startswith('bye x')\nassert text.greet('x').isupper() == text.bye('x').isupper()\nif hasattr(price, 'gross'):\n    assert price.gross(100) == 119\nprint('ok')\n"}


class QueueTest(unittest.TestCase):
    def test_commits(self):
        rows = [e.split("\0") for e in git("log", "--reverse", "--format=%s%x00%an%x00%at%x00%b%x01", "main..queue").split("\1")]
        rows = [[r[0].strip(), *r[1:]] for r in rows if len(r) == 4]
        self.assertEqual([r[0] for r in rows], SUBJECTS)
        self.assertEqual([[r[1], int(r[2])] for r in rows], AUTHORS)
        self.assertEqual({r[3].strip() for r in rows}, {"Reviewed-by: Queue <queue@example.invalid>"})

    def test_files(self):
        for path, text in FILES.items():
            self.assertEqual(git("show", "queue:" + path), text.strip(), path)

    def test_left(self):
        with open("QUEUE.txt") as f:
            self.assertEqual(f.read(), LEFT)

    def test_clean(self):
        self.assertEqual(git("rev-parse", "--abbrev-ref", "HEAD"), "queue")
        self.assertEqual(git("rev-list", "--count", "main"), "1")
        self.assertEqual(git("status", "--porcelain", "--untracked-files=no"), "")
        self.assertFalse(os.path.exists(".git/rebase-apply"))
