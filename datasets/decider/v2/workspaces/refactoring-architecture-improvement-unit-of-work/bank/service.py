"""What customers can do. `send(customer, text)` mails."""
from bank import accounts, journal


def transfer(db, send, source, target, cents):
    """Move money; returns the new balance of the source."""
    if cents <= 0 or source == target:
        raise ValueError("bad transfer")
    left = accounts.change(db, source, -cents)
    send(source, f"{cents} sent to {target}, {left} left")
    accounts.change(db, target, cents)
    send(target, f"{cents} received from {source}")
    journal.book(db, source, target, cents)
    return left


def close(db, send, number, heir):
    """Close an account and move what is on it."""
    cents = accounts.balance(db, number)
    if cents:
        transfer(db, send, number, heir, cents)
    accounts.shut(db, number)
    send(number, "closed")


def pay_all(db, send, payer, bills):
    """Pay bills (target, cents), one after the other, each as far as it can be paid; returns the targets not paid."""
    failed = []
    for target, cents in bills:
        try:
            transfer(db, send, payer, target, cents)
            fee(db, send, payer)
        except (accounts.Unknown, accounts.Overdrawn, ValueError):
            failed.append(target)
    if failed:
        send(payer, f"not paid: {', '.join(failed)}")
    return failed


def fee(db, send, number):
    """Every third booking of an account costs 5 cents."""
    made = db.execute("SELECT count(*) FROM booking WHERE source = ?", (number,)).fetchone()[0]
    if made % 3 == 0:
        accounts.change(db, number, -5)
        send(number, "fee 5")


def merge(db, send, numbers, target):
    """Close several accounts into one, all of them or none; returns the balance of the target."""
    for number in numbers:
        close(db, send, number, target)
    return accounts.balance(db, target)
