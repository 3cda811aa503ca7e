"""Texts by key, in memory first, then in runs."""
from runs.compact import compact
from runs.merge import merge
from runs.run import GONE, Run


class Store:
    def __init__(self, memory=4, max_runs=4, fan_in=3):
        self._memory_limit, self._max_runs, self._fan_in = memory, max_runs, fan_in
        self._memory = {}
        self.runs = []  # the oldest first
        self.rewritten = 0  # items that compactions have written

    def put(self, key, value):
        self._memory[key] = value
        self._check()

    def delete(self, key):
        """Afterwards the key is not there, whether it was before or not."""
        self._memory.pop(key, None)
        self._memory[key] = GONE
        self._check()

    def get(self, key):
        """The value or None."""
        if key in self._memory:
            return self._memory[key]
        for run in reversed(self.runs):
            found, value = run.get(key)
            if found and value:
                return value
        return None

    def scan(self, start=None, end=None):
        """The (key, value) with start <= key < end, by key, as they are when scan is called."""
        memory = ((key, self._memory[key]) for key in sorted(self._memory)
                  if (start is None or key >= start) and (end is None or key <= end))
        sources = [memory] + [run.between(start, end) for run in self.runs]
        for key, value in merge(sources):
            if value is not GONE:
                yield key, value

    def flush(self):
        """Write what is in memory as the newest run."""
        if self._memory:
            self.runs.append(Run(sorted(self._memory.items())))
            self._memory.clear()
        self.rewritten += compact(self.runs, self._max_runs, self._fan_in)

    def _check(self):
        if len(self._memory) >= self._memory_limit:
            self.flush()
