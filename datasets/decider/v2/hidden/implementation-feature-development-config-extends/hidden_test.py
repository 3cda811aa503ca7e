import json
import pathlib
import tempfile
import unittest

from confload import ConfigError, load
from confload.app import settings


class ExtendsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def put(self, **files):
        for name, value in files.items():
            path = self.folder / (name.replace("__", "/") + ".json")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(value if isinstance(value, str) else json.dumps(value))

    def load(self, name="top"):
        return load(str(self.folder / (name + ".json")))

    def test_plain_and_example(self):
        self.put(top={"a": 1, "b": {"c": [None, {"d": None}]}})
        self.assertEqual(self.load(), {"a": 1, "b": {"c": [None, {"d": None}]}})
        self.assertEqual(load("examples/dev.json"), {"name": "base", "log": {"level": "debug", "targets": ["file", "console"]}})
        self.assertEqual(settings(pathlib.Path("examples/dev.json"))["port"], 8000)

    def test_order_and_merge(self):
        self.put(one={"a": 1, "o": {"x": 1, "y": {"p": 1, "q": 1}}, "k": {"z": 1}, "l": [1]}, two={"a": 2, "o": {"y": {"q": 2}}, "k": 5, "l": {"m": 1}},
                 top={"extends": ["one.json", "two.json"], "o": {"y": {"r": 3}}, "b": False})
        self.assertEqual(self.load(), {"a": 2, "o": {"x": 1, "y": {"p": 1, "q": 2, "r": 3}}, "k": 5, "l": {"m": 1}, "b": False})

    def test_relative_folders(self):
        self.put(sub__mid={"extends": "../base.json", "m": 1}, base={"b": 1}, sub__base={"b": 2}, top={"extends": "sub/mid.json"})
        self.assertEqual(self.load(), {"b": 1, "m": 1})

    def test_append(self):
        self.put(base={"l": [1], "n": 7, "o": {"l": [1]}}, mid={"extends": "base.json", "l+": [2], "n+": [8], "new+": [1]},
                 top={"extends": "mid.json", "l+": [3, 1], "new+": [2], "o": {"l+": [5], "k+": [6]}, "c+": 3, "p++": [1], "e+": {"f": 1}})
        self.assertEqual(self.load(), {"l": [1, 2, 3, 1], "n": [8], "new": [1, 2], "o": {"l": [1, 5], "k": [6]}, "c+": 3, "p+": [1], "e+": {"f": 1}})

    def test_append_across_parents(self):
        self.put(one={"l+": [1]}, two={"l+": [2]}, three={"l": [3]}, top={"extends": ["one.json", "two.json"], "x": 1}, low={"extends": ["one.json", "three.json", "two.json"]},
                 deep={"extends": ["base.json", "two.json"]}, base={"l": [9]})
        self.assertEqual(self.load(), {"l": [1, 2], "x": 1})
        self.assertEqual(self.load("low"), {"l": [3, 2]})
        self.assertEqual(self.load("deep"), {"l": [9, 2]})

    def test_append_waits_for_lower_layers(self):
        self.put(a={"l": ["a"], "o": {"l": [1]}}, b={"l+": ["b"], "o": {"l+": [2]}}, c={"extends": "b.json", "l+": ["c"]}, top={"extends": ["a.json", "c.json"]})
        self.assertEqual(self.load(), {"l": ["a", "b", "c"], "o": {"l": [1, 2]}})

    def test_null(self):
        self.put(base={"a": 1, "l": [1], "o": {"p": 1, "q": 2}, "r": {"s": 1}}, mid={"extends": "base.json", "a": None, "l": None, "o": {"p": None}, "r": None, "none": None},
                 top={"extends": "mid.json", "l+": [2], "r": {"t": None, "u": {"v": None}}, "w": {"x": None, "y": 1}})
        self.assertEqual(self.load("mid"), {"o": {"q": 2}})
        self.assertEqual(self.load(), {"l": [2], "o": {"q": 2}, "r": {"u": {}}, "w": {"y": 1}})

    def test_null_from_a_parent_with_later_base(self):
        self.put(base={"a": 1, "o": {"p": 1, "q": 2}, "l": [1]}, cut={"a": None, "o": {"p": None}, "l": None}, top={"extends": ["base.json", "cut.json"], "l+": [5]})
        self.assertEqual(self.load(), {"o": {"q": 2}, "l": [5]})

    def test_circle(self):
        self.put(a={"extends": "b.json"}, b={"extends": ["ok.json", "sub/c.json"]}, ok={"k": 1}, sub__c={"extends": "../b.json"}, s={"extends": "./s.json"})
        for name, text in (("a", "circle: b.json -> c.json -> b.json"), ("s", "circle: s.json -> s.json")):
            with self.assertRaises(ConfigError) as caught:
                self.load(name)
            self.assertEqual(str(caught.exception), text)

    def test_diamond(self):
        self.put(base={"l": [1], "m": {"n": [1]}}, left={"extends": "base.json", "l+": [2]}, right={"extends": "base.json", "r": 1}, top={"extends": ["left.json", "right.json", "right.json"]})
        self.assertEqual(self.load(), {"l": [1], "m": {"n": [1]}, "r": 1})

    def test_errors(self):
        for number, bad in enumerate((1, None, {"a": 1}, ["x.json", 2], True)):
            self.put(**{"bad%d" % number: {"extends": bad}})
            with self.assertRaises(ConfigError) as caught:
                self.load("bad%d" % number)
            self.assertEqual(str(caught.exception), "bad extends in bad%d.json" % number)
        self.put(n={"extends": "sub/missing.json"}, j={"extends": ["broken.json"]}, broken="{", o={"extends": "list.json"}, list="[1]", empty={"extends": [], "a": 1})
        for name, text in (("n", "no file missing.json"), ("j", "broken.json is not JSON"), ("o", "list.json is not an object"), ("gone", "no file gone.json")):
            with self.assertRaises(ConfigError) as caught:
                self.load(name)
            self.assertEqual(str(caught.exception), text)
        self.assertEqual(self.load("empty"), {"a": 1})


if __name__ == "__main__":
    unittest.main()
