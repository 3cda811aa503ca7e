import unicodedata

REPLACED = {"\u00ab": '"', "\u00bb": '"', "\u201e": '"', "\u201c": '"', "\u2013": "-", "\u2026": "..."}


def clean(name):
    """Composed characters, plain quotes and dashes, single blanks."""
    name = unicodedata.normalize("NFC", name)
    for old, new in REPLACED.items():
        name = name.replace(old, new)
    return " ".join(name.split())
