import ast
import io
import os
import pathlib
import signal
import sys
import tempfile
import traceback
import unittest


def imports(path, modules):
    """Project modules a file imports, wherever the import stands."""
    found = set()
    own = module_name(path)
    for node in ast.walk(ast.parse(pathlib.Path(path).read_text())):
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = own.split(".") if path.name == "__init__.py" else own.split(".")[:-1]
                parts = parts[:len(parts) - node.level + 1]
                base = ".".join(parts + ([node.module] if node.module else []))
            names = [base] + [base + "." + a.name for a in node.names]
        else:
            continue
        for name in names:
            if name in modules:
                found.add(name)
    return found - {own}


def module_name(path):
    parts = list(path.with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph(skip=("hidden_test", "_original")):
    paths = {module_name(p): p for p in sorted(pathlib.Path(".").rglob("*.py")) if p.stem not in skip and p.parts[0] != "tests"}
    return {name: imports(path, set(paths)) for name, path in paths.items()}, paths


def cycle(edges):
    """Some import cycle, or None."""
    done = set()

    def visit(name, trail):
        if name in trail:
            return trail[trail.index(name):] + [name]
        if name in done:
            return None
        for other in sorted(edges[name]):
            found = visit(other, trail + [name])
            if found:
                return found
        done.add(name)

    for name in edges:
        found = visit(name, [])
        if found:
            return found


def tricks(paths):
    """Imports that do not stand at the top level, and dynamic ones."""
    found = []
    for path in paths.values():
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in tree.body:
                found.append((str(path), node.lineno))
            if isinstance(node, ast.Name) and node.id in ("__import__", "exec", "eval"):
                found.append((str(path), node.lineno))
            if isinstance(node, (ast.Import, ast.ImportFrom)) and {"importlib", "runpy", "pkgutil"} & (
                    {a.name.split(".")[0] for a in node.names} | {(getattr(node, "module", None) or "").split(".")[0]}):
                found.append((str(path), node.lineno))
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.modules":
                found.append((str(path), node.lineno))
    return found


def forget_project():
    """Take every module of this folder out of the interpreter, as if none had been imported."""
    here = os.getcwd()
    for name, module in list(sys.modules.items()):
        places = [getattr(module, "__file__", None) or "", *map(str, getattr(module, "__path__", ()))]
        if any(os.path.abspath(place).startswith(here + os.sep) for place in places if place):
            del sys.modules[name]
    sys.path_importer_cache.clear()


def fresh(code, limit=20):
    """Output of code in a forked child in which no module of the project is imported yet; its traceback if it fails."""
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                signal.alarm(limit)
                sys.stdout, sys.stderr = output, io.StringIO()
                path = os.environ["PATH"]
                os.environ.clear()
                os.environ["PATH"] = path
                sys.argv = ["-c"]
                forget_project()
                exec(code, {"__name__": "__main__"})
                output.flush()
                status = 0
            except BaseException:
                output.write(traceback.format_exc())
                output.flush()
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        text = output.read()
        return text.strip() if status == 0 else "failed: " + text


class ArchitectureTest(unittest.TestCase):
    def test_no_cycle(self):
        edges, paths = graph()
        self.assertIsNone(cycle(edges))
        self.assertEqual(tricks(paths), [])
        self.assertTrue({"models", "serializers", "store"} <= set(edges))

    def test_any_module_first(self):
        text = '{"customer": "Ines", "lines": [["tea", 250, 2]], "number": 7, "total_cents": 500, "version": 3}'
        uses = {
            "models": f"o = models.Order.from_text({text!r}); print(type(o) is models.Order, o.lines, o.export() == {text!r})",
            "serializers": f"o = serializers.from_json({text!r}); import models; print(type(o) is models.Order, o.lines, o.export() == serializers.to_json(o))",
            "store": f"open('one.txt', 'w').write({text!r}); o = store.load_all('one.txt')[0]; import models; print(type(o) is models.Order, o.lines, o.export() == {text!r})",
        }
        for name, use in uses.items():
            self.assertEqual(fresh(f"import {name}\n{use}"), "True [('tea', 250, 2)] True", name)

    def test_contract(self):
        import models
        import serializers
        self.assertEqual(serializers.SCHEMA_VERSION, 3)
        with self.assertRaisesRegex(ValueError, "schema version 2"):
            serializers.from_json(models.Order(1, "a").export().replace('"version": 3', '"version": 2'))

        class Special(models.Order):
            pass
        self.assertEqual(Special(1, "a").export(), serializers.to_json(models.Order(1, "a")))


if __name__ == "__main__":
    unittest.main()
