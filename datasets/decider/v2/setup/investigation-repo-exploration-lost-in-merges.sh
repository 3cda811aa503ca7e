set -e
export HOME="$PWD" GIT_CONFIG_NOSYSTEM=1
git init -q -b main .
git fast-import --quiet <<'FAST_IMPORT_END'
commit refs/heads/main
mark :1
committer dev <dev@example.org> 1900028800 +0000
data 22
Import the ferry code
M 100644 inline README.md
data 62
# ferry

Timetable, fares and bookings of a small ferry line.

M 100644 inline config/fares.ini
data 51
[fares]
adult = 12.00
child = 6.00
vehicle = 30.00

M 100644 inline ferry/__init__.py
data 0

M 100644 inline ferry/fares.py
data 273
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    price = float(table[kind])
    return round(price, 2)

M 100644 inline ferry/timetable.py
data 263
FIRST = "06:10"
LAST = "22:40"
EVERY = 50


def minutes(clock):
    h, m = clock.split(":")
    return int(h) * 60 + int(m)


def departures(day):
    t = minutes(FIRST)
    while t <= minutes(LAST):
        yield f"{t // 60:02d}:{t % 60:02d}"
        t += EVERY

M 100644 inline ferry/cabins.py
data 296
CABINS = {"101": "inner", "102": "inner", "201": "outer", "301": "suite"}


def free(booked):
    return [number for number in CABINS if number not in booked]


def assign(wish, booked):
    for number in free(booked):
        if CABINS[number] == wish:
            return number
    return None

M 100644 inline ferry/weather.py
data 180
LIMIT = 10


def forecast(source):
    return max(source.wind())


def sails(source, boat):
    force = forecast(source)
    if force > LIMIT:
        return False
    return True

M 100644 inline ferry/notify.py
data 141
def send(to, text):
    print(f"{to}: {text}")


def passengers(people, text):
    for person in people:
        send(person["phone"], text)

M 100644 inline ferry/booking.py
data 198
from ferry import cabins


def book(person, wish, booked):
    number = cabins.assign(wish, booked)
    entry = {"name": person["name"], "cabin": number}
    booked[number] = entry
    return entry

M 100644 inline ferry/export.py
data 82
def row(entry, price):
    return f"{entry['name']};{entry['cabin']};{price:.2f}"

M 100644 inline tests/test_fares.py
data 181
import unittest

from ferry.fares import fare


class FareTest(unittest.TestCase):
    def test_adult(self):
        self.assertEqual(fare("adult", table={"adult": "12.00"}), 12.0)

commit refs/heads/fares
mark :2
committer dev <dev@example.org> 1900057600 +0000
data 26
Round fares to five cents
from :1
M 100644 inline ferry/fares.py
data 334
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def five_cents(price):
    return round(price * 20) / 20


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    price = float(table[kind])
    return five_cents(price)

commit refs/heads/fares
mark :3
committer dev <dev@example.org> 1900086400 +0000
data 29
Children under 4 travel free
from :2
M 100644 inline ferry/fares.py
data 389
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def five_cents(price):
    return round(price * 20) / 20


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    if age is not None and age < 4:
        return 0.0
    price = float(table[kind])
    return five_cents(price)

M 100644 inline ferry/export.py
data 157
def row(entry, price):
    if price == 0:
        return f"{entry['name']};{entry['cabin']};free"
    return f"{entry['name']};{entry['cabin']};{price:.2f}"

commit refs/heads/fares
mark :4
committer dev <dev@example.org> 1900115200 +0000
data 16
Winter discount
from :3
M 100644 inline config/fares.ini
data 65
[fares]
adult = 12.00
child = 6.00
vehicle = 30.00
winter = 0.85

M 100644 inline ferry/fares.py
data 468
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def five_cents(price):
    return round(price * 20) / 20


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    if age is not None and age < 4:
        return 0.0
    price = float(table[kind])
    if month in (11, 12, 1, 2):
        price *= float(table.get("winter", 1))
    return five_cents(price)

commit refs/heads/main
mark :5
committer dev <dev@example.org> 1900144000 +0000
data 19
Cabins have a deck
from :1
M 100644 inline ferry/cabins.py
data 342
CABINS = {"101": "inner", "102": "inner", "201": "outer", "301": "suite"}


def deck(number):
    return int(number[0])


def free(booked):
    return [number for number in CABINS if number not in booked]


def assign(wish, booked):
    for number in free(booked):
        if CABINS[number] == wish:
            return number
    return None

