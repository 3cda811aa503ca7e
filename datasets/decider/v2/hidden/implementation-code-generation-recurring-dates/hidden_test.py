import datetime
import random
import unittest

from recur import dates

D = datetime.date
ONE = datetime.timedelta(days=1)
NAMES = "mo tu we th fr sa su".split()
P = D.fromisoformat


def works(day, holidays):
    return day.weekday() < 5 and day not in holidays


def named(day, rule, holidays):
    """Whether one of the names of a month's rule is this day; by counting, one day at a time."""
    month = [D(day.year, day.month, 1)]
    while (month[-1] + ONE).month == day.month:
        month.append(month[-1] + ONE)
    for entry in rule["on"]:
        if isinstance(entry, int):
            if rule.get("clamp") and abs(entry) > len(month):
                if day == (month[-1] if entry > 0 else month[0]):
                    return True
            elif day == dict(enumerate(month, 1)).get(entry) or day == dict(enumerate(month, -len(month))).get(entry):
                return True
        else:
            same = [d for d in month if (works(d, holidays) if entry.endswith("wd") else NAMES[d.weekday()] == entry[-2:])]
            place = int(entry[:-2])
            if day in same and place in (same.index(day) + 1, same.index(day) - len(same)):
                return True
    return False


def truth(rule, start, end, holidays):
    first, found, day = P(rule["from"]), [], P(rule["from"])
    while day <= end + 25 * ONE and day <= P(rule.get("until", "9000-01-01")):
        every = rule.get("every", 1)
        if rule["unit"] == "day":
            hit = (day - first).days % every == 0
        elif rule["unit"] == "week":
            hit = NAMES[day.weekday()] in rule["days"] and ((day - first).days + first.weekday()) // 7 % every == 0
        else:
            hit = (day.year * 12 + day.month - first.year * 12 - first.month) % every == 0 and named(day, rule, holidays)
        if hit:
            found.append(day)
        day += ONE
    found = [d for d in found[:rule.get("count")] if d.isoformat() not in rule.get("except", [])]
    out = set()
    for d in found:
        for step in range(30):
            ways = {"next": [step], "previous": [-step], "nearest": [step, -step]}.get(rule.get("shift"), [0])
            hits = [d + way * ONE for way in ways if not rule.get("shift") or works(d + way * ONE, holidays)]
            if hits:
                out.add(hits[0])
                break
    return sorted(d for d in out if start <= d <= end)


