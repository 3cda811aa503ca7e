"""From a raw request to its kind of work; the shim and the benchmark run this same code."""

from routelab.classifier.candidates import LOCAL, check_local, is_local
from routelab.classifier.cascade import asks_model
from routelab.classifier.classify import ATTEMPTS, ClassificationResult, classify
from routelab.classifier.heuristic import heuristic
from routelab.classifier.hints import redacted
from routelab.classifier.normalise import canonical, normalise
from routelab.classifier.parse import ParseFailure, parse
from routelab.classifier.prompt import PROMPT_VERSION, build_messages, system_prompt

__all__ = [
    "ATTEMPTS",
    "LOCAL",
    "PROMPT_VERSION",
    "ClassificationResult",
    "ParseFailure",
    "asks_model",
    "build_messages",
    "canonical",
    "check_local",
    "classify",
    "heuristic",
    "is_local",
    "normalise",
    "parse",
    "redacted",
    "system_prompt",
]
