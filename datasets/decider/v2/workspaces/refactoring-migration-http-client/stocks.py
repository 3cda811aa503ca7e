"""Share prices."""
from legacy_http import get


class NoPrice(Exception):
    pass


def price(symbol):
    status, text = get(f"http://stocks.example/{symbol}")
    if status == 0:
        raise NoPrice("no answer")
    if status >= 400:
        raise NoPrice(f"status {status}")
    return round(float(text) * 100)
