from gateway import Declined, Unreachable


class FakeGateway:
    """Stands in for gateway.Gateway.

    `script(*outcomes)` says how the next charges end: "ok", "declined", "lost" (no answer, and nothing
    was charged) or "answer lost" (it was charged, but there is no answer). Later ones are "ok".
    `taken` is the money we hold, in cents: all charges minus all refunds.
    """

    def __init__(self):
        self.taken = 0
        self._script = []
        self._count = 0

    def script(self, *outcomes):
        self._script += outcomes

    def charge(self, card, amount):
        outcome = self._script.pop(0) if self._script else "ok"
        if outcome == "declined":
            raise Declined(card)
        if outcome == "lost":
            raise Unreachable(card)
        self.taken += amount
        self._count += 1
        if outcome == "answer lost":
            raise Unreachable(card)
        return f"R{self._count}"

    def refund(self, number, amount):
        self.taken -= amount
