"""Print one page of article names."""
from pager import label, paginate


def render(names, number, size=10):
    page = paginate(names, number, size)
    lines = [f"* {name}" for name in page.items]
    lines.append(f"{label(page)} (page {page.number} of {page.total_pages})")
    return "\n".join(lines)
