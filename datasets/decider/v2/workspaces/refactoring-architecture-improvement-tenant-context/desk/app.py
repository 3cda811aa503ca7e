"""What the web server calls."""
from desk import audit, repo, reports, tasks
from desk.context import acting_for


def add(tenant, user, name, cents):
    with acting_for(tenant, user):
        return repo.add(name, cents)


def remove(tenant, user, number):
    with acting_for(tenant, user):
        return repo.remove(number)


def describe(tenant, user, number):
    with acting_for(tenant, user):
        return repo.describe(number)


def report(tenant, user):
    """The lines of a report, as a generator."""
    with acting_for(tenant, user):
        yield from reports.lines()


def dearest(tenant, user, count):
    with acting_for(tenant, user):
        return reports.dearest(count)


def remind(tenant, user, number, again=0):
    """Describe an article later, and `again` times more after that."""
    def task():
        audit.note(f"reminded {number}")
        if again:
            remind(tenant, user, number, again - 1)
        return repo.describe(number)
    tasks.later(task)


def run_tasks():
    return tasks.run_all()
