"""What a post is."""
import datetime
from dataclasses import dataclass


@dataclass
class Post:
    title: str
    day: datetime.date
    body: str = ""
    slug: str | None = None  # set by the author in the head of the file
