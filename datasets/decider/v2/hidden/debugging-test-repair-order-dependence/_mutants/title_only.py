"""A notice board: notes with tags, shown until they expire."""
from datetime import date, timedelta


class Board:
    _shared = None

    def __init__(self, keep_days=30):
        self.keep_days = keep_days
        self._notes = {}

    @classmethod
    def shared(cls):
        """The one board of this process."""
        if cls._shared is None:
            cls._shared = cls()
        return cls._shared

    def post(self, title, tags=(), day=None):
        """Put up a note; `day` is today unless given. A known title is replaced."""
        self._notes[title] = (day or date.today(), frozenset(tags))

    def tags(self):
        """All tags in use, as a set."""
        return set().union(*(tags for _, tags in self._notes.values()))

    def tagged(self, tag):
        """Titles with this tag, as a set."""
        return {title for title, (_, tags) in self._notes.items() if tag in tags}

    def visible(self):
        """Titles by day of posting, newest first, then by title; a note shows for keep_days after its day."""
        oldest = date.today() - timedelta(days=self.keep_days)
        shown = [(day, title) for title, (day, _) in self._notes.items() if day >= oldest]
        return [title for day, title in sorted(shown, key=lambda x: x[1])]
