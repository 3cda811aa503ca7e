"""A small key-value store with a text protocol, see PROTOCOL.md."""
import re


class CommandError(Exception):
    """A command was refused; the text is what the client sees behind 'ERR '."""


class Store:
    def __init__(self, clock):
        self._clock = clock
        self._data = {}  # key -> (value, end or None), in order
        self._saved = []  # the data before each open transaction

    def run(self, line):
        """Run one command and return its answer as text."""
        words = line.split()
        self._now = self._clock()
        self._sweep()
        try:
            if not words:
                raise CommandError("empty")
            method = getattr(self, "_do_" + words[0].lower(), None)
            if method is None:
                raise CommandError(f"unknown {words[0].upper()}")
            try:
                return method(*words[1:])
            except TypeError:
                raise CommandError(f"arguments {words[0].upper()}") from None
        except CommandError as error:
            return f"ERR {error}"

    def _sweep(self):
        self._data = {k: v for k, v in self._data.items() if v[1] is None or v[1] > self._now}

    def _do_set(self, key, value):
        self._data.pop(key, None)
        self._data[key] = (value, None)
        return "OK"

    def _do_get(self, key):
        return self._data[key][0] if key in self._data else "NIL"

    def _do_del(self, key):
        return "1" if self._data.pop(key, None) is not None else "0"

    def _do_incr(self, key):
        value, end = self._data.get(key, ("0", None))
        try:
            number = int(value) + 1
        except ValueError:
            raise CommandError("not a number") from None
        self._data[key] = (str(number), end)
        return str(number)

    def _do_keys(self):
        return " ".join(self._data) or "NONE"

    def _do_count(self, value):
        return str(sum(v == value for v, _ in self._data.values()))

    def _do_expire(self, key, seconds):
        if not re.fullmatch("-?[0-9]+", seconds):
            raise CommandError("not a number")
        if key not in self._data:
            return "0"
        if int(seconds) <= 0:
            del self._data[key]
        else:
            self._data[key] = (self._data[key][0], self._now + int(seconds))
        return "1"

    def _do_ttl(self, key):
        if key not in self._data:
            return "NIL"
        end = self._data[key][1]
        return "NEVER" if end is None else str(-int(-(end - self._now) // 1))

    def _do_persist(self, key):
        if self._data.get(key, ("", None))[1] is None:
            return "0"
        self._data[key] = (self._data[key][0], None)
        return "1"

    def _do_begin(self):
        self._saved.append(dict(self._data))
        return str(len(self._saved))

    def _do_rollback(self):
        if not self._saved:
            raise CommandError("no transaction")
        self._data = self._saved.pop()
        self._sweep()
        return "OK"

    def _do_commit(self):
        if not self._saved:
            raise CommandError("no transaction")
        before = self._saved.pop()
        live = {k: v for k, v in before.items() if v[1] is None or v[1] > self._now}
        return str(sum(self._data.get(k) != live.get(k) for k in {*self._data, *live}))
