import sys

from cart import cart_total
from loader import load_prices


def main(path, *pairs):
    prices = load_prices(path)
    cart = dict((a, int(q)) for a, q in (p.split("=") for p in pairs))
    print(cart_total(prices, cart))


if __name__ == "__main__":
    main(*sys.argv[1:])
