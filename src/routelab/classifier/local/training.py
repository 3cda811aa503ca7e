"""Training the local classifier; the only place that needs scikit-learn.

The settings below were chosen by cross-validation on `classifier_train/v1`; the golden set had no part.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from routelab.classifier.local.features import BLOCKS, tokens
from routelab.classifier.local.model import FORMAT_VERSION, HEADS, ROUTE, Head, LocalModel
from routelab.classifier.local.predict import labels_by_head
from routelab.classifier.local.vocabulary import Vocabulary, document_frequencies
from routelab.errors import UserError
from routelab.records import ClassifierCase

FOLDS = 5
MAX_TOKENS = 16_000
"""Tokens kept: those that can move a prediction most."""
_MIN_FREQUENCY = 2
_STRENGTH = 10.0
"""Inverse strength of the L2 penalty."""
_ROUTE_SCALES = {"first": 1.0, "latest": 0.5, "letters": 1.5, "shape": 0.3}
"""How much a block counts; words tell the route, the form of a text the other fields."""
_OTHER_SCALES = {**_ROUTE_SCALES, "shape": 0.8}
_ITERATIONS = 500
_NO_LENGTH = 1e-9

Matrix = Any
"""A sparse matrix of scipy, which has no types."""
Numbers = npt.NDArray[np.floating[Any]]
Documents = Sequence[Sequence[Counter[str]]]


class _Lexicon:
    """The vocabulary of some documents."""

    def __init__(self, documents: Documents) -> None:
        self.documents = len(documents)
        self.vocabulary: list[tuple[str, ...]] = []
        self.frequencies: list[tuple[int, ...]] = []
        for block in range(len(BLOCKS)):
            counts = document_frequencies(documents, block)
            words = sorted(word for word, count in counts.items() if count >= _MIN_FREQUENCY)
            self.vocabulary.append(tuple(words))
            self.frequencies.append(tuple(counts[word] for word in words))
        self._vectors = Vocabulary(self.documents, self.vocabulary, self.frequencies)

    def matrix(self, documents: Documents) -> Matrix:
        """One row a document, one column a token."""
        vectors = [self._vectors.vector(document) for document in documents]
        ends = [0, *accumulate(len(rows) for rows, _ in vectors)]
        columns = [row for rows, _ in vectors for row in rows]
        values = [value for _, found in vectors for value in found]
        size = sum(map(len, self.vocabulary))
        return csr_matrix((values, columns, ends), shape=(len(documents), size))

    def block_scales(self, scales: dict[str, float]) -> Numbers:
        """The scale of each token's block."""
        return np.repeat([scales[block] for block in BLOCKS], [len(words) for words in self.vocabulary])


def train(cases: Sequence[ClassifierCase], *, taxonomy_version: str, trained_on: str, sha256: str) -> LocalModel:
    """A model of these cases; the same cases give the same model.

    `trained_on` and `sha256` name the dataset. Raises UserError when there are too few cases of a
    label to learn from.
    """
    labels = labels_by_head([case.expected for case in cases])
    _check_labels(labels)
    # One thread: sums then have one order on any number of cores, and small matrices gain nothing by more.
    with threadpool_limits(1):
        return _trained([tokens(case.input) for case in cases], labels, taxonomy_version, trained_on, sha256)


def _trained(
    documents: Documents, labels: dict[str, list[str]], taxonomy_version: str, trained_on: str, sha256: str
) -> LocalModel:
    lexicon = _Lexicon(documents)
    matrix = lexicon.matrix(documents)
    heads, columns = [], []
    for head in HEADS:
        scales = lexicon.block_scales(_scales(head))
        names, weights, intercepts = _fit(matrix, scales, labels[head])
        heads.append(Head(head, names, tuple(intercepts.tolist())))
        columns.append(weights)
    weights = np.concatenate(columns).T
    kept = _most_telling(weights, matrix)
    scales, levels = _in_bytes(weights[kept])
    vocabulary, frequencies = _chosen(lexicon, kept)
    return LocalModel(
        format_version=FORMAT_VERSION,
        taxonomy_version=taxonomy_version,
        trained_on=trained_on,
        trained_on_sha256=sha256,
        documents=lexicon.documents,
        vocabulary=vocabulary,
        frequencies=frequencies,
        heads=tuple(heads),
        temperature=_temperature(documents, labels[ROUTE]),
        scales=tuple(scales.tolist()),
        weights=levels.tobytes(),
    )


