from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instants import now

if TYPE_CHECKING:
    from shapes import Shape
    from vxtypes import Place


@dataclass
class Note:
    text: str
    place: Place | None = None
    shape: Shape | None = None
    when: object = None

    def stamp(self):
        self.when = now()
        return self
