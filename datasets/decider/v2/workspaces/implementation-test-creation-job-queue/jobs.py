"""A queue of jobs by urgency."""


class Queue:
    """Jobs are hashable, each at most once in the queue; urgencies are numbers, the smallest comes first.

    - Of equally urgent jobs the one comes first that got this urgency first: by `add`, or by a `change` to another urgency. A
      `change` to the urgency a job has already leaves it where it is.
    - `add(job, urgency)` raises ValueError if the job is in the queue; `change(job, urgency)`, `remove(job)` and `urgency(job)` raise
      KeyError if it is not. `remove` returns the job's urgency.
    - `peek()` and `pop()` return `(job, urgency)` of the first job, `pop` takes it out; IndexError if the queue is empty. A
      job that has left the queue can be added again, as a new one.
    - `len(queue)` and `job in queue` do what one expects. Going through the queue gives all jobs in the order in which `pop` would
      give them, and changes nothing.
    - A call that raises changes nothing.
    """

    def __init__(self):
        self._heap = []  # of [urgency, number, job]
        self._places = {}  # job -> place in the heap
        self._number = 0

    def add(self, job, urgency):
        if job in self._places:
            raise ValueError(job)
        self._number += 1
        self._heap.append([urgency, self._number, job])
        self._places[job] = len(self._heap) - 1
        self._up(len(self._heap) - 1)

    def change(self, job, urgency):
        place = self._places[job]
        if self._heap[place][0] == urgency:
            return
        self._number += 1
        self._heap[place] = [urgency, self._number, job]
        self._down(self._up(place))

    def remove(self, job):
        place = self._places.pop(job)
        urgency = self._heap[place][0]
        last = self._heap.pop()
        if place < len(self._heap):
            self._heap[place] = last
            self._places[last[2]] = place
            self._down(self._up(place))
        return urgency

    def urgency(self, job):
        return self._heap[self._places[job]][0]

    def peek(self):
        urgency, _, job = self._heap[0]
        return job, urgency

    def pop(self):
        job, urgency = self.peek()
        self.remove(job)
        return job, urgency

    def __len__(self):
        return len(self._heap)

    def __contains__(self, job):
        return job in self._places

    def __iter__(self):
        return iter([job for _, _, job in sorted(self._heap, key=lambda entry: entry[:2])])

    def _up(self, place):
        while place and self._heap[place][:2] < self._heap[(place - 1) // 2][:2]:
            place = self._swap(place, (place - 1) // 2)
        return place

    def _down(self, place):
        while True:
            below = [p for p in (2 * place + 1, 2 * place + 2) if p < len(self._heap)]
            least = min(below, key=lambda p: self._heap[p][:2], default=None)
            if least is None or self._heap[place][:2] < self._heap[least][:2]:
                return place
            place = self._swap(place, least)

    def _swap(self, place, other):
        heap = self._heap
        heap[place], heap[other] = heap[other], heap[place]
        self._places[heap[place][2]] = place
        self._places[heap[other][2]] = other
        return other