def _check_labels(labels: dict[str, list[str]]) -> None:
    for head, values in labels.items():
        counts = Counter(values)
        if len(counts) < 2 or min(counts.values()) < FOLDS:
            raise UserError(f"training needs two labels of {head} or more, each of them {FOLDS} times or more")


def _scales(head: str) -> dict[str, float]:
    return _ROUTE_SCALES if head == ROUTE else _OTHER_SCALES


def _fit(matrix: Matrix, scales: Numbers, labels: Sequence[str]) -> tuple[tuple[str, ...], Numbers, Numbers]:
    """Labels in column order, one row of weights a label (for unscaled columns), intercepts.

    An L2 penalty leaves the weights in the span of the documents (the representer theorem), so that
    fitting in an orthonormal basis of it gives the same model with far fewer columns.
    """
    scaled = csr_matrix(matrix.multiply(scales))
    sizes, vectors = eigh((scaled @ scaled.T).toarray())
    lengths = np.sqrt(sizes[sizes > _NO_LENGTH])
    vectors = vectors[:, sizes > _NO_LENGTH]
    fitted = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS).fit(vectors * lengths, labels)
    weights = (scaled.T @ (vectors / lengths @ fitted.coef_.T)).T * scales
    intercepts = fitted.intercept_
    if len(fitted.classes_) == 2:  # scikit-learn keeps one row for two labels
        weights, intercepts = np.concatenate([-weights, weights]) / 2, np.array([-1, 1]) * intercepts / 2
    return tuple(map(str, fitted.classes_)), weights, intercepts


def _temperature(documents: Documents, labels: Sequence[str]) -> float:
    """What route logits are divided by, so that probabilities hold on requests that were not trained on.

    Source: Guo et al. (2017), "On Calibration of Modern Neural Networks", temperature scaling, here
    on out-of-fold logits.
    """
    logits = out_of_fold_logits(documents, labels)
    names = sorted(set(labels))
    right = np.array([names.index(label) for label in labels])

    def loss(log_temperature: float) -> float:
        chances = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(chances[np.arange(len(right)), right].mean())

    found = minimize_scalar(loss, bounds=(-4.0, 4.0), method="bounded")
    return round(float(np.exp(found.x)), 4)


def out_of_fold_logits(documents: Documents, labels: Sequence[str]) -> Numbers:
    """Route logits of every document by a model that has not seen it; columns are the sorted labels."""
    logits = np.zeros((len(documents), len(set(labels))))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for seen, unseen in folds.split(np.zeros(len(labels)), labels):
        lexicon = _Lexicon([documents[index] for index in seen])
        matrix = lexicon.matrix([documents[index] for index in seen])
        scales = lexicon.block_scales(_ROUTE_SCALES)
        _, weights, intercepts = _fit(matrix, scales, [labels[index] for index in seen])
        logits[unseen] = lexicon.matrix([documents[index] for index in unseen]) @ weights.T + intercepts
    return logits


def _most_telling(weights: Numbers, matrix: Matrix) -> npt.NDArray[np.intp]:
    """The tokens that move predictions most over the training requests, in order."""
    spread = weights - weights.mean(axis=1, keepdims=True)
    moved = np.asarray(matrix.power(2).sum(axis=0)).ravel() * (spread**2).sum(axis=1)
    return np.sort(np.argsort(-moved, kind="stable")[:MAX_TOKENS])


def _in_bytes(weights: Numbers) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int8]]:
    """Each row as signed bytes and the size of one step."""
    steps = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127
    levels = np.rint(weights / steps[:, None]).astype(np.int8)
    return steps.astype(np.float32), levels


def _chosen(
    lexicon: _Lexicon, kept: npt.NDArray[np.intp]
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[int, ...], ...]]:
    chosen = set(kept.tolist())
    vocabulary, frequencies, row = [], [], 0
    for words, counts in zip(lexicon.vocabulary, lexicon.frequencies, strict=True):
        places = [place for place in range(len(words)) if row + place in chosen]
        vocabulary.append(tuple(words[place] for place in places))
        frequencies.append(tuple(counts[place] for place in places))
        row += len(words)
    return tuple(vocabulary), tuple(frequencies)
