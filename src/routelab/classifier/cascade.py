"""The rule of the cascade: a free local answer first, the endpoint's model only where that one is unsure."""


def asks_model(confidence: float | None, threshold: float) -> bool:
    """Whether a local answer of this confidence is not good enough: below the threshold, or unknown."""
    return confidence is None or confidence < threshold
