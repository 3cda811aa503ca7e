"""What the local classifier sees of a request: counted tokens in four blocks."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from routelab.records import NormalisedRequest

BLOCKS = ("first", "latest", "letters", "shape")
"""Words of the first prompt, words of the latest one, letter n-grams of both, and the form of the first.

The system prompt, the message count, the API kind and whether tools are offered are left out: by
the tie-breaking rules they do not bear on the label, and cross-validation agrees.
"""
_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_FILE = re.compile(r"\b[\w/-]{1,80}\.[a-z]{1,4}\b")
_LIST_ITEM = re.compile(r"^[ \t]*(?:[-*]|\d+[.)])\s", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)|[。！？]")
_PATH = re.compile(r"\w/\w")
_IDENTIFIER = re.compile(r"[a-z][A-Z]|\w_\w|\w\(\)")
_NUMBER = re.compile(r"\d+")
_LONGEST_GRAM = 5
_COMMON_CHARS = 24
"""Longer words seldom come twice, and would make the cache large."""
_LEVELS = 7


def tokens(request: NormalisedRequest) -> tuple[Counter[str], ...]:
    """How often each token occurs, block by block; total for every request."""
    first = request.user_prompt_prefix or ""
    latest = request.latest_user_prompt_prefix or ""
    return (
        Counter(_words(first)),
        Counter(_words(latest)),
        Counter(_letters(f"{first}\n{latest}")),
        Counter(_shape(first, request.latest_user_prompt_prefix)),
    )


def _words(text: str) -> list[str]:
    words = ["0" if word.isdigit() else word for word in _WORD.findall(text.lower())]
    return words + [f"{left} {right}" for left, right in pairwise(words)]


def _letters(text: str) -> list[str]:
    """N-grams within words with a space at both ends; scripts without spaces between words need shorter ones."""
    grams: list[str] = []
    for word in text.lower().split():
        grams += _grams_of_common(word) if len(word) <= _COMMON_CHARS else _grams(word)
    return grams


def _grams(word: str) -> list[str]:
    padded = f" {word} "
    end = len(padded) + 1
    sizes = range(3 if word.isascii() else 2, _LONGEST_GRAM + 1)
    return [padded[start : start + size] for size in sizes for start in range(end - size)]


_grams_of_common = lru_cache(maxsize=2048)(_grams)


def _shape(first: str, latest: str | None) -> Iterator[str]:
    """Each quantity as one token a level it reaches, so that a linear model can learn a curve."""
    quantities = {
        "length": min(_LEVELS, (len(first) + 1).bit_length() - 1),
        "files": min(4, len(_FILE.findall(first))),
        "questions": min(2, first.count("?") + first.count("？")),
        "lines": min(4, first.count("\n")),
        "commas": min(5, first.count(",")),
        "items": min(4, len(_LIST_ITEM.findall(first))),
        "numbers": min(4, len(_NUMBER.findall(first))),
        "sentences": min(5, len(_SENTENCE_END.findall(first))),
        "paths": min(3, len(_PATH.findall(first))),
        "identifiers": min(3, len(_IDENTIFIER.findall(first))),
        "code": "```" in first or "\n    " in first,
        "asks": first.rstrip().endswith(("?", "？")),
    }
    if latest is not None:
        quantities["latest"] = 1
        quantities["latest_length"] = min(_LEVELS, (len(latest) + 1).bit_length() - 1)
        quantities["latest_asks"] = "?" in latest
    for name, level in quantities.items():
        for step in range(1, level + 1):
            yield f"{name}>={step}"
