from mailroom import drivers, index, letters, log, outbox, store
from mailroom.errors import NotThere, Refused, Transient
from mailroom.guard import NET, Quiet, translate


def fetch(box):
    with translate(NET):
        raw = drivers.connect(box)
    return [letters.parse(r) for r in raw]


def deliver(letter):
    try:
        store.save(letter)
    except Transient:
        outbox.later(letter)
    except LookupError as error:
        raise Refused(letter) from error
    else:
        log.note(letter)


def export():
    try:
        return (letters.render(name) for name in index.entries())
    except OSError:
        return iter(())


def search(words):
    found = []
    with Quiet(NotThere, TimeoutError):
        for word in words:
            found += index.lookup(word)
    return found or index.slow(words)


def purge(days):
    done = 0
    try:
        for name in store.old(days):
            store.remove(name)
            done += 1
    except Transient:
        done = -1
    finally:
        log.problem(f"purged {done}")
    return done