commit refs/heads/main
mark :6
committer dev <dev@example.org> 1900172800 +0000
data 15
Fuel surcharge
from :5
M 100644 inline config/fares.ini
data 68
[fares]
adult = 12.00
child = 6.00
vehicle = 30.00
surcharge = 1.50

M 100644 inline ferry/fares.py
data 319
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    price = float(table[kind])
    price += float(table.get("surcharge", 0))
    return round(price, 2)

commit refs/heads/main
mark :7
committer dev <dev@example.org> 1900201600 +0000
data 21
Merge branch 'fares'
from :6
merge :4
M 100644 inline config/fares.ini
data 82
[fares]
adult = 12.00
child = 6.00
vehicle = 30.00
surcharge = 1.50
winter = 0.85

M 100644 inline ferry/fares.py
data 459
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def five_cents(price):
    return round(price * 20) / 20


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    price = float(table[kind])
    price += float(table.get("surcharge", 0))
    if month in (11, 12, 1, 2):
        price *= float(table.get("winter", 1))
    return five_cents(price)

M 100644 inline ferry/export.py
data 157
def row(entry, price):
    if price == 0:
        return f"{entry['name']};{entry['cabin']};free"
    return f"{entry['name']};{entry['cabin']};{price:.2f}"

commit refs/heads/weather
mark :8
committer dev <dev@example.org> 1900230400 +0000
data 26
Cancel above wind force 9
from :1
M 100644 inline ferry/weather.py
data 179
LIMIT = 9


def forecast(source):
    return max(source.wind())


def sails(source, boat):
    force = forecast(source)
    if force > LIMIT:
        return False
    return True

commit refs/heads/weather
mark :9
committer dev <dev@example.org> 1900259200 +0000
data 41
Notify the crew when a trip is cancelled
from :8
M 100644 inline ferry/weather.py
data 244
from ferry import notify

LIMIT = 9


def forecast(source):
    return max(source.wind())


def sails(source, boat):
    force = forecast(source)
    if force > LIMIT:
        notify.crew(boat, "cancelled")
        return False
    return True

M 100644 inline ferry/notify.py
data 196
def send(to, text):
    print(f"{to}: {text}")


def crew(boat, text):
    send(boat["bridge"], text)


def passengers(people, text):
    for person in people:
        send(person["phone"], text)

commit refs/heads/weather
mark :10
committer dev <dev@example.org> 1900288000 +0000
data 31
Small boats stay in at force 8
from :9
M 100644 inline ferry/weather.py
data 308
from ferry import notify

LIMIT = 9


def forecast(source):
    return max(source.wind())


def sails(source, boat):
    force = forecast(source)
    if boat["metres"] < 20 and force >= 8:
        return False
    if force > LIMIT:
        notify.crew(boat, "cancelled")
        return False
    return True

commit refs/heads/main
mark :11
committer dev <dev@example.org> 1900316800 +0000
data 26
Weather from two stations
from :7
M 100644 inline ferry/weather.py
data 219
LIMIT = 10


def forecast(source):
    return max(max(station.wind()) for station in source.stations())


def sails(source, boat):
    force = forecast(source)
    if force > LIMIT:
        return False
    return True

commit refs/heads/main
mark :12
committer dev <dev@example.org> 1900345600 +0000
data 23
Merge branch 'weather'
from :11
merge :10
M 100644 inline ferry/weather.py
data 308
from ferry import notify

LIMIT = 9


def forecast(source):
    return max(max(station.wind()) for station in source.stations())


def sails(source, boat):
    force = forecast(source)
    if boat["metres"] < 20 and force >= 8:
        return False
    if force > LIMIT:
        return False
    return True

M 100644 inline ferry/notify.py
data 196
def send(to, text):
    print(f"{to}: {text}")


def crew(boat, text):
    send(boat["bridge"], text)


def passengers(people, text):
    for person in people:
        send(person["phone"], text)

commit refs/heads/cabins
mark :13
committer dev <dev@example.org> 1900374400 +0000
data 33
Upgrade to the next better cabin
from :5
M 100644 inline ferry/cabins.py
data 440
CABINS = {"101": "inner", "102": "inner", "201": "outer", "301": "suite"}


def deck(number):
    return int(number[0])


def free(booked):
    return [number for number in CABINS if number not in booked]


def assign(wish, booked):
    for number in free(booked):
        if CABINS[number] == wish:
            return number
    better = {"inner": "outer", "outer": "suite"}.get(wish)
    return assign(better, booked) if better else None

