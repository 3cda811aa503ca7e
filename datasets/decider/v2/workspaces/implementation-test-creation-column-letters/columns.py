"""Names of spreadsheet columns."""


def name(number):
    """The name of the column with a number: 1 is A, 26 is Z, 27 is AA, 702 is ZZ, 703 is AAA. ValueError below 1."""
    if number < 1:
        raise ValueError(number)
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def number(text):
    """The number of the column with a name; small letters count as capitals.

    ValueError for an empty name and for anything but the 26 ASCII letters in it.
    """
    if not (text.isascii() and text.isalpha()):
        raise ValueError(text)
    result = 0
    for letter in text.upper():
        result = result * 26 + ord(letter) - ord("A") + 1
    return result


def move(text, by):
    """The name of the column that many columns to the right (to the left if negative); ValueError where there is none."""
    return name(number(text) + by)


def between(first, last):
    """The names from first to last, both included, in their order; empty if last lies left of first."""
    return [name(n) for n in range(number(first), number(last) + 1)]
