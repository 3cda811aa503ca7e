import ast
import hashlib
import pathlib
import unittest
from unittest import mock

import health
import stocks
import weather
import webclient
from webclient import NoAnswer, Response


class MigrationTest(unittest.TestCase):
    def setUp(self):
        patch = mock.patch("webclient.fetch", autospec=True)
        self.fetch = patch.start()
        self.addCleanup(patch.stop)

    def test_weather(self):
        self.fetch.return_value = Response(200, "21.5")
        self.assertEqual(weather.temperature("north"), 21.5)
        self.assertEqual(self.fetch.call_args_list, [mock.call("http://weather.example/north", timeout=1.5, attempts=3)])
        self.fetch.return_value = Response(204, "")
        self.assertIsNone(weather.temperature("north"))
        self.fetch.side_effect = NoAnswer()
        self.assertIsNone(weather.temperature("north"))

    def test_stocks(self):
        self.fetch.return_value = Response(200, "1.239")
        self.assertEqual(stocks.price("ABC"), 124)
        self.assertEqual(self.fetch.call_args_list, [mock.call("http://stocks.example/ABC", timeout=5, attempts=1)])
        self.fetch.return_value = Response(404, "gone")
        with self.assertRaisesRegex(stocks.NoPrice, "^status 404$"):
            stocks.price("ABC")
        self.fetch.side_effect = NoAnswer()
        with self.assertRaisesRegex(stocks.NoPrice, "^no answer$"):
            stocks.price("ABC")

    def test_health(self):
        answers = {"a": Response(200, ""), "b": NoAnswer(), "c": Response(503, ""), "d": Response(302, ""), "e": Response(204, "")}

        def answer(url, **_):
            if isinstance(answers[url], Exception):
                raise answers[url]
            return answers[url]
        self.fetch.side_effect = answer
        self.assertEqual(health.failing("abcde"), {"b": 0, "c": 503, "d": 302})
        self.assertEqual(self.fetch.call_args_list, [mock.call(u, timeout=0.25, attempts=2) for u in "abcde"])

    def test_other_errors_come_through(self):
        self.fetch.side_effect = TypeError("bug")
        for call in (lambda: weather.temperature("n"), lambda: stocks.price("A"), lambda: health.failing(["a"])):
            with self.assertRaises(TypeError):
                call()

    def test_legacy_is_gone(self):
        self.assertFalse(pathlib.Path("legacy_http.py").exists())
        for path in pathlib.Path(".").rglob("*.py"):
            if path.name != "hidden_test.py":
                self.assertNotIn("legacy_http", path.read_text())
        self.assertEqual(hashlib.sha256(pathlib.Path("webclient.py").read_bytes()).hexdigest(), "d7844c596532f1a518987077954a1d51c0621bcb8457e35ab02ed1d9204528a2")


if __name__ == "__main__":
    unittest.main()