M 100644 inline ferry/booking.py
data 256
from ferry import cabins


def book(person, wish, booked):
    number = cabins.assign(wish, booked)
    entry = {"name": person["name"], "cabin": number}
    entry["upgraded"] = cabins.CABINS.get(number) != wish
    booked[number] = entry
    return entry

commit refs/heads/cabins
mark :14
committer dev <dev@example.org> 1900403200 +0000
data 33
Refuse a booking without a cabin
from :13
M 100644 inline ferry/booking.py
data 322
from ferry import cabins


def book(person, wish, booked):
    number = cabins.assign(wish, booked)
    if number is None:
        raise LookupError("no cabin left")
    entry = {"name": person["name"], "cabin": number}
    entry["upgraded"] = cabins.CABINS.get(number) != wish
    booked[number] = entry
    return entry

commit refs/heads/main
mark :15
committer dev <dev@example.org> 1900432000 +0000
data 24
Bookings keep the agent
from :12
M 100644 inline ferry/booking.py
data 239
from ferry import cabins


def book(person, wish, booked):
    number = cabins.assign(wish, booked)
    entry = {"name": person["name"], "cabin": number}
    entry["agent"] = person.get("agent")
    booked[number] = entry
    return entry

M 100644 inline ferry/export.py
data 219
def agent(entry):
    return entry.get("agent") or "direct"


def row(entry, price):
    if price == 0:
        return f"{entry['name']};{entry['cabin']};free"
    return f"{entry['name']};{entry['cabin']};{price:.2f}"

commit refs/heads/main
mark :16
committer dev <dev@example.org> 1900460800 +0000
data 22
Merge branch 'cabins'
from :15
merge :14
M 100644 inline ferry/cabins.py
data 440
CABINS = {"101": "inner", "102": "inner", "201": "outer", "301": "suite"}


def deck(number):
    return int(number[0])


def free(booked):
    return [number for number in CABINS if number not in booked]


def assign(wish, booked):
    for number in free(booked):
        if CABINS[number] == wish:
            return number
    better = {"inner": "outer", "outer": "suite"}.get(wish)
    return assign(better, booked) if better else None

M 100644 inline ferry/booking.py
data 322
from ferry import cabins


def book(person, wish, booked):
    number = cabins.assign(wish, booked)
    if number is None:
        raise LookupError("no cabin left")
    entry = {"name": person["name"], "cabin": number}
    entry["upgraded"] = cabins.CABINS.get(number) != wish
    booked[number] = entry
    return entry

commit refs/heads/main
mark :17
committer dev <dev@example.org> 1900489600 +0000
data 47
Exports failed: bookings had no agent any more
from :16
M 100644 inline ferry/booking.py
data 363
from ferry import cabins


def book(person, wish, booked):
    number = cabins.assign(wish, booked)
    if number is None:
        raise LookupError("no cabin left")
    entry = {"name": person["name"], "cabin": number}
    entry["upgraded"] = cabins.CABINS.get(number) != wish
    entry["agent"] = person.get("agent")
    booked[number] = entry
    return entry

commit refs/heads/main
mark :18
committer dev <dev@example.org> 1900518400 +0000
data 29
No winter discount after all
from :17
M 100644 inline config/fares.ini
data 68
[fares]
adult = 12.00
child = 6.00
vehicle = 30.00
surcharge = 1.50

M 100644 inline ferry/fares.py
data 380
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def five_cents(price):
    return round(price * 20) / 20


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    price = float(table[kind])
    price += float(table.get("surcharge", 0))
    return five_cents(price)

commit refs/heads/hotfix
mark :19
committer dev <dev@example.org> 1900547200 +0000
data 27
Surcharge only on vehicles
from :7
M 100644 inline ferry/fares.py
data 489
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def five_cents(price):
    return round(price * 20) / 20


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    price = float(table[kind])
    if kind == "vehicle":
        price += float(table.get("surcharge", 0))
    if month in (11, 12, 1, 2):
        price *= float(table.get("winter", 1))
    return five_cents(price)

commit refs/heads/hotfix
mark :20
committer dev <dev@example.org> 1900576000 +0000
data 35
No ferries on the first of January
from :19
M 100644 inline ferry/timetable.py
data 312
FIRST = "06:10"
LAST = "22:40"
EVERY = 50


def minutes(clock):
    h, m = clock.split(":")
    return int(h) * 60 + int(m)


