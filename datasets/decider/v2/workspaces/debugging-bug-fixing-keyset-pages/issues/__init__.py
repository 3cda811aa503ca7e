"""Lists of issues, page by page."""
from issues.listing import BadCursor, page

__all__ = ["BadCursor", "page"]
