import json

try:
    import yamlite
except ImportError:
    yamlite = None


def load(text):
    """The settings; without yamlite only the JSON subset is understood."""
    return yamlite.load(text) if yamlite else json.loads(text)
