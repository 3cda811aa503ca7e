"""Mechanical grading. No model judges a model."""

from routelab.grading.classification import WEIGHTS, grade_classification
from routelab.grading.text import as_check, grade_text
from routelab.grading.workspace import commands_of, grade_files, needs_workspace

GRADING_VERSION = "1"
"""Changes whenever the same answer could get another grade; part of the engine identity."""

__all__ = [
    "GRADING_VERSION",
    "WEIGHTS",
    "as_check",
    "commands_of",
    "grade_classification",
    "grade_files",
    "grade_text",
    "needs_workspace",
]
