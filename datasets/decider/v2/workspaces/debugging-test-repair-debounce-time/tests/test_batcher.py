import asyncio
import time
import unittest

from batcher import Batcher


class BatcherTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.sent = []
        self.start = time.time()

    async def send(self, items):
        self.sent.append((round(time.time() - self.start, 1), items))

    async def test_quiet(self):
        batcher = Batcher(self.send, quiet=0.2)
        batcher.add(1)
        await asyncio.sleep(0.1)
        batcher.add(2)
        await asyncio.sleep(0.3)
        self.assertEqual(self.sent, [(0.3, [1, 2])])

    async def test_longest(self):
        batcher = Batcher(self.send, quiet=0.2, longest=0.5)
        for n in range(5):
            batcher.add(n)
            await asyncio.sleep(0.15)
        self.assertEqual(self.sent, [(0.5, [0, 1, 2, 3])])

    async def test_most(self):
        batcher = Batcher(self.send, most=3)
        for n in range(3):
            batcher.add(n)
        await asyncio.sleep(0.05)
        self.assertEqual(self.sent, [(0.0, [0, 1, 2])])

    async def test_no_overlap(self):
        async def slow(items):
            await asyncio.sleep(0.3)
            await self.send(items)
        batcher = Batcher(slow, quiet=0.1)
        batcher.add(1)
        await asyncio.sleep(0.15)
        batcher.add(2)
        await asyncio.sleep(0.8)
        self.assertEqual(self.sent, [(0.4, [1]), (0.7, [2])])

    async def test_retry(self):
        pass  # would take half a minute

    async def test_close(self):
        batcher = Batcher(self.send)
        batcher.add(1)
        await batcher.close()
        self.assertEqual(self.sent, [(0.0, [1])])


if __name__ == "__main__":
    unittest.main()
