"""Counting working days: Monday to Friday, but no holidays."""
import datetime

DAY = datetime.timedelta(days=1)


def is_working_day(day, holidays=()):
    return day.weekday() < 5 and day not in holidays


def add_working_days(day, count, holidays=()):
    """The day that lies `count` working days after `day`, or before it if count is negative.

    `day` itself is never counted, whether it is a working day or not. For count 0 the result is `day` if it is a
    working day, else the next working day.
    """
    weeks, rest = divmod(count, 5)
    result = day + weeks * 7 * DAY
    for _ in range(rest):
        result += DAY
        while not is_working_day(result, holidays):
            result += DAY
    return result


def working_days_between(start, end, holidays=()):
    """How many working days lie in the period, both days included; with start and end swapped the same number, negative.

    0 only if there is none.
    """
    count = 0
    day = start
    while day < end:
        if is_working_day(day, holidays):
            count += 1
        day += DAY
    return count
