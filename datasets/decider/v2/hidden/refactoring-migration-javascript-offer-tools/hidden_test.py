import copy
import json
import unittest

from offer_tools import amounts, names, offers

MODULES = {"amounts": amounts, "names": names, "offers": offers}

# Arguments, and what JSON.stringify gave for the result of the JavaScript function.
CASES = {
    'names.slug': [
        (['Cr\xe8me Br\xfbl\xe9e, 2 St\xfcck'], '"creme-brulee-2-stuck"'),
        (['  --Tee_Haus--  '], '"tee_haus"'),
        (['Stra\xdfe \u2116 5'], '"stra-e-no-5"'),
        (['\u65e5\u672c \u8336'], '""'),
        (['abcdefghijklmnopqrs tuv'], '"abcdefghijklmnopqrs"'),
        (['\xc5NGSTR\xd6M \xbd \u0130'], '"angstrom-1-2-i"'),
        (['x\xb2\ufb01'], '"x2fi"'),
        (['a\u0663b'], '"a-b"'),
        ([''], '""'),
    ],
    'names.bucket': [
        (['tea', 10], '1'),
        (['a longer name of a customer', 97], '0'),
        (['K\xe4se \U0001f600', 1000], '615'),
        (['\U0001f600\U0001f600', 64], '13'),
        (['zzzzzzzzzz', 7], '4'),
        (['', 5], '2'),
        (['kettle and cups', 1000003], '227799'),
    ],
    'names.column': [
        (['tea', 6], '"...tea"'),
        (['  kettle and cups ', 9], '"kettle..."'),
        (['K\xe4se \U0001f600', 7], '"K\xe4se \U0001f600"'),
        (['\U0001f600\U0001f600\U0001f600', 6], '"\U0001f600\U0001f600\U0001f600"'),
        (['\ufefftea\ufeff', 5], '"..tea"'),
        (['tea\x1c', 6], '"..tea\\u001c"'),
        (['abcdef', 6], '"abcdef"'),
        (['abcdefg', 3], '"..."'),
        (['\xa0x\u3000', 3], '"..x"'),
    ],
    'names.unique': [
        ([['b', 'a', 'B', 'b']], '["B","a","b"]'),
        ([['10', '9', '1']], '["1","10","9"]'),
        ([['\U0001f600', '\ufb01', 'z']], '["z","\U0001f600","\ufb01"]'),
        ([['\xe9', 'e', 'f']], '["e","f","\xe9"]'),
        ([[10, 9, 1, 9]], '[1,10,9]'),
        ([[True, 1, '1', 1.0]], '[1,"1",true]'),
        ([[None, 'a', 'z', None]], '["a",null,"z"]'),
        ([[0, False, '', -5, -40]], '["",-40,-5,0,false]'),
        ([['true', True, 'x', 'tr']], '["tr","true",true,"x"]'),
    ],
    'amounts.quantity': [
        (['3'], '3'),
        ([' 12 pcs'], '12'),
        (['0'], '1'),
        (['-4'], '-4'),
        (['+5'], '5'),
        (['2.9'], '2'),
        (['1e3'], '1'),
        (['abc'], '1'),
        ([''], '1'),
        (['0x1f'], '1'),
        (['\ufeff7'], '7'),
        (['1_000'], '1'),
        (['\u0663'], '1'),
        (['--1'], '1'),
        (['+ 1'], '1'),
        (['00'], '1'),
        (['007'], '7'),
        ([3], '3'),
        ([2.9], '2'),
        ([0], '1'),
        ([-0.5], '1'),
        ([None], '1'),
        ([123456789.5], '123456789'),
    ],
    'amounts.rounded': [
        ([2.5, 0], '3'),
        ([-2.5, 0], '-2'),
        ([1.005, 2], '1'),
        ([-1.235, 2], '-1.24'),
        ([0.49999999999999994, 0], '0'),
        ([1.45, 1], '1.5'),
        ([-0.3, 0], '0'),
        ([8.345, 2], '8.35'),
        ([1234.5, 1], '1234.5'),
        ([7, 2], '7'),
        ([4503599627370498.0, 0], '4503599627370498'),
        ([9007199254740991, 0], '9007199254740991'),
    ],
    'amounts.label': [
        ([0.125], '"0,13"'),
        ([2.675], '"2,67"'),
        ([1.005], '"1,00"'),
        ([-0.125], '"-0,13"'),
        ([-0.001], '"-0,00"'),
        ([1234567.5], '"1234567,50"'),
        ([10], '"10,00"'),
        ([0], '"0,00"'),
        ([0.375], '"0,38"'),
        ([-2.5], '"-2,50"'),
        ([99.995], '"100,00"'),
    ],
    'amounts.field': [
        (['12'], '12'),
        ([' 12.5 '], '12.5'),
        ([''], '0'),
        (['   '], '0'),
        ([None], '0'),
        ([True], '1'),
        ([False], '0'),
        (['abc'], 'null'),
        (['0x1F'], '31'),
        (['1e3'], '1000'),
        (['.5'], '0.5'),
        (['5.'], '5'),
        (['1,5'], 'null'),
        (['1_000'], 'null'),
        (['+3'], '3'),
        (['-0x10'], 'null'),
        (['12px'], 'null'),
        ([7], '7'),
        (['\u0663'], 'null'),
        (['nan'], 'null'),
        (['\ufeff4\n'], '4'),
        (['.'], 'null'),
        (['1e'], 'null'),
    ],
    'amounts.weekday': [
        ([1, 10], '4'),
        ([1, -3], '-2'),
        ([0, -7], '0'),
        ([6, 1], '0'),
        ([3, -10], '0'),
    ],
    'offers.total': [
        ([[{'price': 2.5, 'qty': '3', 'discount': 0}]], '7.5'),
        ([[{'price': 10}]], '18'),
        ([[{'price': 10, 'qty': 0, 'discount': None}]], '18'),
        ([[{'price': 10, 'qty': '0', 'discount': 20}]], '8'),
        ([[{'price': 1.5, 'qty': 'x', 'discount': 0}, {'price': 2, 'qty': None, 'discount': 50}]], '3.5'),
        ([[]], '0'),
        ([[{'price': 3, 'qty': '', 'discount': 0}]], '6'),
        ([[{'price': 4, 'qty': -3, 'discount': 0}]], '-12'),
        ([[{'price': 0.1, 'qty': 3, 'discount': 0}, {'price': 0.115, 'qty': '1', 'discount': 0}]], '0.42'),
    ],
    'offers.codes': [
        ([[{'code': 'AB', 'no': 12}, {'code': 7, 'no': 12}, {'code': 7, 'no': '12'}, {'code': 'AB'}, {'code': 'X', 'no': None}, {'code': 5, 'no': None}, {'code': 1.5, 'no': ''}]], '["AB12",19,"712","ABundefined","Xnull",5,"1.5"]'),
        ([[{'code': 'A', 'no': 2.0}, {'code': True, 'no': '!'}, {'code': True, 'no': 1}, {'code': '-', 'no': 1e-06}, {'code': '-', 'no': 1.5e-07}, {'code': None, 'no': None}]], '["A2","true!",2,"-0.000001","-1.5e-7",0]'),
    ],
    'offers.signed': [
        ([{'b': 1, 'a': 2}, {'b': 3, 'c': '\xfc'}], '"{\\"b\\":3,\\"a\\":2,\\"c\\":\\"\xfc\\"}"'),
        ([{'10': 1, 'x': 0, '9': 2}, {'1': [], '01': {}}], '"{\\"1\\":[],\\"9\\":2,\\"10\\":1,\\"x\\":0,\\"01\\":{}}"'),
        ([{'a': 1.0, 'b': 1e+21, 'c': 1e-07}, {'a': None}], '"{\\"a\\":null,\\"b\\":1e+21,\\"c\\":1e-7}"'),
        ([{'q': 'a"b/\n\u2028\x7f\x01'}, {'n': 100000000000000000000, 'm': -0.0}], '"{\\"q\\":\\"a\\\\\\"b/\\\\n\u2028\x7f\\\\u0001\\",\\"n\\":100000000000000000000,\\"m\\":0}"'),
        ([{'u': '\U0001f600'}, {'deep': {'2': 1, 'k': 2, '1': [0.1, True]}}], '"{\\"u\\":\\"\U0001f600\\",\\"deep\\":{\\"1\\":[0.1,true],\\"2\\":1,\\"k\\":2}}"'),
    ],
    'offers.fill': [
        (['Hello {name}, {name}!', {'name': 'Ada'}], '"Hello Ada, {name}!"'),
        (['{a}{b}', {'a': '{b}', 'b': 'x'}], '"x{b}"'),
        (['{n} pcs {m}', {'n': 2.0, 'm': None}], '"2 pcs null"'),
        (['{2}{1}', {'2': '{1}', '1': 'a'}], '"{1}a"'),
        (['{x} {y}', {'x': True, 'y': 1.5e+21}], '"true 1.5e+21"'),
        (['{p}', {'p': '$& $1 \\1'}], '"$& $1 \\\\1"'),
        (['{.}', {'*': 1, '.': 'dot'}], '"dot"'),
    ],
    'offers.part': [
        ([[1, 2, 3, 4, 5], 1, 3], '[2,3]'),
        ([[1, 2, 3, 4, 5], 3, 1], '[2,3]'),
        ([[1, 2, 3, 4, 5], -2, 5], '[4,5]'),
        ([[1, 2, 3, 4, 5], 4, -3], '[3,4]'),
        ([[1, 2, 3], 0, 99], '[1,2,3]'),
        ([[1, 2, 3], 2, 2], '[]'),
    ],
    'offers.cheapest': [
        ([[{'price': 3, 'n': 1}, {'price': 1, 'n': 2}, {'price': 3, 'n': 3}], 2], '[{"price":1,"n":2},{"price":3,"n":1}]'),
        ([[{'price': 2, 'n': 1}, {'price': 1, 'n': 2}], 0], '[{"price":1,"n":2},{"price":2,"n":1}]'),
        ([[{'price': 2, 'n': 1}, {'price': 1, 'n': 2}], None], '[{"price":1,"n":2},{"price":2,"n":1}]'),
        ([[{'price': 2, 'n': 1}, {'price': 1, 'n': 2}, {'price': 0, 'n': 3}], -1], '[{"price":0,"n":3},{"price":1,"n":2}]'),
    ],
}


