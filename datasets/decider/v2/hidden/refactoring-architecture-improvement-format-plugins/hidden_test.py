import ast
import gc
import hashlib
import importlib
import os
import pathlib
import signal
import sys
import traceback
import unittest

sys.path.insert(0, os.getcwd())


def forked(task, seconds=5):
    """(whether the task was true, its output), run in a forked child."""
    sys.stdout.flush()
    sys.stderr.flush()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        good = False
        try:
            gc.disable()
            signal.alarm(seconds)
            os.close(read)
            os.dup2(write, 1)
            os.dup2(write, 2)
            good = bool(task())
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0 if good else 1)
    os.close(write)
    with os.fdopen(read, encoding="utf-8", errors="replace") as pipe:
        output = pipe.read()
    return os.waitpid(pid, 0)[1] == 0, output


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


import re
import shutil
import subprocess
import tempfile

ROWS = [["a", "b,c"], ['q"x', "", "ü"], []]
WANT = {"csv": 'a,"b,c"\r\n"q""x",,ü\r\n\r\n', "json": '[["a", "b,c"], ["q\\"x", "", "\\u00fc"], []]', "lines": 'a b,c\nq"x  ü\n\n', "md": '| a | b,c |\n| q"x |  | ü |\n|  |\n'}
ENDS = {"csv": ".csv", "json": ".json", "lines": ".txt", "md": ".md"}


def error(function, *arguments):
    try:
        return "no error: " + repr(function(*arguments))
    except Exception as problem:
        return type(problem).__name__ + " " + str(problem)


class PluginTest(unittest.TestCase):
    def test_now(self):
        import exporter
        self.assertEqual(list(exporter.names()), sorted(WANT))
        for name, text in WANT.items():
            self.assertEqual(exporter.export(ROWS, name), text)
            self.assertEqual(exporter.extension(name), ENDS[name])
        for name in ("xml", "", "CSV", "__init__", "os", "_x", "json.decoder", "../formats"):
            for function in (exporter.extension, lambda n: exporter.export(ROWS, n)):
                self.assertEqual(error(function, name), f"ValueError no format {name}; there are csv, json, lines, md")
        for path, name in (("a.csv", "csv"), ("B.TXT", "lines"), ("x.md.json", "json"), ("x", None), (".md", "md"), ("csv", None)):
            self.assertEqual(exporter.for_file(path), name)

    def changed(self, files, story, gone=()):
        """Run a story in a child, on a copy of the project with other formats, from another folder."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree("exporter", folder + "/exporter")
            for path, text in files.items():
                place = pathlib.Path(folder, "exporter/formats", path)
                place.parent.mkdir(exist_ok=True)
                place.write_text(text)
            for path in gone:
                pathlib.Path(folder, "exporter/formats", path).unlink()

            def task():
                for name in [n for n in sys.modules if n.split(".")[0] == "exporter"]:
                    del sys.modules[name]
                sys.path[:] = [p for p in sys.path if p and pathlib.Path(p).resolve() != pathlib.Path.cwd().resolve()]
                sys.path.insert(0, folder)
                os.chdir("/")
                importlib.invalidate_caches()
                import exporter
                assert exporter.__file__.startswith(folder), exporter.__file__
                story(exporter)
                return True
            good, output = forked(task)
            self.assertTrue(good, output)

    def test_new_formats(self):
        def story(exporter):
            self.assertEqual(list(exporter.names()), ["ascii", "csv", "json", "md", "tsv", "zz"])
            self.assertEqual(exporter.export([["a", "b"]], "tsv"), "a\tb")
            self.assertEqual(exporter.for_file("x.txt"), "ascii")
            self.assertEqual(exporter.for_file("x.TSV"), "tsv")
            self.assertEqual(error(exporter.extension, "lines"), "ValueError no format lines; there are ascii, csv, json, md, tsv, zz")
            self.assertEqual(error(exporter.extension, "_helper"), "ValueError no format _helper; there are ascii, csv, json, md, tsv, zz")
            self.assertEqual(error(exporter.extension, "sub"), "ValueError no format sub; there are ascii, csv, json, md, tsv, zz")
        self.changed({"tsv.py": "from exporter.formats._helper import join\nEXTENSION = '.tsv'\ndef export(rows):\n    return join(rows)\n",
                      "_helper.py": "def join(rows):\n    return '\\n'.join('\\t'.join(r) for r in rows)\n", "notes.txt": "no format",
                      "ascii.py": "EXTENSION = '.txt'\ndef export(rows):\n    return 'x'\n", "zz.py": "EXTENSION = '.txt'\ndef export(rows):\n    return 'z'\n",
                      "sub/__init__.py": "EXTENSION = '.sub'\n"}, story, ["lines.py"])

    def test_broken_format(self):
        def story(exporter):
            self.assertEqual(list(exporter.names()), ["aaa", "bbb", "csv", "json", "lines", "md"])
            self.assertEqual(exporter.export([["a"]], "lines"), "a\n")
            self.assertEqual(exporter.for_file("x.md"), "md")
            self.assertEqual(exporter.for_file("x.none"), None)
            self.assertEqual(error(exporter.export, [], "aaa"), "ModuleNotFoundError No module named 'not_there'")
            self.assertEqual(error(exporter.extension, "bbb"), "RuntimeError broken")
        self.changed({"aaa.py": "import not_there\n", "bbb.py": "raise RuntimeError('broken')\n"}, story)

    def test_structure(self):
        text = pathlib.Path("exporter/__init__.py").read_text()
        strings = [n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        for name in [*WANT, *ENDS.values()]:
            self.assertNotIn(name, strings)
        self.assertIsNone(re.search(r"\b(csv|json|md)\b", re.sub(r'\"\"\".*?\"\"\"', "", text, flags=re.S)))
        self.assertEqual(sorted(p.name for p in pathlib.Path("exporter/formats").glob("[!_]*.py")), ["csv.py", "json.py", "lines.py", "md.py"])
        done = subprocess.run([sys.executable, "-B", "-m", "exporter", "lines"], input="a b\nc\n", text=True, capture_output=True)
        self.assertEqual(done.stdout, "a b\nc\n", done.stderr)


if __name__ == "__main__":
    unittest.main()
