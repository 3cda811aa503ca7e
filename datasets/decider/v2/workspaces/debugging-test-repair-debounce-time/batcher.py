"""Collect items and hand them on in batches, by the running event loop's clock."""
import asyncio


class Batcher:
    """Calls `await send(list_of_items)` with what was added.

    A batch is sent `quiet` seconds after the last add(), but at the latest `longest` seconds after
    the first item in it was added, and at once when it has `most` items. Sends never overlap: what
    is added meanwhile waits, and its times count from its own add()s; a batch that became due during
    a send goes out as soon as the send has ended, with everything added by then, so that it may have
    more than `most` items. When send() raises, its items are put in front of what waits, nothing is
    sent for `retry` seconds after the failure, and then everything is, as one batch.
    """

    def __init__(self, send, quiet=2.0, longest=10.0, most=5, retry=30.0):
        self._send, self.quiet, self.longest, self.most, self.retry = send, quiet, longest, most, retry
        self._items, self._first, self._timer, self._task, self._pause = [], None, None, None, 0.0

    def add(self, item):
        now = asyncio.get_running_loop().time()
        if self._first is None:
            self._first = now
        self._items.append(item)
        if now < self._pause:
            return
        if len(self._items) >= self.most:
            self._set_timer(now)
        else:
            self._set_timer(min(now + self.quiet, self._first + self.longest))

    async def close(self):
        """Wait for a running send, then send all that waits at once, until nothing is left; ends a pause.

        An error of these last sends goes to the caller, and their items are dropped.
        """
        while self._items or self._task:
            if self._task:
                await asyncio.wait([self._task])
            else:
                self._cancel()
                self._pause = 0.0
                await self._send(self._take())

    def _take(self):
        items, self._items, self._first = self._items, [], None
        return items

    def _set_timer(self, when):
        self._cancel()
        self._timer = asyncio.get_running_loop().call_at(when, self._due)

    def _cancel(self):
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _due(self):
        self._timer = None
        if self._task is None and self._items:
            self._task = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self):
        items = self._take()
        try:
            await self._send(items)
        except Exception:
            self._items[:0] = items
            self._pause = asyncio.get_running_loop().time() + self.retry
            self._task = None
            self._set_timer(self._pause)
        else:
            self._task = None
            if self._items and self._timer is None:
                self._due()
