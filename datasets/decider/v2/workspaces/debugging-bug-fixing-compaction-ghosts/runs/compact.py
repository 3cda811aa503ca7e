"""Making few runs out of many."""
from runs.merge import merge
from runs.run import GONE, Run


def compact(runs, max_runs, fan_in):
    """Merge until at most `max_runs` runs are left (README.md); changes the list, returns how many items were written."""
    written = 0
    while len(runs) > max_runs:
        smallest = sorted(runs, key=len)[:fan_in]
        items = [(key, value) for key, value in merge(smallest) if value is not GONE]
        for run in smallest:
            runs.remove(run)
        runs.append(Run(items))
        written += len(items)
    return written
