"""From counted tokens to TF-IDF; training and serving run this same code."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt

Vector = tuple[list[int], list[float]]
"""Rows of the weights and the value of each."""


class Vocabulary:
    """The known tokens, block by block, and in how many of `documents` requests each occurs.

    Rows count through all blocks in the order given.
    """

    def __init__(
        self, documents: int, vocabulary: Iterable[Sequence[str]], frequencies: Iterable[Sequence[int]]
    ) -> None:
        self._unknown = _rarity(documents, 0)
        self._blocks: list[dict[str, tuple[int, float]]] = []
        row = 0
        for words, counts in zip(vocabulary, frequencies, strict=True):
            rarities = (_rarity(documents, count) for count in counts)
            entries = zip(words, zip(range(row, row + len(words)), rarities, strict=True), strict=True)
            self._blocks.append(dict(entries))
            row += len(words)

    def vector(self, blocks: Sequence[Mapping[str, int]]) -> Vector:
        """TF-IDF with logarithmic counts; each block has length 1, tokens that are not known included.

        So a text of which little is known gives small values, and an unsure prediction.
        """
        rows: list[int] = []
        values: list[float] = []
        for block, known in zip(blocks, self._blocks, strict=True):
            square, begin = 0.0, len(rows)
            unknown = (0, self._unknown)
            for token, count in block.items():
                found = known.get(token, unknown)
                value = found[1] if count == 1 else found[1] * (1 + log(count))
                square += value * value
                if found is not unknown:
                    rows.append(found[0])
                    values.append(value)
            length = sqrt(square)
            values[begin:] = [value / length for value in values[begin:]]
        return rows, values


def document_frequencies(documents: Iterable[Sequence[Mapping[str, int]]], block: int) -> Counter[str]:
    """In how many documents each token of a block occurs."""
    counts: Counter[str] = Counter()
    for blocks in documents:
        counts.update(blocks[block].keys())
    return counts


def _rarity(documents: int, frequency: int) -> float:
    """Smoothed inverse document frequency, as if one more document held every token."""
    return log((1 + documents) / (1 + frequency)) + 1
