"""A queue of jobs by urgency, as a sorted list."""
import bisect
import itertools


class Queue:
    def __init__(self):
        self._order, self._entries, self._count = [], {}, itertools.count()

    def add(self, job, urgency):
        if job in self._entries:
            raise ValueError(f"{job!r} is there already")
        entry = (urgency, next(self._count), job)
        at = bisect.bisect_right(self._order, entry[:2], key=lambda e: e[:2])
        self._order.insert(at, entry)
        self._entries[job] = entry

    def change(self, job, urgency):
        if self._entries[job][0] != urgency:
            self.remove(job)
            self.add(job, urgency)

    def remove(self, job):
        entry = self._entries.pop(job)
        self._order = [e for e in self._order if e is not entry]
        return entry[0]

    def urgency(self, job):
        return self._entries[job][0]

    def peek(self):
        if not self._order:
            raise IndexError("empty")
        return self._order[0][2], self._order[0][0]

    def pop(self):
        job, urgency = self.peek()
        self.remove(job)
        return job, urgency

    def __len__(self):
        return len(self._order)

    def __contains__(self, job):
        return job in self._entries

    def __iter__(self):
        for _, _, job in tuple(self._order):
            yield job
