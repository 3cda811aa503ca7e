"""When an answer is due."""
from deadlines.workdays import add_working_days, working_days_between

DAYS = {"sign": 10, "stall": 3, "parade": 25}


def due(kind, received, holidays=()):
    """The last day for the answer to an application received on a day."""
    return add_working_days(received, DAYS[kind], holidays)


def used(kind, received, answered, holidays=()):
    """The share of the time that the answer took, in percent, rounded down."""
    return working_days_between(received, answered, holidays) * 100 // DAYS[kind]
