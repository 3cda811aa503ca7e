import json
import pathlib
import re

_texts = {}


def load(language, folder="locales"):
    _texts.clear()
    _texts.update(json.loads((pathlib.Path(folder) / f"{language}.json").read_text(encoding="utf-8")))


def t(key, **values):
    return _texts.get(key, key).format(**values)


def render(template):
    return re.sub(r"\{\{ t:([\w.]+) \}\}", lambda m: t(m[1]), template)
