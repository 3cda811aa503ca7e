set -e
export GIT_AUTHOR_NAME=dev GIT_AUTHOR_EMAIL=dev@example.org GIT_COMMITTER_NAME=dev GIT_COMMITTER_EMAIL=dev@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
n=0
save() {
    n=$((n + 1))
    stamp="2025-02-$(printf %02d $n)T10:00:00+00:00"
    git add -A
    GIT_AUTHOR_DATE=$stamp GIT_COMMITTER_DATE=$stamp git commit -q -m "$1"
}
git init -q -b main .
printf 'TICKET.md\n' > .git/info/exclude
mkdir shop
: > shop/__init__.py
cat > shop/cart.py <<'E'
from decimal import Decimal

from shop.discount import rate


def total(lines, code=None):
    """Total of (price, quantity) lines, rounded once at the end."""
    amount = sum(Decimal(price) * quantity for price, quantity in lines)
    return (amount * (1 - rate(code))).quantize(Decimal("0.01"))
E
cat > shop/discount.py <<'E'
from decimal import Decimal

PERCENT = {"SPRING": "12.5", "STAFF": "30"}


def rate(code):
    return Decimal(PERCENT.get(code, "0")) / 100
E
save "Add cart totals with discount codes"
cat > total.py <<'E'
"""total.py CODE PRICExQUANTITY ..."""
import sys

from shop.cart import total

lines = [(p, int(q)) for p, q in (a.split("x") for a in sys.argv[2:])]
print(total(lines, sys.argv[1]))
E
save "Add a command line"
sed -i 's/^    amount = .*/    amount = sum((Decimal(price) * quantity * (1 - rate(code))).quantize(Decimal("0.01")) for price, quantity in lines)/; s/^    return .*/    return amount/; s/rounded once at the end/rounded line by line/' shop/cart.py
save "Show the discount on every line"
printf '# Shop\n\nTotals are rounded once, at the end.\n' > README.md
save "Add a readme"
cat > shop/money.py <<'E'
from decimal import Decimal

CENT = Decimal("0.01")


def cents(amount):
    return amount.quantize(CENT)
E
cat > shop/cart.py <<'E'
from decimal import Decimal

from shop.discount import rate
from shop.money import cents


def total(lines, code=None):
    """Total of (price, quantity) lines, rounded once at the end."""
    amount = sum(Decimal(price) * quantity for price, quantity in lines)
    return cents(amount * (1 - rate(code)))
E
save "Round totals in one place"
cat > shop/discount.py <<'E'
from shop.logging import log
from decimal import Decimal

PERCENT = {"SPRING": "12.5", "STAFF": "30"}


def rate(code):
    if code not in PERCENT:
        log.info("unknown code %s", code)
    return Decimal(PERCENT.get(code, "0")) / 100
E
save "Log unknown discount codes"
sed -i 's/^from shop.logging import log$/import logging/; s/^PERCENT/log = logging.getLogger("shop")\nPERCENT/' shop/discount.py
save "Use the standard logger"
cat > shop/money.py <<'E'
from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
# Prices come with at most 5 digits.
PRICES = Context(prec=5, rounding=ROUND_HALF_UP)


def cents(amount):
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def parse(text):
    return PRICES.create_decimal(text)
E
sed -i 's/^from shop.money import cents$/from shop.money import cents, parse/; s/Decimal(price) \* quantity/parse(price) * quantity/; /^from decimal/,+1d' shop/cart.py
save "Parse prices in money.py and round half up"
cat > shop/discount.py <<'E'
import logging
from functools import cache

from shop.money import parse

log = logging.getLogger("shop")
PERCENT = {"SPRING": "12.5", "STAFF": "30"}


@cache
def rate(code):
    if code not in PERCENT:
        log.info("unknown code %s", code)
    return parse(PERCENT.get(code, "0")) / 100
E
save "Cache discount rates"
sed -i 's/^    amount = .*/    amount = sum(price * quantity for price, quantity in merge(lines))/' shop/cart.py
cat >> shop/cart.py <<'E'


def merge(lines):
    """Add up the quantities of equal prices."""
    merged = {}
    for price, quantity in lines:
        merged[parse(price)] = merged.get(parse(price), 0) + quantity
    return list(merged.items())
E
save "Merge lines of the same price"
cat > shop/money.py <<'E'
from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
# Prices come with at most 5 digits.
MONEY = Context(prec=5, rounding=ROUND_HALF_UP)


def cents(amount):
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def parse(text):
    return MONEY.create_decimal(text)


def times(amount, factor):
    return MONEY.multiply(amount, factor)
E
sed -i 's/cents, parse/cents, parse, times/; s/return cents(amount \* (1 - rate(code)))/return cents(times(amount, 1 - rate(code)))/' shop/cart.py
save "Do all money arithmetic in one context"
printf '\nCodes: SPRING, STAFF.\n' >> README.md
save "List the discount codes"
sed -i 's/^    return list(merged.items())/    return sorted(merged.items())/' shop/cart.py
save "Sort merged lines"
sed -i 's/prec=5/prec=6/; s/at most 5 digits/at most 6 digits/' shop/money.py
save "Allow prices with six digits"
cat >> shop/discount.py <<'E'


def known(code):
    return code in PERCENT
E
save "Add a check for known codes"
