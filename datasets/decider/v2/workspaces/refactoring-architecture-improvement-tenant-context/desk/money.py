from functools import total_ordering

from desk.context import setting


@total_ordering
class Money:
    """Cents that show themselves as the tenant likes it."""

    def __init__(self, cents):
        self.cents = cents

    def __str__(self):
        text = f"{self.cents / 100:.2f}"
        if setting("comma"):
            text = text.replace(".", ",")
        return f"{text} {setting('currency')}"

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __eq__(self, other):
        return self.cents == other.cents

    def __lt__(self, other):
        return self.cents < other.cents
