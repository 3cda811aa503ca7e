"""Calling models on OpenAI-compatible endpoints."""

from routelab.llm.catalogue import ListedModel, known_capabilities
from routelab.llm.checks import SIMULATED_HEADER
from routelab.llm.client import REPETITION_HEADER, EndpointClient
from routelab.llm.money import MoneyLimit
from routelab.llm.pricing import cost_usd

__all__ = [
    "REPETITION_HEADER",
    "SIMULATED_HEADER",
    "EndpointClient",
    "ListedModel",
    "MoneyLimit",
    "cost_usd",
    "known_capabilities",
]
