"""Put the shop together and answer requests."""
import os

from shop import audit, cart, rates
from shop.retry import retried


class App:
    def __init__(self, fetch, write):
        """`fetch(url)` gets a text from the network, `write(line)` keeps a line of the audit log."""
        self._fetch, self._write = fetch, write
        self._carts = {}

    def add(self, user, sku, cents, count=1):
        """Put something into the user's cart; returns its total."""
        found = self._carts.setdefault(user, cart.Cart())
        found.add(sku, cents, count)
        audit.note(self._write, user, f"{sku} x{count}")
        return found.total()

    def quote(self, user, currency):
        """The user's total in another currency, as text."""
        rate = self._rate(currency)
        return rates.show(self._carts.get(user, cart.Cart()).total(), rate, currency)

    def checkout(self, user):
        """Total to pay, with shipping; empties the cart."""
        found = self._carts.pop(user, None) or cart.Cart()
        total = found.total() + (0 if found.total() >= cart.FREE_FROM else int(os.environ.get("SHOP_SHIPPING", "490")))
        audit.note(self._write, user, f"paid {total}")
        return total

    @retried()
    def _rate(self, currency):
        return rates.get(self._fetch, currency)
