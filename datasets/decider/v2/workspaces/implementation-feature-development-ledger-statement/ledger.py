"""A tiny single-entry ledger. Amounts are integer cents, negative for money going out."""
from dataclasses import dataclass
from datetime import date


class UnknownAccount(KeyError):
    """Nothing was ever booked on this account."""


@dataclass(frozen=True)
class Booking:
    account: str
    day: date
    text: str
    amount_cents: int


class Ledger:
    def __init__(self):
        self._bookings = []

    def book(self, account, day, text, amount_cents):
        self._bookings.append(Booking(account, day, text, amount_cents))

    def bookings(self, account):
        """All bookings of an account in the order in which they were added."""
        found = [b for b in self._bookings if b.account == account]
        if not found:
            raise UnknownAccount(account)
        return found

    def balance(self, account, on=None):
        """Balance in cents at the end of the day `on`, or of everything booked."""
        return sum(b.amount_cents for b in self.bookings(account) if on is None or b.day <= on)
