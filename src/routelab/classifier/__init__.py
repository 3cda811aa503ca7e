"""From a raw request to its kind of work; the shim and the benchmark run this same code."""

from routelab.classifier.classify import ClassificationResult, classify
from routelab.classifier.heuristic import heuristic
from routelab.classifier.hints import redacted
from routelab.classifier.normalise import normalise
from routelab.classifier.parse import ParseFailure, parse
from routelab.classifier.prompt import PROMPT_VERSION, build_messages, system_prompt

__all__ = [
    "PROMPT_VERSION",
    "ClassificationResult",
    "ParseFailure",
    "build_messages",
    "classify",
    "heuristic",
    "normalise",
    "parse",
    "redacted",
    "system_prompt",
]