def same(a, b):
    """JSON equality: True is not 1, 2 is 2.0, key order does not matter."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return set(a) == set(b) and all(same(a[k], b[k]) for k in a)
    return isinstance(a, bool) == isinstance(b, bool) and a == b


class OfferToolsTest(unittest.TestCase):
    def test_sorts_in_place(self):
        lines = [{"price": 2}, {"price": 1}]
        offers.cheapest(lines, 1)
        self.assertEqual(lines, [{"price": 1}, {"price": 2}])

    def test_arguments_stay(self):
        values = ["b", "a"], {"b": 1}, {"a": 2}
        kept = copy.deepcopy(values)
        names.unique(values[0])
        offers.signed(*values[1:])
        self.assertEqual(values, kept)


def of(name):
    def test(self):
        module, function = name.split(".")
        wrong = []
        for arguments, wanted in CASES[name]:
            try:
                got = getattr(MODULES[module], function)(*copy.deepcopy(arguments))
            except Exception as error:
                got = repr(error)
            if not same(got, json.loads(wanted)):
                wrong.append((arguments, json.loads(wanted), got))
        self.assertEqual(wrong, [])
    return test


for name in CASES:
    setattr(OfferToolsTest, "test_" + name.replace(".", "_"), of(name))


if __name__ == "__main__":
    unittest.main()
