import ast
import contextlib
import io
import pathlib
import unittest

from sift import find, wrap

DEFAULTS = {
    'find': {'between': None, 'depth': None, 'follow': None, 'rules': None, 'size': 1024, 'sort': 'name', 'tag': None, 'verbose': None},
    'wrap': {'env': [], 'keep': None, 'times': 1, 'wait': 0},
}

# Command line: what is not the default, and the rest; or the exit code.
LINES = {
    'find': [
        ('', ({}, ['.'])),
        ('src', ({}, ['src'])),
        ('a b c', ({}, ['a', 'b', 'c'])),
        ('a -v b', ({'verbose': 1}, ['a', 'b'])),
        ('-v a -v b --verbose', ({'verbose': 3}, ['a', 'b'])),
        ('a --depth 2 b --tag x c', ({'depth': 2, 'tag': ['x']}, ['a', 'b', 'c'])),
        ('-d 7', ({'depth': 7}, ['.'])),
        ('-d 0x1F', ({'depth': 31}, ['.'])),
        ('-d 0b101', ({'depth': 5}, ['.'])),
        ('-d 010', ({'depth': 8}, ['.'])),
        ('-d 08', 2),
        ('-d 0', ({'depth': 0}, ['.'])),
        ('-d x', 2),
        ('-d 2.0', 2),
        ('--depth=12', ({'depth': 12}, ['.'])),
        ('-d3 -vv a', ({'depth': 3, 'verbose': 2}, ['a'])),
        ('--dep 4', ({'depth': 4}, ['.'])),
        ('-s 10', ({'size': 10}, ['.'])),
        ('-s 2K', ({'size': 2048}, ['.'])),
        ('--size 3m a', ({'size': 3145728}, ['a'])),
        ('-s k', 2),
        ('-s ten', 2),
        ('-s 1g -s 5', ({'size': 5}, ['.'])),
        ('--between 1 0x10', ({'between': (1, 16)}, ['.'])),
        ('--between 3 2', 2),
        ('a --between 1 2 b', ({'between': (1, 2)}, ['a', 'b'])),
        ('--between 1', 2),
        ('--between 1 x', 2),
        ('--sort age', ({'sort': 'age'}, ['.'])),
        ('--sort weight', 2),
        ('--by-size', ({'sort': 'size'}, ['.'])),
        ('--by-size --sort name', ({}, ['.'])),
        ('--sort age --by-size', ({'sort': 'size'}, ['.'])),
        ('-t a -t b c', ({'tag': ['a', 'b']}, ['c'])),
        ('-f', ({'follow': True}, ['.'])),
        ('--no-follow', ({'follow': False}, ['.'])),
        ('-f --no-follow', ({'follow': False}, ['.'])),
        ('--no-follow -f', ({'follow': True}, ['.'])),
        ('-q', ({'depth': 1, 'follow': False}, ['.'])),
        ('-q -f', ({'depth': 1, 'follow': True}, ['.'])),
        ('-f -q', ({'depth': 1, 'follow': False}, ['.'])),
        ('-q -d 5', ({'depth': 5, 'follow': False}, ['.'])),
        ('-d 5 -q', ({'depth': 1, 'follow': False}, ['.'])),
        ('-d 5 -q a -d 6', ({'depth': 6, 'follow': False}, ['a'])),
        ('-i a -x b -i c', ({'rules': [(True, 'a'), (False, 'b'), (True, 'c')]}, ['.'])),
        ('a -x b c -i d --exclude e f', ({'rules': [(False, 'b'), (True, 'd'), (False, 'e')]}, ['a', 'c', 'f'])),
        ('--include=a', ({'rules': [(True, 'a')]}, ['.'])),
        ('-xa', ({'rules': [(False, 'a')]}, ['.'])),
        ('-i', 2),
        ('--nothing', 2),
        ('-z a', 2),
        ('-v a b -d 1 c -q d', ({'depth': 1, 'follow': False, 'verbose': 1}, ['a', 'b', 'c', 'd'])),
    ],
    'wrap': [
        ('ls', ({}, ['ls'])),
        ('-n 3 ls -n 5', ({'times': 3}, ['ls', '-n', '5'])),
        ('-n 010 ls', ({'times': 8}, ['ls'])),
        ('-n 0x10 ls -l --keep', ({'times': 16}, ['ls', '-l', '--keep'])),
        ('-k ls', ({'keep': True}, ['ls'])),
        ('ls -k', ({}, ['ls', '-k'])),
        ('-w 2 ls', ({'wait': 2.0}, ['ls'])),
        ('-w 0.5 -k -n 2 ls a -w 3', ({'keep': True, 'times': 2, 'wait': 0.5}, ['ls', 'a', '-w', '3'])),
        ('', 2),
        ('-k', 2),
        ('-e A=1 -e B=2 env -e C=3', ({'env': ['A=1', 'B=2']}, ['env', '-e', 'C=3'])),
        ('-e A=1 env', ({'env': ['A=1']}, ['env'])),
        ('env', ({}, ['env'])),
        ('-- ls -n 2', ({}, ['ls', '-n', '2'])),
        ('-n 2 -- ls', ({'times': 2}, ['ls'])),
        ('ls -- -n 2', ({}, ['ls', '--', '-n', '2'])),
        ('-x ls', 2),
        ('-n ls', 2),
        ('ls -x', ({}, ['ls', '-x'])),
        ('-n 2 ls -- -- a', ({'times': 2}, ['ls', '--', '--', 'a'])),
        ('--times=4 a b', ({'times': 4}, ['a', 'b'])),
        ('--ti 4 a --ti 5', ({'times': 4}, ['a', '--ti', '5'])),
        ('--', 2),
        ('-n 2 --', 2),
        ('ls --help', ({}, ['ls', '--help'])),
    ],
}


class SiftTest(unittest.TestCase):
    maxDiff = 2000

    def play(self, module, line):
        errors = io.StringIO()
        try:
            with contextlib.redirect_stderr(errors):
                options, rest = module.parse(line.split())
        except SystemExit as error:
            self.assertTrue(errors.getvalue())
            return error.code
        return repr(sorted(options.items())), rest

    def check(self, name, module):
        wrong = []
        for line, wanted in LINES[name]:
            if isinstance(wanted, tuple):
                wanted = repr(sorted((DEFAULTS[name] | wanted[0]).items())), wanted[1]
            got = self.play(module, line)
            if got != wanted:
                wrong.append((line, wanted, got))
        self.assertEqual(wrong, [])

    def test_find(self):
        self.check("find", find)

    def test_wrap(self):
        self.check("wrap", wrap)

    def test_help(self):
        for module, line, text in ((find, "--help", "[1k]; 0 takes 100% of the files"), (find, "--version", "find 3.1"), (wrap, "-h", "wrap [options] command")):
            out = io.StringIO()
            with self.assertRaises(SystemExit) as end, contextlib.redirect_stdout(out):
                module.parse([line])
            self.assertEqual(end.exception.code, 0)
            self.assertIn(text, " ".join(out.getvalue().split()))

    def test_sources(self):
        imported = set()
        for path in pathlib.Path("sift").glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    imported |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    imported.add(node.module)
        self.assertIn("argparse", imported)
        self.assertFalse(imported & {"optparse", "getopt"})


if __name__ == "__main__":
    unittest.main()
