import random
import unittest

from canonical import canonical

NUMBERS = {'0': '0', '1': '1', '10': '10', '100': '100', '-0': '0', '0.0': '0', '-0.0': '0', '-1': '-1', '1e2': '100', '1E+2': '100', '1.0': '1', '1.50': '1.5', '0.1': '0.1', '0.000001': '0.000001', '0.0000001': '1e-7', '1e-6': '0.000001', '1e-7': '1e-7', '1.5e-7': '1.5e-7', '123456789012345680000': '123456789012345680000', '1e20': '100000000000000000000', '1e21': '1e+21', '1.5e21': '1.5e+21', '123e18': '123000000000000000000', '1234567890123456789012': '1.2345678901234568e+21', '9007199254740993': '9007199254740992', '9007199254740992': '9007199254740992', '-9007199254740993': '-9007199254740992', '0.1e1': '1', '5e-324': '5e-324', '4.9e-324': '5e-324', '2e-324': '0', '1.7976931348623157e308': '1.7976931348623157e+308', '1e23': '1e+23', '1.0e+23': '1e+23', '9.5e-7': '9.5e-7', '0.00001234': '0.00001234', '1e-10': '1e-10', '333333333.33333329': '333333333.3333333', '1E30': '1e+30', '4.50': '4.5', '2e-3': '0.002', '0.000000000000000000000000001': '1e-27', '999999999999999900000': '999999999999999900000', '999999999999999999999': '1e+21', '1e-400': '0', '12345678901234567890': '12345678901234567000', '0.30000000000000004': '0.30000000000000004', '100000000000000000000000': '1e+23', '-1e21': '-1e+21', '-1e-7': '-1e-7', '25e-8': '2.5e-7', '0.1234567890123456789': '0.12345678901234568', '1e22': '1e+22', '6.02214076e23': '6.02214076e+23', '1.100000000000000000000000000001': '1.1'}


class NumbersTest(unittest.TestCase):
    def test_table(self):
        for text, want in NUMBERS.items():
            self.assertEqual(canonical(text), want, text)
            self.assertEqual(canonical(f"[{text}]"), f"[{want}]", text)

    def test_same_double(self):
        rnd = random.Random(1)
        for _ in range(300):
            value = rnd.uniform(-1, 1) * 10.0 ** rnd.randint(-30, 30)
            self.assertEqual(float(canonical(repr(value))), value)
            self.assertEqual(canonical(canonical(repr(value))), canonical(repr(value)))

    def test_long(self):
        self.assertEqual(canonical("0." + "0" * 10 + "1" * 6000), "1.1111111111111111e-11")
        self.assertEqual(canonical("1" + "0" * 300), "1e+300")
        self.assertEqual(canonical("1" + "0" * 5000 + "e-5000"), "1")
        self.assertEqual(canonical("1." + "0" * 5000), "1")

    def test_too_big(self):
        for text in ("1e309", "-1e309", "1e400", "1" + "0" * 309, "[1, 1.8e308]", "1" * 5000):
            with self.assertRaises(ValueError, msg=text[:20]):
                canonical(text)


class TextTest(unittest.TestCase):
    def check(self, text, want):
        self.assertEqual(canonical(text), want)

    def test_plain(self):
        self.check(' { "b" : [ 1.0 , true , null , false ] , "a" : { } , "" : [ ] }\r\n\t', '{"":[],"a":{},"b":[1,true,null,false]}')
        self.check('"x"', '"x"')
        self.check("[" * 200 + "]" * 200, "[" * 200 + "]" * 200)

    def test_order(self):
        self.check('{"\ue000": 1, "\U0001f600": 2, "\ufb33": 3, "z": 4, "\u20ac": 5, "\\r": 6, "1": 7, "10": 8, "2": 9, "A": 10, "a": 11}',
                   '{"\\r":6,"1":7,"10":8,"2":9,"A":10,"a":11,"z":4,"\u20ac":5,"\U0001f600":2,"\ue000":1,"\ufb33":3}')
        self.check('{"aa": {"d": 1, "c": 2}, "a": [{"f": 1, "e": 2}]}', '{"a":[{"e":2,"f":1}],"aa":{"c":2,"d":1}}')
        self.check('{"\\u0022": 1, "!": 2, "\\u0001": 3, "\\\\": 4, "[": 5, "]": 6}', '{"\\u0001":3,"!":2,"\\"":1,"[":5,"\\\\":4,"]":6}')

    def test_strings(self):
        self.check(r'"\u0022\\\/\b\f\n\r\t\u0000\u001F\u000b\u007f\u2028\u00e9\uD83D\uDE00"', '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u000b\x7f\u2028\u00e9\U0001f600"')
        self.check('"\U0001f600\u00e9\ufeff\uffff"', '"\U0001f600\u00e9\ufeff\uffff"')

    def test_surrogates(self):
        for text in (r'"\ud800"', r'"\udc00"', r'"\udc00\ud800"', r'"\ud800x\udc00"', r'{"\ud83d": 1}', r'[{"a": ["\uDEAD"]}]', r'"\ud83d\ud83d\ude00"', '"\ud800"', r'"\ud83d\n\ude00"'):
            with self.assertRaises(ValueError, msg=text):
                canonical(text)

    def test_same_names(self):
        for text in ('{"a": 1, "a": 1}', r'{"a": 1, "\u0061": 2}', '[{"x": {"y": 1, "z": 2, "y": 3}}]', r'{"\ud83d\ude00": 1, "%s": 2}' % "\U0001f600"):
            with self.assertRaises(ValueError, msg=text):
                canonical(text)
        self.check('{"a": {"a": 1}, "b": {"a": 1}}', '{"a":{"a":1},"b":{"a":1}}')
        self.check('{"\u00e9": 1, "e\u0301": 2}', '{"e\u0301":2,"\u00e9":1}')

    def test_no_json(self):
        for text in ("", " ", "NaN", "-Infinity", "[Infinity]", "{a: 1}", "{'a': 1}", "[1,]", "01", "-01", "+1", "1.", ".5", "1e", "0x10", "1 2", "[1", '"a', '"\n"', '"\t"', '"\\x41"', '"\\u12"', "\ufeff1", "True",
                     "\u00a01", "1\u00a0", "\u0661", "1\u0661", "1.\u0661", "1_000", "nul", "-", "[1 2]", '{"a" 1}', '{"a": 1,}', "{1: 2}", "\x0c1", '"\\u+123"', '"\\u 123"', "tru\u0435", "1e\u0665", "/**/1"):
            with self.assertRaises(ValueError, msg=repr(text)):
                canonical(text)


if __name__ == "__main__":
    unittest.main()
