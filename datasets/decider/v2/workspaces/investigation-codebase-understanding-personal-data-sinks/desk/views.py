import configparser
import dataclasses
import json

from desk import bank, db, log, mask, sinks
from desk.models import Conflict, Customer, Invalid


def find(request):
    (key, value), *_ = request.query.items()
    found = db.find({"mail": "email"}.get(key, key), value)
    if found is None:
        return 404, "nobody"
    slot = f"find:{key}={mask.digest(value) if '@' in value else value}"
    sinks.add("cache.txt", json.dumps([slot, found.public()]))
    return 200, found.public()


def create(request):
    customer = Customer(**request.body)
    if not bank.check(customer.iban):
        raise Invalid(f"account of {customer}")
    if db.find("email", customer.email):
        raise Conflict(customer)
    customer.partner = db.get(request.body["partner"])
    customer.number = db.add(customer)
    event = mask.fields({**vars(customer), "partner": request.body["partner"]})
    sinks.add("audit.jsonl", json.dumps({"event": "created", **event}))
    return 201, customer.public()


def remind(request):
    customer = db.get(request.query["id"])
    if customer is None:
        raise Invalid("no customer " + request.query["id"])
    try:
        with open("templates/reminder.txt") as f:
            text = f.read().format(c=customer)
    except AttributeError:
        log.info("no partner: %s", customer)
        text = f"Reminder for {customer!r}"
    sinks.add("outbox.txt", text)
    return 200, "sent"


def export(request):
    conf = configparser.ConfigParser()
    conf.read("conf/export.ini")
    names = conf[request.body["profile"]]["fields"].split(", ")
    for customer in db.everybody():
        cells = []
        for name in names:
            special = getattr(customer, "export_" + name, None)
            cells.append(str(special() if special else getattr(customer, name)))
        sinks.add("export.csv", mask.redact(";".join(cells)))
    return 200, "written"


ROUTES = {("GET", "/customers/find"): find, ("POST", "/customers"): create, ("POST", "/remind"): remind, ("POST", "/export"): export}
