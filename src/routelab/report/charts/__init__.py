"""Charts of results; each takes a frame and gives an Altair chart."""

from routelab.report.charts.accuracy import accuracy_chart
from routelab.report.charts.difficulty import difficulty_chart
from routelab.report.charts.evidence import evidence_chart
from routelab.report.charts.heatmap import heatmap_chart, moves_chart
from routelab.report.charts.latency import latency_chart

__all__ = ["accuracy_chart", "difficulty_chart", "evidence_chart", "heatmap_chart", "latency_chart", "moves_chart"]