def departures(day):
    if day.month == day.day == 1:
        return
    t = minutes(FIRST)
    while t <= minutes(LAST):
        yield f"{t // 60:02d}:{t % 60:02d}"
        t += EVERY

commit refs/heads/main
mark :21
committer dev <dev@example.org> 1900604800 +0000
data 22
Merge branch 'hotfix'
from :18
merge :20
M 100644 inline ferry/timetable.py
data 312
FIRST = "06:10"
LAST = "22:40"
EVERY = 50


def minutes(clock):
    h, m = clock.split(":")
    return int(h) * 60 + int(m)


def departures(day):
    if day.month == day.day == 1:
        return
    t = minutes(FIRST)
    while t <= minutes(LAST):
        yield f"{t // 60:02d}:{t % 60:02d}"
        t += EVERY

commit refs/heads/night-boats
mark :22
committer dev <dev@example.org> 1900633600 +0000
data 23
Night boats on Fridays
from :6
M 100644 inline ferry/timetable.py
data 367
FIRST = "06:10"
LAST = "22:40"
EVERY = 50


def minutes(clock):
    h, m = clock.split(":")
    return int(h) * 60 + int(m)


def night(day):
    return ["23:50", "01:20"] if day.weekday() == 4 else []


def departures(day):
    t = minutes(FIRST)
    while t <= minutes(LAST):
        yield f"{t // 60:02d}:{t % 60:02d}"
        t += EVERY
    yield from night(day)

commit refs/heads/night-boats
mark :23
committer dev <dev@example.org> 1900662400 +0000
data 24
Night boats need a name
from :22
M 100644 inline config/boats.ini
data 36
[boats]
night = Lantern
day = Heron

commit refs/heads/main
mark :24
committer dev <dev@example.org> 1900691200 +0000
data 24
Last departure at 23:30
from :21
M 100644 inline ferry/timetable.py
data 312
FIRST = "06:10"
LAST = "23:30"
EVERY = 50


def minutes(clock):
    h, m = clock.split(":")
    return int(h) * 60 + int(m)


def departures(day):
    if day.month == day.day == 1:
        return
    t = minutes(FIRST)
    while t <= minutes(LAST):
        yield f"{t // 60:02d}:{t % 60:02d}"
        t += EVERY

commit refs/heads/main
mark :25
committer dev <dev@example.org> 1900720000 +0000
data 31
Send texts without line breaks
from :24
M 100644 inline ferry/notify.py
data 214
def send(to, text):
    print(f"{to}: {' '.join(text.split())}")


def crew(boat, text):
    send(boat["bridge"], text)


def passengers(people, text):
    for person in people:
        send(person["phone"], text)

commit refs/heads/main
mark :26
committer dev <dev@example.org> 1900748800 +0000
data 27
Merge branch 'night-boats'
from :25
merge :23
M 100644 inline ferry/timetable.py
data 416
FIRST = "06:10"
LAST = "22:40"
EVERY = 50


def minutes(clock):
    h, m = clock.split(":")
    return int(h) * 60 + int(m)


def night(day):
    return ["23:50", "01:20"] if day.weekday() == 4 else []


def departures(day):
    if day.month == day.day == 1:
        return
    t = minutes(FIRST)
    while t <= minutes(LAST):
        yield f"{t // 60:02d}:{t % 60:02d}"
        t += EVERY
    yield from night(day)

M 100644 inline config/boats.ini
data 36
[boats]
night = Lantern
day = Heron

commit refs/heads/main
mark :27
committer dev <dev@example.org> 1900777600 +0000
data 46
Move the surcharge into a function of its own
from :26
M 100644 inline ferry/fares.py
data 432
import configparser


def load(path="config/fares.ini"):
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["fares"]


def surcharge(table):
    return float(table.get("surcharge", 0))


def five_cents(price):
    return round(price * 20) / 20


def fare(kind, age=None, month=6, table=None):
    table = table or load()
    price = float(table[kind])
    price += surcharge(table)
    return five_cents(price)

commit refs/heads/main
mark :28
committer dev <dev@example.org> 1900806400 +0000
data 18
Test the rounding
from :27
M 100644 inline tests/test_fares.py
data 281
import unittest

from ferry.fares import fare


class FareTest(unittest.TestCase):
    def test_rounding(self):
        self.assertEqual(fare("child", table={"child": "6.02"}), 6.0)

    def test_adult(self):
        self.assertEqual(fare("adult", table={"adult": "12.00"}), 12.0)

done
FAST_IMPORT_END
git reset -q --hard main
