"""Carts."""
import os

FREE_FROM = int(os.environ.get("SHOP_FREE_FROM", "5000"))


class Full(Exception):
    pass


class Cart:
    limit = int(os.environ.get("SHOP_CART_LIMIT", "10"))

    def __init__(self, limit=None):
        self._lines = []
        if limit:
            self.limit = limit

    def add(self, sku, cents, count):
        if sum(n for _, _, n in self._lines) + count > self.limit:
            raise Full(f"at most {self.limit} articles")
        self._lines.append((sku, cents, count))

    def total(self):
        return sum(cents * count for _, cents, count in self._lines)
