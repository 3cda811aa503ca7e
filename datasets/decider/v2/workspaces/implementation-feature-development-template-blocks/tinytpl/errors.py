class TemplateError(Exception):
    """The text is "line N: what", N being the line of the template where the tag begins."""

    def __init__(self, line, what):
        super().__init__(f"line {line}: {what}")
        self.line = line
