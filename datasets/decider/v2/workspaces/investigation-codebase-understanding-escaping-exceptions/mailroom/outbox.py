from mailroom import drivers


def later(letter):
    try:
        drivers.query("INSERT " + letter)
    except TimeoutError:
        pass
