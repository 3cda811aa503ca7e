import json
import pathlib

SUPPLIERS = json.loads(pathlib.Path("suppliers.json").read_text())


def read(path):
    """The articles in a supplier's file as (line number, [number, name, price])."""
    supplier = SUPPLIERS[path.stem]
    text = path.read_bytes().decode(supplier["encoding"])
    for number, line in enumerate(text.splitlines(), 1):
        yield number, line.split(supplier["separator"])
