"""Mails to the staff; SENT stands for the mail server."""
SENT = []


def send(subject):
    SENT.append(subject)


def send_daily():
    from shop import report
    send(report.daily())
