"""Loading values by key, each key once at a time."""
import asyncio


class LoaderClosed(Exception):
    """The loader has been closed."""


class Loader:
    """Values by key from an async function `fetch(key)`; for one event loop.

    - Callers of `get` that ask for a key while it is being loaded share that load and get its value, or its
      exception. A value is kept until `invalidate`, whatever it is. An exception is not kept: the next caller loads again.
    - A caller that is cancelled stops waiting at once and disturbs nobody else. A load goes on while somebody waits for it,
      whoever began it. When the last one has gone, its fetch is cancelled, and the next caller begins a new load, also if the
      cancelled fetch takes its time to end.
    - At most `limit` fetches run at the same time, whatever becomes of them and of those that wait for their turn.
      A cancelled fetch counts until it has ended.
    - `invalidate(key)` forgets the value. A load that is running then still serves those who wait for it already, but
      its value is not kept, and who asks later gets a new load.
    - `close()` cancels all loads and waits until their fetches have ended. Those who wait get LoaderClosed, at once, as does who asks later.
      Closing twice is fine.
    - Nothing is left behind: no task, and nothing for the loop's exception handler.
    """

    def __init__(self, fetch, limit=4):
        self._fetch = fetch
        self._slots = asyncio.Semaphore(limit)
        self._values = {}
        self._running = {}
        self._closed = False

    async def get(self, key):
        if self._closed:
            raise LoaderClosed
        if self._values.get(key) is not None:
            return self._values[key]
        if key in self._running:
            return await self._running[key]
        future = self._running[key] = asyncio.get_running_loop().create_future()
        await self._slots.acquire()
        try:
            value = await self._fetch(key)
        except Exception as error:
            future.set_exception(error)
            raise
        self._slots.release()
        self._values[key] = value
        del self._running[key]
        future.set_result(value)
        return value

    def invalidate(self, key):
        self._values.pop(key, None)

    async def close(self):
        self._closed = True
        for future in self._running.values():
            future.set_exception(LoaderClosed())