class DatesTest(unittest.TestCase):
    def check(self, rule, start, end, want, holidays=()):
        found = dates({"from": "2024-01-01", **rule}, P(start), P(end), [P(h) for h in holidays])
        self.assertEqual([d.isoformat() for d in found], [("2024-" + w)[-10:] for w in want.split()], rule)

    def test_days_and_weeks(self):
        self.check({"unit": "day", "every": 10}, "2024-01-02", "2024-02-01", "01-11 01-21 01-31")
        self.check({"unit": "week", "days": ["th", "mo"], "every": 2, "from": "2024-01-03"}, "2024-01-01", "2024-01-31", "01-04 01-15 01-18 01-29")
        self.check({"unit": "week", "days": ["su"], "every": 3, "from": "2024-01-07"}, "2024-01-01", "2024-02-28", "01-07 01-28 02-18")

    def test_months(self):
        self.check({"unit": "month", "on": [31]}, "2024-01-01", "2024-05-31", "01-31 03-31 05-31")
        self.check({"unit": "month", "on": [30, 31, -1], "clamp": True}, "2024-01-01", "2024-03-31", "01-30 01-31 02-29 03-30 03-31")
        self.check({"unit": "month", "on": [-31]}, "2024-01-01", "2024-03-31", "01-01 03-01")
        self.check({"unit": "month", "on": [-31], "clamp": True}, "2024-01-01", "2024-03-31", "01-01 02-01 03-01")
        self.check({"unit": "month", "on": ["5fr", "-5we", "2tu"]}, "2024-01-01", "2024-05-31", "01-03 01-09 02-13 03-12 03-29 04-09 05-01 05-14 05-31")
        self.check({"unit": "month", "on": ["1wd", "-1wd", "23wd"], "from": "2024-03-01"}, "2024-03-01", "2024-07-31", "03-01 03-28 04-02 04-30 05-02 05-31 06-03 06-28 07-01 07-31",
                   ["2024-03-29", "2024-04-01", "2024-05-01"])
        self.check({"unit": "month", "on": [15], "every": 5, "from": "2024-01-20"}, "2024-01-01", "2025-12-31", "06-15 11-15 2025-04-15 2025-09-15")
        self.check({"unit": "month", "on": [29], "every": 12, "from": "2023-02-01"}, "2023-01-01", "2032-12-31", "02-29 2028-02-29 2032-02-29")

    def test_count_and_until(self):
        rule = {"unit": "month", "on": [1, -31], "clamp": True, "count": 3}
        self.check(rule, "2024-01-01", "2024-12-31", "01-01 02-01 03-01")
        self.check(rule, "2024-02-15", "2024-12-31", "03-01")
        self.check({**rule, "until": "2024-02-10"}, "2024-01-01", "2024-12-31", "01-01 02-01")
        self.check({**rule, "except": ["2024-02-01"]}, "2024-01-01", "2024-12-31", "01-01 03-01")
        self.check({"unit": "day", "count": 5, "except": ["2024-01-02", "2024-03-01"]}, "2024-01-04", "2024-02-01", "01-04 01-05")

    def test_shift(self):
        self.check({"unit": "month", "on": [-1], "shift": "next", "until": "2024-03-31"}, "2024-01-01", "2024-12-31", "01-31 02-29 04-02", ["2024-04-01"])
        self.check({"unit": "month", "on": [-1], "shift": "next"}, "2024-04-01", "2024-04-02", "04-02", ["2024-04-01"])
        self.check({"unit": "month", "on": [1], "shift": "previous", "from": "2024-06-01"}, "2024-05-01", "2024-06-30", "05-31")
        self.check({"unit": "month", "on": [1], "shift": "previous"}, "2024-05-01", "2024-05-31", "05-01 05-31")
        self.check({"unit": "week", "days": ["sa", "su", "mo"], "shift": "next", "count": 3}, "2024-01-01", "2024-02-01", "01-01 01-08")
        self.check({"unit": "week", "days": ["sa", "su"], "shift": "nearest", "count": 4}, "2024-01-01", "2024-02-01", "01-05 01-08 01-12 01-15")
        self.check({"unit": "day", "every": 7, "from": "2024-01-06", "shift": "nearest", "count": 2}, "2024-01-01", "2024-02-01", "01-08 01-12", ["2024-01-05"])
        self.check({"unit": "day", "from": "2024-01-06", "shift": "next", "except": ["2024-01-08"], "count": 2}, "2024-01-01", "2024-02-01", "01-08")

    def test_random(self):
        for seed in range(60):
            rnd = random.Random(seed)
            first = D(2023, 1, 1) + rnd.randrange(400) * ONE
            rule = {"from": first.isoformat(), "unit": rnd.choice(["day", "week", "month", "month"]), "every": rnd.randint(1, 4)}
            if rule["unit"] == "week":
                rule["days"] = rnd.sample(NAMES, rnd.randint(1, 4))
            if rule["unit"] == "month":
                rule["on"] = [rnd.choice([rnd.randint(1, 31), -rnd.randint(1, 31), 31, -31, rnd.choice(["1", "5", "-5", "-1", "3"]) + rnd.choice(NAMES), rnd.choice(["1wd", "-1wd", "22wd", "-23wd"])]) for _ in range(3)]
            for name, value in (("clamp", True), ("shift", rnd.choice(["next", "previous", "nearest"])), ("count", rnd.randint(1, 12)),
                                ("until", (first + rnd.randrange(200) * ONE).isoformat())):
                if rnd.random() < .4:
                    rule[name] = value
            holidays = [first + rnd.randrange(300) * ONE for _ in range(25)]
            start = first + rnd.randrange(-20, 120) * ONE
            end = start + rnd.randrange(90) * ONE
            plain = truth({**rule, "shift": None}, first, end, holidays)
            if plain and rnd.random() < .5:
                rule["except"] = [d.isoformat() for d in rnd.sample(plain, 1)]
            self.assertEqual(dates(rule, start, end, holidays), truth(rule, start, end, holidays), (seed, rule, start, end))

    def test_old_rule_and_inputs(self):
        rule = {"from": "1601-01-01", "unit": "day", "every": 1000}
        self.check(rule, "2024-01-01", "2030-12-31", "2025-05-18 2028-02-12 2030-11-08")
        rule = {"from": "2024-01-01", "unit": "week", "days": ["we", "mo"]}
        dates(rule, D(2024, 1, 1), D(2024, 2, 1), iter([]))
        self.assertEqual(rule, {"from": "2024-01-01", "unit": "week", "days": ["we", "mo"]})
        self.assertEqual(dates(rule, D(2024, 1, 2), D(2024, 1, 2), iter([])), [])


if __name__ == "__main__":
    unittest.main()
