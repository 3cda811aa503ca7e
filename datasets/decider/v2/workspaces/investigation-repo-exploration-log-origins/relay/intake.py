SEEN = set()


def take(message, say):
    if message["id"] in SEEN:
        say("refused", id=message["id"], why="seen before")
        return 409
    SEEN.add(message["id"])
    say("accepted", id=message["id"])
    return 202


def check(message, say):
    if not message.get("sender"):
        say("refused", id=message["id"], why="no sender")
        return False
    return message["size"] <= 1000
