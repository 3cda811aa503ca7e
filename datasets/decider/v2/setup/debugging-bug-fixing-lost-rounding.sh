set -e
export GIT_AUTHOR_NAME=dev GIT_AUTHOR_EMAIL=dev@example.org GIT_COMMITTER_NAME=dev GIT_COMMITTER_EMAIL=dev@example.org
export GIT_CONFIG_NOSYSTEM=1
at() { export GIT_AUTHOR_DATE="2024-0$1T10:00:00+0000" GIT_COMMITTER_DATE="2024-0$1T10:00:00+0000"; }
git -c init.defaultBranch=main init -q .
mkdir -p invoices
cat > README.md <<'EOF'
# invoices

Amounts of an invoice. `python3 -m unittest` runs the tests.
EOF
cat > invoices/__init__.py <<'EOF'
"""Invoices."""
EOF
cat > invoices/amounts.py <<'EOF'
"""Amounts in cents."""


def total(lines, tax_percent):
    """What is to be paid. Lines are (text, quantity, unit price in cents)."""
    net = sum(quantity * price for _, quantity, price in lines)
    return round(net * (100 + tax_percent) / 100)
EOF
git add -A; at 1-08; git commit -qm "Amounts of an invoice"
cat > invoices/amounts.py <<'EOF'
"""Amounts in cents."""


def total(lines, tax_percent):
    """What is to be paid. Lines are (text, quantity, unit price in cents)."""
    result = 0
    for _, quantity, price in lines:
        net = quantity * price
        result += net + tax(net, tax_percent)
    return result


def tax(net, tax_percent):
    cents = (abs(net) * tax_percent * 2 + 100) // 200
    return cents if net >= 0 else -cents
EOF
git add -A; at 2-12; git commit -qm "Round the tax of each line, as the auditors do

They add up the lines of the printed invoice, each with its own tax in whole
cents; half a cent goes away from zero, so a credit of 2.5 cents is one of 3.
With one rounding at the end we were up to four cents off on long invoices."
cat >> README.md <<'EOF'

An invoice that was sent is never computed again.
EOF
git add -A; at 3-04; git commit -qm "Say that sent invoices stay"
git tag v1.3
git checkout -q -b decimals v1.3~2
cat > invoices/amounts.py <<'EOF'
"""Amounts as Decimal, in the currency's own units."""
from decimal import Decimal

UNITS = {"EUR": Decimal("0.01"), "JPY": Decimal("1"), "KWD": Decimal("0.001")}


def total(lines, tax_percent, currency="EUR"):
    """What is to be paid. Lines are (text, quantity, unit price as Decimal)."""
    net = sum((quantity * price for _, quantity, price in lines), Decimal(0))
    return (net * (100 + tax_percent) / 100).quantize(UNITS[currency])
EOF
git add -A; at 3-05; git commit -qm "Count in Decimal, know currencies with other units"
git checkout -q main
at 3-11; git merge -q -s ours --no-commit decimals 2>/dev/null
git checkout -q decimals -- invoices/amounts.py
git commit -qm "Merge branch 'decimals'

Conflict in amounts.py settled in favour of the branch."
cat > invoices/amounts.py <<'EOF'
"""Amounts as Decimal, in the currency's own units."""
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

UNITS = {"EUR": Decimal("0.01"), "JPY": Decimal("1"), "KWD": Decimal("0.001")}


@dataclass(frozen=True)
class Line:
    text: str
    quantity: Decimal
    price: Decimal  # for one, without tax
    discount_percent: Decimal = Decimal(0)


def line_net(line, currency):
    """What the line costs without tax."""
    net = line.quantity * line.price * (100 - line.discount_percent) / 100
    return net.quantize(UNITS[currency], ROUND_DOWN)


def total(lines, tax_percent, currency="EUR"):
    """What is to be paid."""
    net = sum((line_net(line, currency) for line in lines), Decimal(0))
    return (net * (100 + tax_percent) / 100).quantize(UNITS[currency])


def tax(lines, tax_percent, currency="EUR"):
    """The tax that is in the total."""
    net = sum((line_net(line, currency) for line in lines), Decimal(0))
    return total(lines, tax_percent, currency) - net
EOF
mkdir -p tests
: > tests/__init__.py
cat > tests/test_amounts.py <<'EOF'
import unittest
from decimal import Decimal as D

from invoices.amounts import Line, tax, total


class AmountsTest(unittest.TestCase):
    def test_one_line(self):
        lines = [Line("pens", D(3), D("1.99"), D(10))]
        self.assertEqual(total(lines, D(19)), D("6.39"))
        self.assertEqual(tax(lines, D(19)), D("1.02"))

    def test_yen(self):
        self.assertEqual(total([Line("tea", D(2), D(333))], D(10), "JPY"), D(733))
EOF
git add -A; at 4-02; git commit -qm "Discounts on lines

Taken off before tax; a fraction of the smallest unit goes to the customer, so
the net amount of a line is cut off, also on credits (towards zero)."
cat >> README.md <<'EOF'

Currencies are in `UNITS`; add one there with its smallest unit.
EOF
git add -A; at 4-15; git commit -qm "Say where currencies are"
git tag v1.4
