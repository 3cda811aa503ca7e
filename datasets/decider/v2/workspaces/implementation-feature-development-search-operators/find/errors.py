class QueryError(Exception):
    """The query cannot be read; `at` is the position of the first character of the trouble."""

    def __init__(self, at, what):
        super().__init__(what)
        self.at = at
