"""Versions and version ranges, in our own dialect (SPEC.md)."""
from functools import total_ordering


@total_ordering
class Version:
    def __init__(self, text):
        core, _, pre = text.partition("-")
        numbers = core.split(".")
        if len(numbers) != 3 or not all(_is_number(n) for n in numbers):
            raise ValueError(f"bad version {text!r}")
        parts = pre.split(".") if "-" in text else []
        if not all(p and (p.isalnum() and p.isascii()) for p in parts) or any(p.isdigit() and not _is_number(p) for p in parts):
            raise ValueError(f"bad version {text!r}")
        self.numbers = tuple(int(n) for n in numbers)
        self.pre = tuple(parts)

    def _key(self):
        return self.numbers, not self.pre, tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in self.pre)

    def __eq__(self, other):
        return self._key() == other._key()

    def __lt__(self, other):
        return self._key() < other._key()

    def __hash__(self):
        return hash(self._key())

    def __str__(self):
        return ".".join(map(str, self.numbers)) + ("-" + ".".join(self.pre) if self.pre else "")


def _is_number(text):
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")


def _upper(version, kind):
    major, minor, patch = version.numbers
    if kind == "~":
        return (major + 1, 0, 0)
    if major:
        return (major + 1, 0, 0)
    return (0, minor + 1, 0) if minor else (0, 0, patch + 1)


def _matches_one(version, condition):
    for sign in (">=", "<=", ">", "<", "^", "~", "="):
        if condition.startswith(sign):
            break
    else:
        sign = ""
    wanted = Version(condition[len(sign):])
    if sign in ("^", "~"):
        return wanted <= version and version.numbers < _upper(wanted, sign)
    if sign == ">=":
        return version >= wanted
    if sign == "<=":
        return version <= wanted
    if sign == ">":
        return version > wanted
    if sign == "<":
        return version < wanted
    return version == wanted


def _admits(version, conditions):
    if not version.pre:
        return True
    return any(Version(c.lstrip("^~<>=")).pre and Version(c.lstrip("^~<>=")).numbers == version.numbers for c in conditions)


def matches(text, range_text):
    """Whether a version lies in a range."""
    version = Version(text)
    found = False
    for alternative in range_text.split("||"):
        conditions = alternative.split()
        if not conditions:
            raise ValueError(f"bad range {range_text!r}")
        hits = [_matches_one(version, c) for c in conditions]
        found = found or (all(hits) and _admits(version, conditions))
    return found


def best(texts, range_text):
    """The highest of the versions that lies in the range, as it was given, or None."""
    fitting = [t for t in texts if matches(t, range_text)]
    return max(fitting, key=Version, default=None)
