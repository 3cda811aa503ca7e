"""From an executed notebook to one HTML file that needs nothing else, not even a network."""

import copy
import html
from importlib.resources import files
from string import Template

import nbformat
from nbconvert import HTMLExporter

from routelab.report import vega


def page_of(node: nbformat.NotebookNode) -> str:
    """The page of an executed notebook as text; charts are drawn by one script at its end."""
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    body, _ = exporter.from_notebook_node(_with_figures(node))
    assets = files(__package__) / "assets"
    shell = Template((assets / "page.html").read_text(encoding="utf-8"))
    return shell.substitute(
        title=html.escape(_heading(node)),
        style=(assets / "page.css").read_text(encoding="utf-8"),
        body=body,
        script=vega.script(),
    )


def _with_figures(node: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy whose charts are HTML, and without what was printed to standard error."""
    shown = copy.deepcopy(node)
    for cell in shown.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        for output in cell.outputs:
            spec = output.get("data", {}).get(vega.MIME_TYPE)
            if spec is not None:
                output["data"] = {"text/html": vega.figure(spec)}
    return shown


def _heading(node: nbformat.NotebookNode) -> str:
    for cell in node.cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "markdown" and line.startswith("# "):
                return str(line[2:].strip())
    return "routelab"
