import asyncio
import gc
import signal
import unittest

from loads import Loader, LoaderClosed

signal.alarm(20)  # what hangs for good fails


class Source:
    """Fetches that end when they are told to."""

    def __init__(self):
        self.calls, self.cancelled, self.active, self.peak = [], [], 0, 0
        self.ends, self.slow = [], None

    async def fetch(self, key):
        end = asyncio.get_running_loop().create_future()
        self.calls.append(key), self.ends.append(end)
        self.active += 1
        self.peak = max(self.peak, self.active)
        try:
            return await end
        except asyncio.CancelledError:
            self.cancelled.append(key)
            if self.slow:
                await self.slow.wait()
            raise
        finally:
            self.active -= 1


async def settle():
    for _ in range(12):
        await asyncio.sleep(0)


async def done(task):
    """The outcome of a task that has to be over by now."""
    await settle()
    if not task.done():
        raise AssertionError("still waiting")
    if task.cancelled():
        return "cancelled"
    return repr(task.exception()) if task.exception() else task.result()


class LoaderTest(unittest.TestCase):
    def run_it(self, scenario, limit=4):
        noise = []

        async def main():
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: noise.append(context))
            before = asyncio.all_tasks()
            source = Source()
            loader = Loader(source.fetch, limit)
            await scenario(source, loader, lambda key: asyncio.create_task(loader.get(key)))
            source.slow and source.slow.set()
            await loader.close()
            await settle()
            gc.collect()
            self.assertEqual(asyncio.all_tasks(), before)
            self.assertEqual(source.active, 0)
        asyncio.run(asyncio.wait_for(main(), 1))
        gc.collect()
        self.assertEqual(noise, [])

    def test_sharing_and_keeping(self):
        async def scenario(source, loader, ask):
            a, b, c = ask("k"), ask("k"), ask("x")
            await settle()
            self.assertEqual(source.calls, ["k", "x"])
            source.ends[0].set_result(None)
            self.assertEqual((await done(a), await done(b), await done(ask("k"))), (None,) * 3)
            source.ends[1].set_result(0)
            self.assertEqual((await done(c), await done(ask("x"))), (0, 0))
            self.assertEqual(source.calls, ["k", "x"])
        self.run_it(scenario)

    def test_exceptions(self):
        async def scenario(source, loader, ask):
            a, b = ask("k"), ask("k")
            await settle()
            source.ends[0].set_exception(ValueError(1))
            self.assertEqual((await done(a), await done(b)), ("ValueError(1)",) * 2)
            c = ask("k")
            await settle()
            source.ends[1].set_result(5)
            self.assertEqual((await done(c), source.calls), (5, ["k", "k"]))
        self.run_it(scenario)

    def test_exceptions_give_their_turn_back(self):
        async def scenario(source, loader, ask):
            for n in range(4):
                task = ask(n)
                await settle()
                source.ends[n].set_exception(ValueError(n))
                self.assertEqual(await done(task), f"ValueError({n})")
        self.run_it(scenario, 1)

    def test_first_caller_goes(self):
        async def scenario(source, loader, ask):
            a, b = ask("k"), ask("k")
            await settle()
            a.cancel()
            self.assertEqual(await done(a), "cancelled")
            self.assertEqual(source.cancelled, [])
            c = ask("k")
            await settle()
            source.ends[0].set_result(3)
            self.assertEqual((await done(b), await done(c), source.calls), (3, 3, ["k"]))
        self.run_it(scenario)

    def test_other_caller_goes(self):
        async def scenario(source, loader, ask):
            a, b, c = ask("k"), ask("k"), ask("k")
            await settle()
            b.cancel()
            self.assertEqual(await done(b), "cancelled")
            source.ends[0].set_result(3)
            self.assertEqual((await done(a), await done(c), source.calls), (3, 3, ["k"]))
        self.run_it(scenario)

    def test_all_go(self):
        async def scenario(source, loader, ask):
            a, b = ask("k"), ask("k")
            await settle()
            a.cancel()
            await settle()
            b.cancel()
            self.assertEqual((await done(a), await done(b), source.cancelled), ("cancelled", "cancelled", ["k"]))
            c = ask("k")
            await settle()
            self.assertEqual(source.calls, ["k", "k"])
            source.ends[1].set_result(7)
            self.assertEqual(await done(c), 7)
        self.run_it(scenario)

    def test_cancelled_before_it_began(self):
        async def scenario(source, loader, ask):
            a = ask("k")
            await asyncio.sleep(0)
            a.cancel()
            self.assertEqual(await done(a), "cancelled")
            b = ask("k")
            await settle()
            source.ends[-1].set_result(1)
            self.assertEqual(await done(b), 1)
        self.run_it(scenario, 1)

    def test_slow_to_end(self):
        async def scenario(source, loader, ask):
            source.slow = asyncio.Event()
            a = ask("k")
            await settle()
            a.cancel()
            self.assertEqual(await done(a), "cancelled")
            b = ask("k")
            await settle()
            self.assertEqual(source.calls, ["k", "k"])
            source.slow.set()
            await settle()
            c = ask("k")
            await settle()
            self.assertEqual(source.calls, ["k", "k"])
            source.ends[1].set_result(2)
            self.assertEqual((await done(b), await done(c)), (2, 2))
        self.run_it(scenario)

    def test_slow_fetch_counts(self):
        async def scenario(source, loader, ask):
            source.slow = asyncio.Event()
            a = ask("k")
            await settle()
            a.cancel()
            b = ask("x")
            await settle()
            self.assertEqual((source.calls, source.peak), (["k"], 1))
            source.slow.set()
            await settle()
            source.ends[1].set_result(2)
            self.assertEqual((await done(b), source.peak), (2, 1))
        self.run_it(scenario, 1)

    def test_waiting_for_a_turn(self):
        async def scenario(source, loader, ask):
            tasks = [ask(n) for n in range(6)]
            await settle()
            self.assertEqual(source.calls, [0, 1])
            tasks[2].cancel(), tasks[0].cancel(), tasks[4].cancel()
            await settle()
            self.assertEqual(source.calls, [0, 1, 3])
            source.ends[1].set_result("b")
            await settle()
            self.assertEqual(source.calls, [0, 1, 3, 5])
            source.ends[2].set_result("d"), source.ends[3].set_result("f")
            self.assertEqual([await done(t) for t in tasks], ["cancelled", "b", "cancelled", "d", "cancelled", "f"])
            self.assertEqual(source.peak, 2)
            more = [ask(n) for n in (7, 8, 9)]
            await settle()
            self.assertEqual(source.calls[4:], [7, 8])
            for task in more:
                task.cancel()
            await settle()
        self.run_it(scenario, 2)

    def test_invalidate(self):
        async def scenario(source, loader, ask):
            a = ask("k")
            await settle()
            loader.invalidate("k")
            loader.invalidate("nothing")
            b = ask("k")
            await settle()
            self.assertEqual(source.calls, ["k", "k"])
            source.ends[0].set_result("old")
            self.assertEqual(await done(a), "old")
            c = ask("k")
            await settle()
            source.ends[1].set_result("new")
            self.assertEqual((await done(b), await done(c), await done(ask("k"))), ("new",) * 3)
            loader.invalidate("k")
            d = ask("k")
            await settle()
            source.ends[2].set_result("newest")
            self.assertEqual((await done(d), len(source.calls)), ("newest", 3))
        self.run_it(scenario)

    def test_old_load_ends_last(self):
        async def scenario(source, loader, ask):
            a = ask("k")
            await settle()
            loader.invalidate("k")
            b = ask("k")
            await settle()
            source.ends[1].set_result("new")
            self.assertEqual(await done(b), "new")
            source.ends[0].set_result("old")
            self.assertEqual((await done(a), await done(ask("k"))), ("old", "new"))
            loader.invalidate("k")
            c = ask("k")
            await settle()
            loader.invalidate("k")
            source.ends[2].set_result("stale")
            self.assertEqual(await done(c), "stale")
            d = ask("k")
            await settle()
            self.assertEqual(len(source.calls), 4)
            c = ask("k")
            await settle()
            d.cancel(), c.cancel()
            await settle()
        self.run_it(scenario)

    def test_old_load_is_cancelled_when_nobody_waits(self):
        async def scenario(source, loader, ask):
            a = ask("k")
            await settle()
            loader.invalidate("k")
            b = ask("k")
            await settle()
            a.cancel()
            self.assertEqual(await done(a), "cancelled")
            self.assertEqual(source.cancelled, ["k"])
            source.ends[1].set_result(1)
            self.assertEqual((await done(b), await done(ask("k")), len(source.calls)), (1, 1, 2))
        self.run_it(scenario)

    def test_close(self):
        async def scenario(source, loader, ask):
            source.slow = asyncio.Event()
            tasks = [ask("k"), ask("k"), ask("x"), ask("y")]
            await settle()
            loader.invalidate("k")
            tasks.append(ask("k"))
            await settle()
            closing = asyncio.create_task(loader.close())
            self.assertEqual([await done(t) for t in tasks], ["LoaderClosed()"] * 5)
            self.assertFalse(closing.done())
            self.assertEqual(await done(ask("z")), "LoaderClosed()")
            source.slow.set()
            await done(closing)
            self.assertEqual((source.active, source.calls), (0, ["k", "x"]))
            await loader.close()
        self.run_it(scenario, 2)

    def test_close_with_kept_values(self):
        async def scenario(source, loader, ask):
            a = ask("k")
            await settle()
            source.ends[0].set_result(1)
            await done(a)
            await loader.close()
            self.assertEqual(await done(ask("k")), "LoaderClosed()")
        self.run_it(scenario)

    def test_failure_that_nobody_waits_for(self):
        async def scenario(source, loader, ask):
            a, b = ask("k"), ask("k")
            await settle()
            source.ends[0].set_exception(OSError(1))
            a.cancel(), b.cancel()
            await settle()
            c = ask("k")
            await settle()
            source.ends[1].set_result(1)
            self.assertEqual(await done(c), 1)
        self.run_it(scenario)


if __name__ == "__main__":
    unittest.main()
