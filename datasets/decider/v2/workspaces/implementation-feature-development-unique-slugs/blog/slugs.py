"""Slugs: the part of a post's address that is made from its title."""
import re
import unicodedata


def slugify(title):
    """Lower-case ASCII letters, digits and single hyphens; may be empty."""
    text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")
