from dataclasses import dataclass, field

from desk import mask


class Invalid(ValueError):
    pass


class Conflict(Exception):
    def __init__(self, customer):
        super().__init__(f"{customer.email} is taken")


@dataclass
class Customer:
    name: str
    email: str
    phone: str
    iban: str = field(repr=False)
    birthday: str
    partner: object = field(default=None, repr=False)
    number: int = 0

    def __str__(self):
        return f"{self.name} <{mask.mail(self.email)}>"

    @property
    def iban_tail(self):
        return self.iban[-4:]

    def export_email(self):
        return mask.mail(self.email)

    def public(self):
        return {"number": self.number, "name": self.name, "email": mask.mail(self.email), "age": 2031 - int(self.birthday[:4])}


@dataclass
class Request:
    method: str
    path: str
    query: dict
    body: dict = field(repr=False)
