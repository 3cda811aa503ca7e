import ast
import json
import pathlib
import unittest

from ignorefile import is_ignored


class IgnoreTest(unittest.TestCase):
    def test_table(self):
        """What git itself answered for these rules and paths."""
        wrong = []
        for rules, path, want in json.loads(pathlib.Path("_table.json").read_text()):
            for lines in (rules, [r + "\n" for r in rules]):
                if is_ignored(lines, path.rstrip("/"), path.endswith("/")) is not want:
                    wrong.append((rules, path, want))
        self.assertEqual(wrong, [])

    def test_no_helpers(self):
        for node in ast.walk(ast.parse(pathlib.Path("ignorefile.py").read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                self.assertNotIn(name.split(".")[0], ("fnmatch", "glob", "subprocess", "os", "pathlib", "importlib"))


if __name__ == "__main__":
    unittest.main()
