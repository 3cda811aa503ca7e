import time
import unittest

from worker import Worker


class WorkerTest(unittest.TestCase):
    def test_order(self):
        done = []
        worker = Worker(done.append)
        worker.start()
        for job in "abc":
            worker.submit(job)
        time.sleep(0.05)
        self.assertEqual(done, ["a", "b", "c"])

    def test_error(self):
        errors = []
        worker = Worker(lambda job: 1 / job, lambda job, error: errors.append((job, type(error))))
        worker.start()
        worker.submit(0)
        time.sleep(0.05)
        worker.submit(1)
        time.sleep(0.05)
        self.assertEqual(errors, [(0, ZeroDivisionError)])
        self.assertEqual(worker.pending(), 0)

    def test_pending(self):
        worker = Worker(lambda job: time.sleep(0.1))
        worker.submit("a")
        worker.submit("b")
        worker.start()
        time.sleep(0.05)
        self.assertEqual(worker.pending(), 2)
        time.sleep(0.1)
        self.assertEqual(worker.pending(), 1)

    def test_stop(self):
        done = []
        worker = Worker(lambda job: time.sleep(0.02) or done.append(job))
        worker.start()
        worker.submit("a")
        worker.submit("b")
        worker.stop()
        with self.assertRaises(RuntimeError):
            worker.submit("c")
        self.assertEqual(done, [])
        time.sleep(0.1)
        self.assertEqual(done, ["a", "b"])


if __name__ == "__main__":
    unittest.main()
