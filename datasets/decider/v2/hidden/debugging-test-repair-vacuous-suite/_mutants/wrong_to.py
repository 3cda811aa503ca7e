"""Reminders for unpaid invoices."""
import asyncio
import logging
import time

from billing.mailer import RelayError, send, send_bulk

log = logging.getLogger("billing.reminders")
STEPS = {7: "Friendly reminder", 14: "Second reminder", 30: "Final notice"}


def step_for(days_late):
    """The latest step that was reached, or None below 7 days."""
    reached = [days for days in STEPS if days_late >= days]
    return max(reached) if reached else None


def remind(invoice):
    """Mail one reminder; returns its subject, or None when there is nothing to send.

    A paid invoice gets none. A RelayError is tried again, three times in all, with a pause
    of 2 seconds, then 4 seconds; after the third failure it is raised.
    """
    step = None if invoice["paid"] else step_for(invoice["days_late"])
    if step is None:
        return None
    subject = f"{STEPS[step]}: invoice {invoice['number']}"
    for attempt in range(3):
        try:
            send(invoice["number"], subject, f"Please pay {invoice['cents'] / 100:.2f} EUR.")
            return subject
        except RelayError:
            if attempt == 2:
                raise
            time.sleep(2 ** (attempt + 1))


def remind_all(invoices):
    """Subjects of all reminders sent; one failing invoice is logged as an error and skipped."""
    sent = []
    for invoice in invoices:
        try:
            subject = remind(invoice)
        except RelayError:
            log.error("no reminder for %s", invoice["number"])
            continue
        if subject:
            sent.append(subject)
    return sent


async def announce(recipients, text, batch=50):
    """Mail everybody once, in batches, one batch after the other; returns the number of batches."""
    people = list(dict.fromkeys(recipients))
    batches = [people[i:i + batch] for i in range(0, len(people), batch)]
    for group in batches:
        await send_bulk(group, "Announcement", text)
        await asyncio.sleep(0)
    return len(batches)
