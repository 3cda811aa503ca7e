"""Orders in a text file, one JSON object a line."""
from serializers import from_json


def load_all(path):
    with open(path, encoding="utf-8") as handle:
        return [from_json(line) for line in handle if line.strip()]
