from desk.i18n import t
from desk.states import Event


def subjects():
    return {event: t(f"mail.subject.{event.value}") for event in Event}


def body(lines):
    return "\n".join([t("mail.greeting"), "", *lines])
