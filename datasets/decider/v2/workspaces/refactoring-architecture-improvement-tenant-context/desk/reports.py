"""Reports, line by line."""
from desk import audit, repo
from desk.money import Money


def lines():
    total = Money(0)
    for number, name, money in repo.all_rows():
        total += money
        yield f"{number}: {name}, {money}"
    audit.note("report")
    yield f"total {total}"


def dearest(count):
    return [repo.describe(number) for number, _, money in sorted(repo.all_rows(), key=lambda row: (-row[2].cents, row[0]))[:count]]
