"""Views of results: objects that show themselves in a notebook and give their data as frames."""

from routelab.report.views.classifier import ClassifierReport
from routelab.report.views.decider import DeciderReport
from routelab.report.views.grid import Column, Grid
from routelab.report.views.table import TableReport

__all__ = ["ClassifierReport", "Column", "DeciderReport", "Grid", "TableReport"]
