"""Client of the payment gateway. There is no gateway on a developer's machine: never call it from tests."""
from dataclasses import dataclass


class Declined(Exception):
    """The bank refuses; nothing was charged."""


class Unreachable(Exception):
    """There was no answer; whether the charge was made is not known."""


class UnknownReceipt(Exception):
    """There is no receipt with this number."""


@dataclass(frozen=True)
class Receipt:
    number: str
    key: str
    cents: int
    refunded: int = 0


class Gateway:
    def charge(self, key, cents):
        """Charge once for a key and return the Receipt.

        A key that was charged before is not charged again, whatever `cents` says: the receipt of
        the first charge is returned, as it stands now. A declined charge leaves the key free.
        Raises Declined or Unreachable; ValueError if `cents` is not positive.
        """
        raise NotImplementedError("no gateway here")

    def refund(self, number, cents):
        """Give back a part or all of a charge; returns the Receipt with all its refunds in `refunded`.

        Raises UnknownReceipt, or ValueError if `cents` is not positive or more than what is left.
        """
        raise NotImplementedError("no gateway here")

    def find(self, key):
        """The Receipt of this key as it stands now, or None."""
        raise NotImplementedError("no gateway here")
