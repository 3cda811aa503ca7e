"""Readings of the shop scales."""
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Reading:
    article: str
    weight: Decimal
    scale: str = field(default="A", compare=False)

    @classmethod
    def parse(cls, line, scales={"1": "A", "2": "B"}):
        """'2|apples|1.250' -> Reading; the scale sends as many digits as it measured."""
        number, article, weight = line.strip().split("|")
        return cls(article.strip(), Decimal(weight), scales.get(number, "A"))
