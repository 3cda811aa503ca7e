"""A background worker: runs jobs one after the other in a thread."""
import queue
import threading

_END = object()


class Worker:
    """`handle(job)` is called in the worker's thread, `on_error(job, error)` when it raises."""

    def __init__(self, handle, on_error=None):
        self._handle = handle
        self._on_error = on_error
        self._jobs = queue.Queue()
        self._lock = threading.Lock()
        self._open = True
        self._unfinished = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def submit(self, job):
        """Queue a job; may be called before start(). RuntimeError after stop()."""
        with self._lock:
            if not self._open:
                raise RuntimeError("the worker was stopped")
            self._unfinished += 1
            self._jobs.put(job)

    def stop(self):
        """Take no more jobs; what is queued is still done. Does not wait, and may be called twice."""
        with self._lock:
            if self._open:
                self._open = False
                self._jobs.put(_END)

    def join(self, timeout=None):
        """Wait for the end of the thread, at most `timeout` seconds; True if it has ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def pending(self):
        """How many jobs are not finished: waiting ones and the one that is running."""
        with self._lock:
            return self._unfinished

    def _run(self):
        while True:
            job = self._jobs.get()
            if job is _END:
                return
            try:
                self._handle(job)
            except Exception as error:
                if self._on_error:
                    self._on_error(job, error)
            with self._lock:
                self._unfinished -= 1
