import sys
import time

from kv import Store

store = Store(time.monotonic)
for line in sys.stdin:
    print(store.run(line))
