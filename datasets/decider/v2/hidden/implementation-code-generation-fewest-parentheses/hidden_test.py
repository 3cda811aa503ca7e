import random
import re
import unittest

from unparse import unparse

LEVELS = {"or": 1, "and": 2, "<": 3, "=": 3, "+": 4, "-": 4, "*": 5, "/": 5, "^": 7}


def read(text):
    tokens = re.findall(r"\w+|[^\w\s]", text) + [""]
    at = 0

    def take(wanted=None):
        nonlocal at
        token = tokens[at]
        if wanted is not None and token != wanted or not token:
            raise SyntaxError(text)
        at += 1
        return token

    def operand(least):
        left = simple()
        while LEVELS.get(tokens[at], 0) >= least:
            op = take()
            left = (op, left, operand(7 if op == "^" else LEVELS[op] + 1))
            if op in "<=" and tokens[at] in ("<", "="):
                raise SyntaxError(text)
        return left

    def simple():
        if tokens[at] == "-":
            take()
            return "-", operand(6)
        if tokens[at] == "not":
            take()
            return "not", operand(3)
        if tokens[at] == "fn":
            take()
            name = take()
            take(":")
            return "fn", name, operand(1)
        if tokens[at] == "(":
            take()
            a = operand(1)
            take(")")
        else:
            if not re.fullmatch(r"\w+", tokens[at]) or tokens[at] in ("or", "and"):
                raise SyntaxError(text)
            a = "name", take()
        while tokens[at] == "(":
            take()
            arguments = []
            while tokens[at] != ")":
                if arguments:
                    take(",")
                arguments.append(operand(1))
            take(")")
            a = "call", a, arguments
        return a
    result = operand(1)
    if tokens[at]:
        raise SyntaxError(text)
    return result


# text -> pairs of parentheses that are not those of calls; all were found to be the fewest by trying every other placement
TEXTS = """a + b * c
(a + b) * c
a + (b + c)
a - b - c
a - (b - c)
a^b^c
(a^b)^c
-a^b
(-a)^b
2^-x
2^-x^3
2^(-x)^3
-a * b
-(a * b)
a * -b * c
a * (not b) * c
a * not b
a * not b * c
a * not b and c
a + not b < c
(a + not b) < c
not a and b
not (a and b)
(not a) < b
not a < b
not not -a + b
-(not a) + b
-not a + b
(fn x: x) + 1
fn x: x + 1
1 + fn x: x + 1
a < b and c < d
(a < b) = c
a < (b = c)
a < not b = c
a and fn x: x or y
(a and fn x: x) or y
(fn x: x)(y)
f(a)(b)(-c, fn x: x, d or e)
(a + b)()
-f(x)
(-f)(x)
a * -b + c
a * (fn x: -x) + c
--a - -b
a - -b^-c * d
a^-b * c
a^(-b * c)
a^(not b) * c
(a or b) and c
a or b and c
a or (b or c)
fn x: fn y: x < y
not fn x: x and y
not (fn x: x) and y
a / (b * c) / d
(a = b)^c
f(-a^b, (-a)^b)
a + (not -b) + c
a + -(not b) + c
a and not b and c
a and not (b and c)
a < -not b^c
a < b and not c = d or e""".splitlines()


def pairs(text):
    return len(re.findall(r"(?<![\w)])\(", text))


def grow(rnd, depth):
    kind = rnd.choice(["name", "op", "op", "op", "op", "-", "not", "fn", "call"]) if depth else "name"
    if kind == "name":
        return "name", rnd.choice("abc")
    if kind == "call":
        return "call", grow(rnd, depth - 1), [grow(rnd, depth - 1) for _ in range(rnd.randrange(3))]
    if kind == "fn":
        return "fn", "x", grow(rnd, depth - 1)
    if kind in ("-", "not"):
        return kind, grow(rnd, depth - 1)
    return rnd.choice(sorted(LEVELS)), grow(rnd, depth - 1), grow(rnd, depth - 1)


def needless(text, tree):
    """A pair that can be left out without changing the tree, if there is one."""
    stack = []
    for at, sign in enumerate(text):
        if sign == "(":
            stack.append((at, at == 0 or not re.match(r"[\w)]", text[at - 1])))
        elif sign == ")":
            start, plain = stack.pop()
            if plain:
                shorter = text[:start] + " " + text[start + 1:at] + " " + text[at + 1:]
                try:
                    if read(shorter) == tree:
                        return shorter
                except SyntaxError:
                    pass
    return None


class UnparseTest(unittest.TestCase):
    def test_texts(self):
        for text in TEXTS:
            with self.subTest(text):
                tree = read(text)
                found = unparse(tree)
                self.assertEqual(read(found), tree, found)
                self.assertEqual(pairs(found), pairs(text), found)
                if not pairs(text):
                    self.assertEqual(found, text)

    def test_blanks(self):
        for text in ("(a + b) * c", "-(a * b)", "2^(-x)^3", "not (a and b)", "a < (b = c)", "(fn x: x)(y)", "(-f)(x)", "(a or b) and c", "f(-a^b, (-a)^b)", "(a + b)()"):
            self.assertEqual(unparse(read(text)), text)

    def test_random(self):
        rnd = random.Random(3)
        for _ in range(400):
            tree = grow(rnd, rnd.choice([2, 3, 4]))
            text = unparse(tree)
            self.assertEqual(read(text), tree, text)
            self.assertIsNone(needless(text, tree), text)
            self.assertNotIn("  ", text)

    def test_deep(self):
        tree = "name", "a"
        for n in range(90):
            tree = [("+", tree, ("name", "b")), ("not", tree), ("*", ("name", "c"), tree)][n % 3]
        self.assertEqual(read(unparse(tree)), tree)


if __name__ == "__main__":
    unittest.main()
