from relay import guard, log

_log = log.of(__name__)
slow = _log.under("slow")


class Queue:
    def __init__(self, say):
        self.items, self.say = [], say

    def push(self, message):
        self.items.append(message)
        self.say("back", id=message["id"], n=len(self.items))

    def drain(self, peers):
        if not peers:
            self.items = guard.give_up_all(self.items, "no peer")


def count(message, timeouts):
    if timeouts >= 3:
        _log("failed", id=message["id"], why=f"{timeouts} timeouts")
        return False
    return True


SLOW = Queue(slow)
