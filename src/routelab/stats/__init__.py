"""Statistics the ranking rests on; standard library only, so the shim can use them."""

from routelab.stats.agreement import krippendorff_alpha
from routelab.stats.intervals import wilson
from routelab.stats.percentiles import nearest_rank

__all__ = ["krippendorff_alpha", "nearest_rank", "wilson"]
