"""The order model."""
from dataclasses import dataclass, field


@dataclass
class Order:
    number: int
    customer: str
    lines: list = field(default_factory=list)

    def total_cents(self):
        return sum(cents * count for _, cents, count in self.lines)

    def export(self):
        """The order as JSON text."""
        from serializers import to_json
        return to_json(self)

    @classmethod
    def from_text(cls, text):
        """The order from JSON text; ValueError for another schema version."""
        from serializers import from_json
        return from_json(text)
