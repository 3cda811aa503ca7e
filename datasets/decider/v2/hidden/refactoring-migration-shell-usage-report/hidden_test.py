import ast
import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import usage

# What the shell script printed, and its exit code.
FOLDERS = {
    'sample': (
        {'title.txt': 'Week 21\n', 'north.log': '# machine north\nann 120 wrote a report\nbob 90\n\ncy 3600 backup of  all disks\nann 30 mail\n', 'south.log': 'bob 600 copied pictures\ncy 59 looked around\n', 'users.txt': 'ann:Ann Ember:staff\nbob:Bob Ostler:guests\ncy:Cy Ahrens:staff\n'},
        ['== Week 21 ==', 'north      4   63 mail', 'south      2   10 looked around', '-- busiest', '      2 cy', '      2 bob', '      2 ann', '-- mean', 'ann 75', 'bob 345', 'cy 1829.5', '-- shared groups', 'staff', '-- longest', 'Bob Ostler'], 0),
    'empty': (
        {},
        ['== Usage ==', '-- busiest', '-- mean', '-- shared groups', '-- longest'], 1),
    'unfinished': (
        {'a.log': 'ann 60 x\nbob 120 y', 'b.log': 'cy 60 only', 'c.log': 'dora 60 z\n', 'title.txt': 'A\n\nB\n\n\n'},
        ['== A', '', 'B ==', 'a          1    1 x', 'b          0    0 -', 'c          1    1 z', '-- busiest', '      1 bob', '      1 ann', '-- mean', 'ann 60', 'bob 120', '-- shared groups', '-- longest'], 0),
    'ties': (
        {'m.log': 'b 1\na 1\nc 1\nd 1\nd 1\na 1\n e 1\n\te\t2\tf\n', 'Z.log': 'B 1\nB 2\n', 'z.old.log': 'b 60 x\n', '.hidden.log': 'h 600 x\n', 'x.log.bak': 'h 600 x\n', 'title.txt': '\n\n'},
        ['== Usage ==', 'Z          2    0 -', 'm          8    0 f', 'z          1    1 x', '-- busiest', '      2 e', '      2 d', '      2 b', '-- mean', 'B 1.5', 'a 1', 'b 30.5', 'c 1', 'd 1', 'e 1.5', '-- shared groups', '-- longest'], 0),
    'comments': (
        {'a.log': '#x 1 y\n  #x 600 y\n # z\n\n   \nann 60 done\n'},
        ['== Usage ==', 'a          1    1 done', '-- busiest', '      1 ann', '      1 #x', '      1 #', '-- mean', '# 0', '#x 600', 'ann 60', '-- shared groups', '-- longest'], 0),
    'numbers': (
        {'a.log': 'ann 0600 up\nann 600 up\nbob -90 back\nbob 59\nbob 59\ncy 119 x  \ncy 0 y   z \t\ndora 1000000 x\ndora 1000001 x\neve 1 a\neve 0 b\neve 1\n', 'title.txt': "Numbers  and 'signs' %d\n"},
        ["== Numbers  and 'signs' %d ==", 'a         12 33348 b', '-- busiest', '      3 eve', '      3 bob', '      2 dora', '-- mean', 'ann 600', 'bob 9.33333', 'cy 59.5', 'dora 1e+06', 'eve 0.666667', '-- shared groups', '-- longest'], 0),
    'backslashes': (
        {'a.log': 'a\\nn 60 wri\\\nting\nbob 60 c:\\temp \\\\ x\ncy 60 a\\ \nann 60 \\\nbob 60 gone\n', 'users.txt': 'ann\n'},
        ['== Usage ==', 'a          4    4 bob 60 gone', '-- busiest', '      2 bob', '      1 ting', '      1 cy', '-- mean', 'a\\nn 60', 'ann 60', 'bob 60', 'cy 60', '-- shared groups', '-- longest', ''], 0),
    'users': (
        {'users.txt': 'ann:Ann:x\nbob:Bob:y\nx\nx\nlone\nlone\ncy:Cy:y:z\ndora:Dora\neve:Evi\ny:\nmax:Ann\nfay:Fay:X\n:Bo:x', 'a.log': 'x 60\n'},
        ['== Usage ==', 'a          1    1 -', '-- busiest', '      1 x', '-- mean', 'x 60', '-- shared groups', '', 'lone', 'x', 'y', '-- longest', 'Dora'], 0),
    'no logs': (
        {'users.txt': 'ann:Ann Ember:a\nbob:Bob Ember:b\n', 'title.txt': 'T'},
        ['== T ==', '-- busiest', '-- mean', '-- shared groups', '-- longest', 'Ann Ember'], 1),
    'empty files': (
        {'a.log': '', 'users.txt': '', 'b.log': '\n\n', 'title.txt': ''},
        ['== Usage ==', 'b          0    0 -', '-- busiest', '-- mean', '-- shared groups', '-- longest', ''], 1),
    'far': (
        {'a.log': 'ann 1 x\nbob 2 x\nann 2 x\nann 0 x\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\ncy 7 a b\n', 'b.log': 'cy 100 x\nann-b 5 q\nann 4 q\n'},
        ['== Usage ==', 'a         16    0 a b', 'b          3    1 q', '-- busiest', '     13 cy', '      4 ann', '      1 bob', '-- mean', 'ann 1.75', 'ann-b 5', 'bob 2', 'cy 14.1538', '-- shared groups', '-- longest'], 0),
}


class UsageTest(unittest.TestCase):
    maxDiff = None

    def play(self, files):
        out = io.StringIO()
        here = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                (pathlib.Path(folder) / name).write_text(content, newline="")
            try:
                with contextlib.redirect_stdout(out):
                    code = usage.main([folder])
            finally:
                os.chdir(here)
        return out.getvalue(), code


def of(name):
    def test(self):
        files, lines, code = FOLDERS[name]
        self.assertEqual(self.play(files), ("".join(line + "\n" for line in lines), code))
    return test


for name in FOLDERS:
    setattr(UsageTest, "test_" + name.replace(" ", "_"), of(name))


class ProgramTest(unittest.TestCase):
    def test_no_folder(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(usage.main(["no/such/folder"]), 2)
        self.assertEqual(out.getvalue(), "")

    def test_program(self):
        end = subprocess.run([sys.executable, "-B", "usage.py", "sample"], capture_output=True, text=True)
        self.assertEqual((end.stdout.splitlines(), end.returncode), FOLDERS["sample"][1:])

    def test_no_shell(self):
        self.assertFalse(pathlib.Path("bin/usage.sh").exists())
        for node in ast.walk(ast.parse(pathlib.Path("usage.py").read_text())):
            names = [n.name for n in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", None), getattr(node, "attr", None)]
            self.assertFalse({"subprocess", "system", "popen"} & set(names))


if __name__ == "__main__":
    unittest.main()
