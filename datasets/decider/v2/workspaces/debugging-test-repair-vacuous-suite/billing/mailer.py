"""Talks to the mail relay. Never call it from tests: there is no relay."""


class RelayError(Exception):
    pass


def send(to, subject, body):
    raise RelayError("no relay configured")


async def send_bulk(recipients, subject, body):
    raise RelayError("no relay configured")
