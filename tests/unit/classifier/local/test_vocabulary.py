from math import log, sqrt

import pytest

from routelab.classifier.local.vocabulary import Vocabulary, document_frequencies

KNOWN = Vocabulary(9, [("add", "fix"), ("ix",)], [(9, 4), (1,)])


def test_rows_count_through_the_blocks_and_blocks_have_length_one() -> None:
    rows, values = KNOWN.vector([{"fix": 1, "add": 1}, {"ix": 3}])
    assert rows == [1, 0, 2]
    rare = log(10 / 5) + 1
    assert values == pytest.approx([rare / sqrt(rare**2 + 1), 1 / sqrt(rare**2 + 1), 1])


def test_counts_weigh_by_their_logarithm() -> None:
    _, values = KNOWN.vector([{"fix": 3, "add": 1}, {}])
    assert values[0] / values[1] == pytest.approx((log(10 / 5) + 1) * (1 + log(3)))


def test_unknown_tokens_are_left_out_but_make_the_known_ones_smaller() -> None:
    assert KNOWN.vector([{"add": 1}, {}]) == ([0], [1.0])
    rows, [value] = KNOWN.vector([{"add": 1, "teapot": 1}, {"zz": 1}])
    assert rows == [0]
    assert value == pytest.approx(1 / sqrt(1 + (log(10) + 1) ** 2))


def test_frequencies_count_documents_not_occurrences() -> None:
    documents = [[{"a": 5}], [{"a": 1, "b": 1}]]
    assert document_frequencies(documents, 0) == {"a": 2, "b": 1}
