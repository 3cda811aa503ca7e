set -e
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git init -q -b main .
printf 'TICKET.md\n' > .git/info/exclude
git fast-import --quiet <<'STREAM'
commit refs/heads/main
mark :1
author dev <dev@example.org> 1741686400 +0000
committer dev <dev@example.org> 1741686400 +0000
data 27
Start the parcel calculator
M 100644 inline parcel/__init__.py
data 0

M 100644 inline parcel/weight.py
data 235
"""Weights as customers type them."""

UNITS = {"g": 1, "kg": 1000}


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    value, unit = text.split()
    return int(float(value) * UNITS[unit])

M 100644 inline parcel/price.py
data 122
"""Price of a parcel in cents."""


def price(grams):
    return 490 if grams <= 2000 else 690 if grams <= 5000 else 1690

M 100644 inline README.md
data 10
# Parcels


commit refs/heads/main
mark :2
author dev <dev@example.org> 1741772800 +0000
committer dev <dev@example.org> 1741772800 +0000
data 21
Accept decimal commas
from :1
M 100644 inline parcel/weight.py
data 253
"""Weights as customers type them."""

UNITS = {"g": 1, "kg": 1000}


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    value, unit = text.split()
    return int(float(value.replace(",", ".")) * UNITS[unit])


commit refs/heads/main
mark :3
author dev <dev@example.org> 1741859200 +0000
committer dev <dev@example.org> 1741859200 +0000
data 23
Round up to whole grams
from :2
M 100644 inline parcel/weight.py
data 281
"""Weights as customers type them."""
import math

UNITS = {"g": 1, "kg": 1000}


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    value, unit = text.split()
    return math.ceil(round(float(value.replace(",", ".")) * UNITS[unit], 6))


commit refs/heads/old-f
mark :4
author dev <dev@example.org> 1741945600 +0000
committer dev <dev@example.org> 1741945600 +0000
data 41
Parse weights with one regular expression
from :1
M 100644 inline parcel/weight.py
data 380
"""Weights as customers type them."""
import re

UNITS = {"g": 1, "kg": 1000}
WEIGHT = re.compile(r"\s*([0-9.]+)\s*(kg|g)\s*")


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value) * UNITS[unit])


commit refs/heads/old-f
mark :5
author dev <dev@example.org> 1742032000 +0000
committer dev <dev@example.org> 1742032000 +0000
data 29
Accept weights without a unit
from :4
M 100644 inline parcel/weight.py
data 388
"""Weights as customers type them."""
import re

