"""Latency of the local classifier, request by request, over the golden requests.

Prints p50, p95 and p99 of a whole classification, and of its linear part with numpy and in pure
Python, with the time to load the model. A request counts with the fastest of its rounds, so that a
busy machine tells about the code.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from routelab.classifier.local import LocalClassifier
from routelab.classifier.local.features import tokens
from routelab.classifier.local.vocabulary import Vector, Vocabulary
from routelab.datasets import load_classifier

ROUNDS = 20
GOLDEN = Path(__file__).parents[2] / "datasets/classifier/v2"


def measure(name: str, function: Callable[[Any], object], inputs: Sequence[Any]) -> None:
    taken = np.full((ROUNDS, len(inputs)), np.inf)
    for turn in range(ROUNDS):
        for place, item in enumerate(inputs):
            began = time.perf_counter()
            function(item)
            taken[turn, place] = (time.perf_counter() - began) * 1e6
    taken = taken.min(axis=0)
    p50, p95, p99 = np.percentile(taken, [50, 95, 99])
    print(f"{name:34} p50 {p50:7.0f} µs   p95 {p95:7.0f} µs   p99 {p99:7.0f} µs")


def main() -> None:
    began = time.perf_counter()
    classifier = LocalClassifier.load()
    print(f"loading the model took {(time.perf_counter() - began) * 1000:.0f} ms")
    requests = [case.input for case in load_classifier(GOLDEN).cases]
    model = classifier.model
    vocabulary = Vocabulary(model.documents, model.vocabulary, model.frequencies)
    counted = [tokens(request) for request in requests]
    vectors = [vocabulary.vector(item) for item in counted]
    levels = np.frombuffer(model.weights, dtype=np.int8).reshape(model.tokens, model.classes)
    scales = np.array(model.scales, dtype=np.float32)
    weights = [[int(level) * scale for level in row] for row, scale in zip(levels, model.scales, strict=True)]

    def with_numpy(vector: Vector) -> object:
        rows, values = vector
        return (np.array(values, dtype=np.float32) * scales[rows]) @ levels[rows]

    def in_python(vector: Vector) -> object:
        logits = [0.0] * model.classes
        for row, value in zip(*vector, strict=True):
            for place, weight in enumerate(weights[row]):
                logits[place] += value * weight
        return logits

    measure("classify", classifier.classify, requests)
    measure("  tokens", tokens, requests)
    measure("  TF-IDF", vocabulary.vector, counted)
    measure("  linear part, numpy", with_numpy, vectors)
    measure("  linear part, pure Python instead", in_python, vectors)


if __name__ == "__main__":
    main()
