"""How alike texts are, by the runs of five words they share."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

_WORD = re.compile(r"\w+")
RUN = 5
Runs = frozenset[tuple[str, ...]]


class Alike(Struct, frozen=True):
    """Two texts, by their keys, and the Jaccard index (0 to 1) of their word runs."""

    first: str
    second: str
    jaccard: float


@lru_cache(maxsize=4096)
def word_runs(text: str) -> Runs:
    """All runs of five words in lower case; a shorter text is one run."""
    words = _WORD.findall(text.casefold())
    if len(words) < RUN:
        return frozenset({tuple(words)} if words else ())
    return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False))


def near_duplicates(texts: Mapping[str, str], *, threshold: float) -> Iterator[Alike]:
    """Pairs whose Jaccard index reaches `threshold` (above 0), in the order of the keys.

    The Jaccard index of two sets is the size of what they share over the size of what they have
    together.
    """
    runs = {key: word_runs(text) for key, text in texts.items()}
    holders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, own in runs.items():
        shared = Counter(other for run in own for other in holders[run])
        for other, common in shared.items():
            jaccard = common / (len(own) + len(runs[other]) - common)
            if jaccard >= threshold:
                yield Alike(other, key, jaccard)
        for run in own:
            holders[run].append(key)


def shared_runs(first: Mapping[str, str], second: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Every pair across two collections that shares a run of five words, with one such run."""
    holders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, text in first.items():
        for run in word_runs(text):
            holders[run].append(key)
    for key, text in second.items():
        found = {other: run for run in word_runs(text) if len(run) == RUN for other in holders.get(run, ())}
        for other, run in found.items():
            yield other, key, " ".join(run)
