import time

now = time.monotonic
