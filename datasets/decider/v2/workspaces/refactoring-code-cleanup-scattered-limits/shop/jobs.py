"""Jobs that run at night."""
from datetime import timedelta


def outdated(entries, today):
    """Entries (name, date) that the job deletes: those of more than 30 days ago."""
    return [name for name, day in entries if today - day > timedelta(days=30)]


def notice(name, day):
    """Sent 7 days before an entry is deleted."""
    return f"{name} will be deleted on {day + timedelta(days=31)}"


def due_notices(entries, today):
    return [notice(name, day) for name, day in entries if (today - day).days == 24]


def run(action):
    """Try a job 4 times, with pauses of 1, 2 and 4 minutes; returns the minutes waited and whether it worked."""
    waited = 0
    for attempt in range(4):
        if action():
            return waited, True
        if attempt < 3:
            waited += 2 ** attempt
    return waited, False


def longest_run(minutes):
    """How long a job can take at most if each attempt takes this many minutes."""
    return 4 * minutes + 7


def poll_seconds(load):
    """How long the worker sleeps; at least 30 s under high load."""
    return 30 if load > 80 else 5
