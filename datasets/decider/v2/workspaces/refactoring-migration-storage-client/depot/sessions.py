"""Sessions: 'session/<id>' -> {'user': str}; the time of the last write counts."""


def touch(store, session, user):
    """Create the session or hand it to the user; renews its time in any case."""
    store.put(f"session/{session}", {"user": user})


def close(store, session):
    """True if there was such a session."""
    return store.delete(f"session/{session}")


def purge(store, older_than_ms):
    """Close all sessions last written before this time (ms since 1970 UTC); returns their ids, sorted."""
    gone = []
    for key in store.all_keys("session/"):
        if store.modified_ms(key) < older_than_ms:
            store.delete(key)
            gone.append(key.removeprefix("session/"))
    return gone


def count(store):
    """How many sessions there are."""
    return len(store.all_keys("session/"))
