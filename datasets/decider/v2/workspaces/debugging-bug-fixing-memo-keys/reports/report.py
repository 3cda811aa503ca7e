"""What the pages show."""
from dataclasses import dataclass, field

from reports.memo import memoize


@dataclass
class Report:
    sales: dict = field(default_factory=dict)  # (year, month) -> cents
    asked: int = 0

    @memoize
    def total(self, year, month=None, *, net=False):
        """Cents of a month or of the whole year, or None where nothing is known."""
        self.asked += 1
        found = [cents for (y, m), cents in self.sales.items() if y == year and month in (None, m)]
        return sum(found) * (100 if not net else 80) // 100 if found else None


@memoize
def share(part, whole, digits=1):
    """A percentage as text."""
    return f"{100 * part / whole:.{digits}f} %"
