"""A small key-value store with a text protocol, see PROTOCOL.md."""


class CommandError(Exception):
    """A command was refused; the text is what the client sees behind 'ERR '."""


class Store:
    def __init__(self, clock):
        self._clock = clock
        self._data = {}

    def run(self, line):
        """Run one command and return its answer as text."""
        words = line.split()
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

    def _do_set(self, key, value):
        self._data.pop(key, None)
        self._data[key] = value
        return "OK"

    def _do_get(self, key):
        return self._data.get(key, "NIL")

    def _do_del(self, key):
        return "1" if self._data.pop(key, None) is not None else "0"

    def _do_incr(self, key):
        try:
            number = int(self._data.get(key, "0")) + 1
        except ValueError:
            raise CommandError("not a number") from None
        self._data[key] = str(number)
        return str(number)

    def _do_keys(self):
        return " ".join(self._data) or "NONE"

    def _do_count(self, value):
        return str(sum(v == value for v in self._data.values()))