UNITS = {"g": 1, "kg": 1000}
WEIGHT = re.compile(r"\s*([0-9.]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value) * UNITS[unit or "g"])


commit refs/heads/main
mark :6
author dev <dev@example.org> 1742118400 +0000
committer dev <dev@example.org> 1742118400 +0000
data 25
Merge branch 'fast-parse'
from :3
merge :5
M 100644 inline parcel/weight.py
data 407
"""Weights as customers type them."""
import re

UNITS = {"g": 1, "kg": 1000}
WEIGHT = re.compile(r"\s*([0-9.,]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value.replace(",", ".")) * UNITS[unit or "g"])


commit refs/heads/old-t
mark :7
author dev <dev@example.org> 1742204800 +0000
committer dev <dev@example.org> 1742204800 +0000
data 16
New tariff table
from :3
M 100644 inline parcel/price.py
data 202
"""Price of a parcel in cents."""
import math

TARIFF = [(1000, 450), (2000, 490), (5000, 690), (math.inf, 1690)]


def price(grams):
    return next(cents for limit, cents in TARIFF if grams <= limit)


commit refs/heads/old-t
mark :8
author dev <dev@example.org> 1742291200 +0000
committer dev <dev@example.org> 1742291200 +0000
data 23
Reject negative weights
from :7
M 100644 inline parcel/weight.py
data 355
"""Weights as customers type them."""
import math

UNITS = {"g": 1, "kg": 1000}


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    value, unit = text.split()
    if float(value.replace(",", ".")) < 0:
        raise ValueError(text)
    return math.ceil(round(float(value.replace(",", ".")) * UNITS[unit], 6))


commit refs/heads/old-t
mark :9
author dev <dev@example.org> 1742377600 +0000
committer dev <dev@example.org> 1742377600 +0000
data 9
Read tons
from :8
M 100644 inline parcel/weight.py
data 369
"""Weights as customers type them."""
import math

UNITS = {"g": 1, "kg": 1000, "t": 1000000}


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    value, unit = text.split()
    if float(value.replace(",", ".")) < 0:
        raise ValueError(text)
    return math.ceil(round(float(value.replace(",", ".")) * UNITS[unit], 6))


commit refs/heads/main
mark :10
author dev <dev@example.org> 1742464000 +0000
committer dev <dev@example.org> 1742464000 +0000
data 26
Round up in the price, too
from :6
M 100644 inline parcel/price.py
data 163
"""Price of a parcel in cents."""
import math


def price(grams):
    grams = math.ceil(grams)
    return 490 if grams <= 2000 else 690 if grams <= 5000 else 1690


commit refs/heads/main
mark :11
author dev <dev@example.org> 1742550400 +0000
committer dev <dev@example.org> 1742550400 +0000
data 21
Merge branch 'tariff'
from :10
merge :9
M 100644 inline parcel/weight.py
data 421
"""Weights as customers type them."""
import re

UNITS = {"g": 1, "kg": 1000, "t": 1000000}
WEIGHT = re.compile(r"\s*([0-9.,]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value.replace(",", ".")) * UNITS[unit or "g"])

M 100644 inline parcel/price.py
data 231
"""Price of a parcel in cents."""
import math

TARIFF = [(1000, 450), (2000, 490), (5000, 690), (math.inf, 1690)]


def price(grams):
    grams = math.ceil(grams)
    return next(cents for limit, cents in TARIFF if grams <= limit)


commit refs/heads/main
mark :12
author dev <dev@example.org> 1742636800 +0000
committer dev <dev@example.org> 1742636800 +0000
data 17
Tidy up weight.py
from :11
M 100644 inline parcel/weight.py
data 403
"""Weights as customers type them."""
import re

UNITS = {"g": 1, "kg": 1000, "t": 1000000}
WEIGHT = re.compile(r"\s*([0-9.,]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value) * UNITS[unit or "g"])


commit refs/heads/main
mark :13
author dev <dev@example.org> 1742723200 +0000
committer dev <dev@example.org> 1742723200 +0000
data 26
Revert "Tidy up weight.py"
from :12
M 100644 inline parcel/weight.py
data 421
"""Weights as customers type them."""
import re

UNITS = {"g": 1, "kg": 1000, "t": 1000000}
WEIGHT = re.compile(r"\s*([0-9.,]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value.replace(",", ".")) * UNITS[unit or "g"])


commit refs/heads/old-h
mark :14
author dev <dev@example.org> 1742809600 +0000
committer dev <dev@example.org> 1742809600 +0000
data 29
Round up to whole grams again
from :13
M 100644 inline parcel/weight.py
data 449
"""Weights as customers type them."""
import math
import re

UNITS = {"g": 1, "kg": 1000, "t": 1000000}
WEIGHT = re.compile(r"\s*([0-9.,]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return math.ceil(round(float(value.replace(",", ".")) * UNITS[unit or "g"], 6))


commit refs/heads/main
mark :15
author dev <dev@example.org> 1742896000 +0000
committer dev <dev@example.org> 1742896000 +0000
data 27
Accept thousands separators
from :13
M 100644 inline parcel/weight.py
data 434
"""Weights as customers type them."""
import re

UNITS = {"g": 1, "kg": 1000, "t": 1000000}
WEIGHT = re.compile(r"\s*([0-9.,]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams, like 1,250 g; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value.replace(",", "")) * UNITS[unit or "g"])


commit refs/heads/main
mark :16
author dev <dev@example.org> 1742982400 +0000
committer dev <dev@example.org> 1742982400 +0000
data 21
Merge branch 'hotfix'
from :15
merge :14
M 100644 inline parcel/weight.py
data 446
"""Weights as customers type them."""
import math
import re

UNITS = {"g": 1, "kg": 1000, "t": 1000000}
WEIGHT = re.compile(r"\s*([0-9.,]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams, like 1,250 g; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value.replace(",", "")) * UNITS[unit or "g"])


commit refs/heads/main
mark :17
author dev <dev@example.org> 1743068800 +0000
committer dev <dev@example.org> 1743068800 +0000
data 23
Remove an unused import
from :16
M 100644 inline parcel/weight.py
data 434
"""Weights as customers type them."""
import re

UNITS = {"g": 1, "kg": 1000, "t": 1000000}
WEIGHT = re.compile(r"\s*([0-9.,]+)\s*(kg|g)?\s*")


def grams(text):
    """The weight in grams, like 1,250 g; ValueError for anything that is no weight."""
    match = WEIGHT.fullmatch(text)
    if not match:
        raise ValueError(text)
    value, unit = match.groups()
    return int(float(value.replace(",", "")) * UNITS[unit or "g"])


commit refs/heads/main
mark :18
author dev <dev@example.org> 1743155200 +0000
committer dev <dev@example.org> 1743155200 +0000
data 31
List what weights may look like
from :17
M 100644 inline README.md
data 272
# Parcels

What `parcel.weight.grams` has learned:

- `1,5 kg` is 1500 (Accept decimal commas)
- `0.0001 kg` is 1 (Round up to whole grams)
- `250` is 250 (Accept weights without a unit)
- `-1 g` raises ValueError (Reject negative weights)
- `0.001 t` is 1000 (Read tons)


STREAM
git reset -q --hard main
git branch -q -D old-f old-t old-h > /dev/null
