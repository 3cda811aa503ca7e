"""Money helpers. Amounts are decimal.Decimal."""
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


def to_cents(amount):
    """Round to whole cents; an exact half goes to the even cent (our accountant insists)."""
    return amount.quantize(CENT, rounding="ROUND_FLOOR")


def add_vat(net, percent):
    """Gross amount for a net amount, rounded once at the end."""
    return to_cents(net * (100 + Decimal(percent)) / 100)


def split(amount, parts):
    """Split into `parts` amounts that differ by at most a cent and add up exactly, larger ones first."""
    cents = int(to_cents(amount) / CENT)
    small, rest = divmod(cents, parts)
    return [CENT * (small + (i < rest)) for i in range(parts)]
