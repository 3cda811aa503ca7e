"""Channels that carry notices. `wire(text)` transmits and may raise OSError; `log` needs only append()."""

COUNTS = {}


class Refused(Exception):
    pass


class Channel:
    limit = 40
    tries = 1

    def __init__(self, wire, log, prefix="", limit=None):
        self.wire, self.log, self.prefix = wire, log, prefix
        if limit is not None:
            self.limit = limit
        self.sent = 0

    def send(self, text):
        """Transmit a notice; returns the text that went out."""
        self.check(text)
        text = self.prepare(text)
        self.deliver(text)
        self.sent += 1
        self.done(text)
        return text

    def check(self, text):
        if not text.strip():
            raise Refused("empty")

    def prepare(self, text):
        return " ".join(text.split())

    def deliver(self, text):
        self.wire(text)

    def done(self, text):
        self.log.append((type(self).__name__, self.sent, text))


class Prefixed(Channel):
    def prepare(self, text):
        text = super().prepare(text)
        return f"{self.prefix}: {text}" if self.prefix else text


class Shortened(Channel):
    def prepare(self, text):
        text = super().prepare(text)
        return text if len(text) <= self.limit else text[:self.limit - 1] + "~"


class Quiet(Channel):
    def check(self, text):
        if text.startswith("debug"):
            raise Refused("quiet")
        super().check(text)

    def done(self, text):
        pass


class Retrying(Channel):
    tries = 3

    def deliver(self, text):
        for attempt in range(1, self.tries + 1):
            try:
                return super().deliver(text)
            except OSError as error:
                self.log.append(("retry", attempt, str(error)))
                if attempt == self.tries:
                    raise


class Counted(Channel):
    def deliver(self, text):
        COUNTS[type(self).__name__] = COUNTS.get(type(self).__name__, 0) + 1
        super().deliver(text)

    def done(self, text):
        super().done(text)
        self.log.append(("count", COUNTS[type(self).__name__]))


class Split(Channel):
    def deliver(self, text):
        for part in text.split("; "):
            super().deliver(part)


class Mail(Retrying, Prefixed, Counted, Shortened):
    limit = 60

    def prepare(self, text):
        return super().prepare(text).capitalize()


class Sms(Shortened, Prefixed, Counted, Retrying):
    limit = 20


class Chat(Counted, Split, Retrying, Prefixed):
    tries = 2

    def check(self, text):
        super().check(text)
        if "@" in text:
            raise Refused("mention")


class Pager(Quiet, Sms):
    tries = 1

    def prepare(self, text):
        return Channel.prepare(self, text).upper()

    def done(self, text):
        super(Quiet, self).done(text)
        self.log.append(("paged", len(text)))


class Board(Quiet, Split, Mail):
    def prepare(self, text):
        return super(Mail, self).prepare(text)
