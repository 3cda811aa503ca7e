"""Reference."""
TENANTS = {"nord": ("EUR", True, 4), "sued": ("CHF", False, 6), "west": ("EUR", False, 2)}


class Full(Exception):
    pass


class App:
    def __init__(self):
        self.notes, self.rows, self.numbers, self.last, self.queue = [], {}, {}, {}, []

    def session(self, tenant, user):
        TENANTS[tenant]
        return Session(self, tenant, user)

    def run_tasks(self):
        results = []
        while self.queue:
            try:
                results.append(self.queue.pop(0)())
            except Exception as error:
                results.append(f"{type(error).__name__}: {error}")
        return results


class Session:
    def __init__(self, app, tenant, user):
        self.app, self.tenant, self.user = app, tenant, user

    def rows(self):
        return self.app.rows.setdefault(self.tenant, {})

    def note(self, text):
        key = (self.tenant, self.user)
        if self.app.last.get(key) != text:
            self.app.notes.append((*key, text))
            self.app.last[key] = text

    def money(self, cents):
        currency, comma, _ = TENANTS[self.tenant]
        text = f"{cents / 100:.2f}"
        return f"{text.replace('.', ',') if comma else text} {currency}"

    def add(self, name, cents):
        if len(self.rows()) >= TENANTS[self.tenant][2]:
            raise Full(f"{self.tenant} has {len(self.rows())} articles")
        number = self.app.numbers[self.tenant] = self.app.numbers.get(self.tenant, 0) + 1
        self.rows()[number] = (name, cents)
        self.note(f"added {number}")
        return number

    def remove(self, number):
        found = self.rows().pop(number, None) is not None
        self.note(f"removed {number}" if found else f"missed {number}")
        return found

    def describe(self, number):
        name, cents = self.rows()[number]
        return f"{name} ({self.money(cents)})"

    def report(self):
        done = total = 0
        while rest := [n for n in sorted(self.rows()) if n > done]:
            done = rest[0]
            name, cents = self.rows()[done]
            total += cents
            yield f"{done}: {name}, {self.money(cents)}"
        self.note("report")
        yield f"total {self.money(total)}"

    def dearest(self, count):
        best = sorted(self.rows().items(), key=lambda row: (-row[1][1], row[0]))[:count]
        return [self.describe(number) for number, _ in best]

    def remind(self, number, again=0):
        def task():
            self.note(f"reminded {number}")
            if again:
                self.remind(number, again - 1)
            return self.describe(number)
        self.app.queue.append(task)
