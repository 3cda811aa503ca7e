"""Classifying with a loaded model: no network, well under a millisecond."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from routelab.classifier.local.features import tokens
from routelab.classifier.local.model import HEADS, LocalModel, read_model
from routelab.classifier.local.vocabulary import Vocabulary
from routelab.errors import UserError
from routelab.grading import WEIGHTS
from routelab.records import Classification, NormalisedRequest
from routelab.taxonomy import Taxonomy

DEFAULT_MODEL = Path(__file__).parent / "tfidf.model"
Numbers = npt.NDArray[np.floating[Any]]


class LocalClassifier:
    """TF-IDF and a linear model per field. Immutable once made, so threads may share one.

    `sha256` names the model's content.
    """

    def __init__(self, model: LocalModel, sha256: str) -> None:
        self.model = model
        self.sha256 = sha256
        self._vocabulary = Vocabulary(model.documents, model.vocabulary, model.frequencies)
        self._weights = np.frombuffer(model.weights, dtype=np.int8).reshape(model.tokens, model.classes)
        self._scales = np.array(model.scales, dtype=np.float32)
        self._intercepts = np.array([value for head in model.heads for value in head.intercepts], dtype=np.float32)
        ends = np.cumsum([len(head.labels) for head in model.heads]).tolist()
        self._slices = [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]
        self._routes = [tuple(label.split("/")) for label in model.heads[0].labels]
        tasks = np.array([task for task, _ in self._routes])
        self._same_task = (tasks[:, None] == tasks[None, :]).astype(np.float32)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a model; None: the one that comes with the package.

        Raises UserError when the file is missing, foreign or damaged.
        """
        return cls(*read_model(path or DEFAULT_MODEL))

    def require(self, taxonomy: Taxonomy) -> None:
        """Make sure that every answer is valid under this taxonomy; raises UserError."""
        allowed = {**taxonomy.vocabulary, "route": frozenset(taxonomy.routes), "requires_tools": {"false", "true"}}
        for head in self.model.heads:
            foreign = sorted(set(head.labels) - allowed[head.name])
            if foreign:
                raise UserError(
                    f"the local classifier was trained for another taxonomy ({self.model.taxonomy_version}): "
                    f"{head.name} {foreign[0]!r} is not in {taxonomy.version}; `routelab classifier train` makes "
                    "one that fits"
                )

    def classify(self, request: NormalisedRequest) -> Classification:
        """The most valuable classification; `confidence` is the calibrated probability that its route is right."""
        logits = self.logits(request)
        chances = softmax(logits[self._slices[0]] / self.model.temperature)
        best = self.best_route(chances)
        fields: dict[str, Any] = {}
        for head, place in zip(self.model.heads[1:], self._slices[1:], strict=True):
            fields[head.name] = head.labels[int(logits[place].argmax())]
        fields["requires_tools"] = fields["requires_tools"] == "true"
        fields["task_type"], fields["subtask_type"] = self._routes[best]
        return Classification(**fields, confidence=min(1.0, float(chances[best])))

    def best_route(self, chances: Numbers) -> int:
        """The column of the route with the highest expected score, given each route's probability.

        A wrong subtask type under the right task type still scores, so a task type that several
        likely routes share can win over the one likeliest route.
        """
        task_type = self._same_task @ chances
        return int((WEIGHTS["task_type"] * task_type + WEIGHTS["subtask_type"] * chances).argmax())

    def logits(self, request: NormalisedRequest) -> Numbers:
        """The raw score of every label, heads in order."""
        rows, values = self._vocabulary.vector(tokens(request))
        if not rows:
            return self._intercepts
        scaled = np.array(values, dtype=np.float32) * self._scales[rows]
        found: Numbers = self._intercepts + scaled @ self._weights[rows]
        return found


def softmax(logits: Numbers) -> Numbers:
    """Probabilities from logits."""
    powers = np.exp(logits - logits.max())
    chances: Numbers = powers / powers.sum()
    return chances


def label_of(head: str, expected: Classification) -> str:
    """A classification's label under a head, as models write it."""
    value = getattr(expected, head)
    return str(value).lower() if isinstance(value, bool) else str(value)


def labels_by_head(expected: Sequence[Classification]) -> dict[str, list[str]]:
    """The labels of many classifications, head by head."""
    return {head: [label_of(head, item) for item in expected] for head in HEADS}
