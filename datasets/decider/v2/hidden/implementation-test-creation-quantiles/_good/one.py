import math


def quantile(values, share):
    data = [float(value) for value in values]
    if not data or any(value != value for value in data) or share != share or share < 0 or share > 1:
        raise ValueError("no quantile")
    data.sort()
    whole, part = divmod(share * (len(data) - 1), 1)
    whole = int(whole)
    if part == 0:
        return data[whole]
    return data[whole] * (1 - part) + data[whole + 1] * part


def median(values):
    data = sorted(values)
    return quantile(data, 1 / 2)


def spread(values):
    data = tuple(values)
    return quantile(data, 3 / 4) - quantile(data, 1 / 4)
