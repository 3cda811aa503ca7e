import asyncio
import unittest

from loads import Loader


class LoaderTest(unittest.IsolatedAsyncioTestCase):
    async def test_shared(self):
        calls = []

        async def fetch(key):
            calls.append(key)
            await asyncio.sleep(0)
            return key * 2
        loader = Loader(fetch)
        self.assertEqual(await asyncio.gather(loader.get("a"), loader.get("a"), loader.get("b")), ["aa", "aa", "bb"])
        self.assertEqual(await loader.get("a"), "aa")
        self.assertEqual(calls, ["a", "b"])


if __name__ == "__main__":
    unittest.main()
