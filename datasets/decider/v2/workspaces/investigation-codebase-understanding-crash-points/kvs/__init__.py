from kvs.store import Store
