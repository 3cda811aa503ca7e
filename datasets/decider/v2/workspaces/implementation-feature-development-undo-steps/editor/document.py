"""A text that can be changed."""


class Document:
    def __init__(self, text=""):
        self._text = text

    @property
    def text(self):
        return self._text

    def insert(self, at, text):
        """Put a text in front of the character number `at` (0 is the first)."""
        if not 0 <= at <= len(self._text):
            raise IndexError(at)
        self._text = self._text[:at] + text + self._text[at:]

    def delete(self, at, count=1):
        """Take characters out and return them."""
        if count < 0 or not 0 <= at <= len(self._text) - count:
            raise IndexError(at)
        gone = self._text[at:at + count]
        self._text = self._text[:at] + self._text[at + count:]
        return gone

    def replace_all(self, old, new):
        """Replace every occurrence, from the left, and return how many there were."""
        if not old:
            raise ValueError("nothing to look for")
        count, at = 0, self._text.find(old)
        while at >= 0:
            self.delete(at, len(old))
            self.insert(at, new)
            count, at = count + 1, self._text.find(old, at + len(new))
        return count
