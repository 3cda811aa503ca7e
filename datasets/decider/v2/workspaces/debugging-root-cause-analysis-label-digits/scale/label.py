"""Texts for the label printer."""
from scale.catalogue import is_precious, price
from scale.memo import memo
from scale.numbers import places, rounded


@memo
def unit(article):
    """Precious goods are sold by the gram."""
    return "g" if is_precious(article) else "kg"


def weight_text(reading):
    """The weight with exactly the digits the scale gave; the law wants no more and no fewer."""
    digits = places(reading.weight)
    if unit(reading.article) == "g":
        return f"{reading.weight * 1000:.{max(0, digits - 3)}f} g"
    return f"{reading.weight:.{digits}f} kg"


def label(reading):
    """'apples  1.250 kg  3.63 EUR'"""
    cost = rounded(reading.weight * price(reading.article), 2)
    return f"{reading.article}  {weight_text(reading)}  {cost} EUR"
