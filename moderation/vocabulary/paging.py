"""One page of what is many: which rows are asked for, and whether more come after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Window:
    """A page, counted from 1, of so many rows. One row more than it shows is asked for, which tells whether there is another page."""

    page: int
    size: int

    @property
    def start(self) -> int:
        """How many rows lie before it; none before a page that there cannot be."""
        return (max(1, self.page) - 1) * self.size

    @property
    def many(self) -> int:
        """How many rows are asked for."""
        return self.size + 1

    def cut(self, rows: Sequence[Row]) -> tuple[Sequence[Row], bool]:
        """The rows of this page, and whether more come after them."""
        return rows[: self.size], len(rows) > self.size
