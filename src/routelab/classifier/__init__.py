"""From a raw request to its kind of work; the shim and the benchmark run this same code."""

from routelab.classifier.candidates import LOCAL, check_local, is_local
from routelab.classifier.cascade import CascadeResult, asks_model, classify_cascade
from routelab.classifier.classify import ClassificationResult, classify
from routelab.classifier.heuristic import heuristic
from routelab.classifier.hints import redacted
from routelab.classifier.normalise import normalise
from routelab.classifier.parse import ParseFailure, parse
from routelab.classifier.prompt import PROMPT_VERSION, build_messages, system_prompt

__all__ = [
    "LOCAL",
    "PROMPT_VERSION",
    "CascadeResult",
    "ClassificationResult",
    "ParseFailure",
    "asks_model",
    "build_messages",
    "check_local",
    "classify",
    "classify_cascade",
    "heuristic",
    "is_local",
    "normalise",
    "parse",
    "redacted",
    "system_prompt",
]
