import unittest
from io import StringIO

from till import items, journal, kinds, rates, report, statistics

I = items.Item

# What Python 2.7 gave for the old package.
CASES = {
    'statistics': [
        ('statistics.mean([1, 2, 4])', '2'),
        ('statistics.mean([-1, -2])', '-2'),
        ('statistics.mean([1, 2.5])', '1.75'),
        ('statistics.mean([1.0, 2, 4])', '2.3333333333333335'),
        ('statistics.middle([9, 1, 5, 7])', '5'),
        ('statistics.middle([3])', '3'),
        ('statistics.spread([1, 8])', '3'),
        ('statistics.spread([8.0, 1])', '3.5'),
        ('statistics.spread([-4, 3, 1])', '3'),
    ],
    'rates': [
        ('rates.net(119, 19)', '100.0'),
        ('rates.net(250, 7)', '234.0'),
        ('rates.net(25, 0)', '25.0'),
        ('rates.net(2.5, 0)', '3.0'),
        ('rates.net(-4.5, 0)', '-5.0'),
        ('rates.fee(100)', '3.0'),
        ('rates.fee(20)', '1.0'),
        ('rates.fee(60)', '2.0'),
        ('rates.fee(-100)', '-3.0'),
        ('rates.fee(5000, 99)', '99'),
        ('rates.fee(4000, 100)', '100.0'),
        ('rates.shares(10, 3)', '[4, 3, 3]'),
        ('rates.shares(-10, 3)', '[-3, -3, -4]'),
        ('rates.NO_LIMIT', '9223372036854775807'),
    ],
    'item order': [
        ("sorted([I('a', 5, 'x'), I('b', 7), I('c', 3, 'x'), I('d', 2.5)])", '[<d 2.5>, <b 7>, <c 3>, <a 5>]'),
        ("I('a', 5) == I('b', 5)", 'True'),
        ("I('a', 5) == I('a', 5, 'x')", 'False'),
        ("I('a', 5) != I('b', 5)", 'False'),
        ("I('a', 5) < I('b', 6)", 'True'),
        ("I('a', 5, 'x') <= I('b', 5, 'x')", 'True'),
        ("I('a', 5) >= I('a', 6)", 'False'),
        ("I('', 9, None) < I('', 1, '')", 'True'),
        ("max([I('a', 1), I('b', 3), I('c', 2)])", '<b 3>'),
    ],
    'item hash': [
        ("len(set([I('a', 5), I('b', 5), I('a', 5, 'x')]))", '2'),
        ("{I('a', 5): 1}[I('b', 5)]", '1'),
        ("I('b', 5) in [I('a', 5)]", 'True'),
    ],
    'item rest': [
        ("bool(I('a', 0))", 'False'),
        ("bool(I('a', -1))", 'True'),
        ("I('a', 7) / 2", '<a 3>'),
        ("I('a', -7) / 2", '<a -4>'),
        ("I('a', 7) / 2.0", '<a 3.5>'),
        ("(I('a', 9, 'g') / 2).group", "'g'"),
        ("I('a', 0.1 + 0.2)", '<a 0.3>'),
        ("I('a', 2.0)", '<a 2.0>'),
    ],
    'kinds': [
        ('sorted(kinds.KINDS)', "['c', 'k', 'v']"),
        ("kinds.kind('k').cost(1049)", '20'),
        ("kinds.kind('v').cost(110)", '-6'),
        ("kinds.kind('v').cost(110.0)", '-5.5'),
        ("kinds.kind('c').cost(5)", '0'),
        ("type(kinds.kind('v')).__name__", "'Voucher'"),
        ("trouble(kinds.kind, 'q')", '(\'ValueError\', "no kind \'q\'")'),
        ('trouble(kinds.kind, None)', "('ValueError', 'no kind None')"),
    ],
    'check': [
        ("[journal.check(t) for t in ['tea;250;c', 'cake;310;k', '', 'a', 'b', 'c', 'hello', 'x' * 40]]", "['26', '43', '00', '45', '63', '93', '96', '65']"),
    ],
    'journal': [
        ("journal.number('A 12-7')", "'127'"),
        ("journal.number('none')", "''"),
        ("journal.read(['tea;250;c', 'cup;x;c', 'cake;310;k'])", '([<tea 250>, <cake 310>], "invalid literal for int() with base 10: \'x\'")'),
        ("journal.read(['tea;250;c', 'a;1.5;c', 'pot;1;z', 'q; 12 ;v'])", '([<tea 250>, <q 12>], "no kind \'z\'")'),
        ('journal.read([])', "([], 'none')"),
        ("journal.read(['tea;250;c'])", "([<tea 250>], 'none')"),
    ],
    'closing': [
        ("journal.closing([I('a', 5), I('b', -7), I('c', 0)])", "(-2, 'b')"),
        ("journal.closing([I('c', 0)])", '(0, None)'),
        ('journal.closing([])', '(0, None)'),
        ("journal.closing([I('c', 0), I('d', 1.5)])", "(1.5, 'd')"),
    ],
    'totals': [
        ("sorted(journal.totals([I('a', 5), I('b', 7), I('a', 1)]).items())", "[('a', 6), ('b', 7)]"),
        ('type(journal.totals([])).__name__', "'dict'"),
        ("small({'a': 5, 'b': 1, 'c': 3, 'd': 2})", "(['b'], [('a', 5), ('c', 3), ('d', 2)])"),
        ("small({'a': 5})", "([], [('a', 5)])"),
        ("small({'z': 1, 'y': 2, 'x': 3, 'w': 3, 'v': 3})", "(['y', 'z'], [('v', 3), ('w', 3), ('x', 3)])"),
    ],
    'above': [
        ("report.above([I('a', 5), I('b', -7), I('c', 0)])", '[<a 5>, <b -7>, <c 0>]'),
        ("report.above([I('a', 5), I('b', -7), I('c', 0)], 0)", '[<a 5>]'),
        ("report.above([I('a', 5), I('b', -7)], -7)", '[<a 5>]'),
    ],
    'ranking': [
        ("report.ranking([I('tea', 5), I('Cup', 7), I('cake', 5), I('Tea', 5), I('tEA', 5, 'x'), I('b', 0)])", '[<Cup 7>, <cake 5>, <tea 5>, <Tea 5>, <tEA 5>, <b 0>]'),
        ('report.ranking([])', '[]'),
    ],
    'pairs': [
        ('report.pairs([1, 2, 3], [1, 4])', '[(2, 4), (3, None)]'),
        ('report.pairs([], [5, None])', '[(None, 5)]'),
        ('report.pairs([0, 2], [0.0, 2, None])', '[]'),
    ],
    'codes': [
        ("report.codes([10, 'b', None, 9, 'B', 10, '10', 2.5])", "[None, 2.5, 9, 10, '10', 'B', 'b']"),
        ("report.codes(['x', 'a', 'x'])", "['a', 'x']"),
        ('report.codes([])', '[]'),
    ],
    'weight': [
        ('report.weight([0.1, 0.2])', "'0.3 kg ([0.1, 0.2])'"),
        ('report.weight([1, 2])', "'3 kg ([1, 2])'"),
        ('report.weight([1.0, 2])', "'3.0 kg ([1.0, 2])'"),
        ('report.weight([1 / 3.0])', "'0.333333333333 kg ([0.3333333333333333])'"),
        ('report.weight([1e15])', "'1e+15 kg ([1000000000000000.0])'"),
    ],
    'table': [
        ("table([I('tea', 250, 'c'), I('cake', 310), I('bun', 95, 'a')])", '[\'cake   310 -\', \'bun    95\', \'tea    250\', "(\'mean\', 218, 107)", \'dearest 0.473282442748 of all\', \'\']'),
        ("table([I('tea', 2.5), I('cakewalk', 0.1 + 0.2, 'x')])", '[\'tea    2.5 -\', \'cakewalk 0.3\', "(\'mean\', 1.4, 1.1)", \'dearest 0.892857142857 of all\', \'\']'),
        ("table([I('tea', 1), I('cup', 2)])", '[\'tea    1 -\', \'cup    2 -\', "(\'mean\', 1, 0)", \'dearest 0.666666666667 of all\', \'\']'),
    ],
}


def trouble(call, *arguments):
    try:
        return call(*arguments)
    except Exception as error:
        return type(error).__name__, str(error)


def small(totals):
    return journal.without_small(totals), sorted(totals.items())


def table(items):
    out = StringIO()
    report.table(items, out)
    return out.getvalue().split("\n")


class TillTest(unittest.TestCase):
    pass


def of(name):
    def test(self):
        found = []
        for expression, _ in CASES[name]:
            try:
                found.append((expression, repr(eval(expression))))
            except Exception as error:
                found.append((expression, repr(error)))
        self.assertEqual(found, CASES[name])
    return test


for name in CASES:
    setattr(TillTest, "test_" + name.replace(" ", "_"), of(name))


class InputTest(unittest.TestCase):
    def test_arguments_stay(self):
        goods = [I("a", 1), I("b", 2)]
        report.ranking(goods)
        self.assertEqual([i.name for i in goods], ["a", "b"])


if __name__ == "__main__":
    unittest.main()
