"""Names of spreadsheet columns."""
import string

LETTERS = string.ascii_uppercase


def name(number):
    if number <= 0:
        raise ValueError(f"no column {number}")
    quotient, rest = (number - 1) // 26, (number - 1) % 26
    return (name(quotient) if quotient else "") + LETTERS[rest]


def number(text):
    if not text or any(c not in string.ascii_letters for c in text):
        raise ValueError("not a column")
    return sum((LETTERS.index(c.upper()) + 1) * 26 ** place for place, c in enumerate(reversed(text)))


def move(text, by):
    target = number(text) + by
    if target < 1:
        raise ValueError("there is nothing on the left of A")
    return name(target)


def between(first, last):
    found = []
    for n in range(number(first), number(last) + 1):
        found.append(name(n))
    return found
