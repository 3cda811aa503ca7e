"""How the rest of the program uses the channels."""
import channels


def announce(text, wire, log):
    """Send to everybody; returns what went out by name."""
    targets = [channels.Mail(wire, log, "News"), channels.Sms(wire, log, "News"), channels.Chat(wire, log),
               channels.Pager(wire, log), channels.Board(wire, log, "News", limit=30)]
    out = {}
    for target in targets:
        try:
            out[type(target).__name__] = target.send(text)
        except channels.Refused as refused:
            out[type(target).__name__] = f"refused: {refused}"
    return out
