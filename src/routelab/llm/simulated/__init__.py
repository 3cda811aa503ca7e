"""A simulated endpoint: invented models that answer the golden cases with known skills.

`app` and `server` hold the HTTP side and are imported on their own.
"""

from routelab.llm.simulated.cast import Cast, Model, Player, Shares, Variant, load_cast
from routelab.llm.simulated.truth import true_accuracy, true_classifier_accuracy
from routelab.llm.simulated.world import World

__all__ = [
    "Cast",
    "Model",
    "Player",
    "Shares",
    "Variant",
    "World",
    "load_cast",
    "true_accuracy",
    "true_classifier_accuracy",
]
