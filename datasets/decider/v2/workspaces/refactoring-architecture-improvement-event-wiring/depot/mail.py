"""Mails to customers; `outbox` is what the mail program sends."""
from depot import billing

outbox = []


def _send(customer, text):
    if customer in billing.LOCKED and not text.startswith("locked"):
        text += " (your account is locked)"
    outbox.append((customer, text))


def arrived(sku, customers):
    for customer in customers:
        _send(customer, f"{sku} has arrived")


def waiting(customer, sku, ahead):
    _send(customer, f"{sku}: {ahead} wanted so far")


def invoice(customer, number):
    _send(customer, f"invoice {number}")


def locked(customer):
    _send(customer, "locked")
