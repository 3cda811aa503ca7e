VAT = 19


def total(prices):
    return sum(prices)


def show(cents):
    return '%d.%02d' % divmod(cents, 100)
