"""Notices as text files that a mailer picks up."""
import pathlib


class Outbox:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, name, text):
        count = len(list(self.folder.iterdir()))
        (self.folder / f"{count + 1:04d}-{name}.txt").write_text(text, encoding="utf-8")
