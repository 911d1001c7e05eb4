"""What a name that is already in a file covers. Relies on the order of a release: a name comes right before all names below it."""

from moderation.vocabulary import Entry


class Above:
    """The names that a format wrote last, as far as one of them can stand above the next entry. Holds two names, never the list."""

    def __init__(self) -> None:
        self._test_name: str | None = None
        self._name: str | None = None

    def covers(self, entry: Entry) -> bool:
        """Whether a name that was written is the entry's own, or stands above it. Only names are covered."""
        return entry.scope.is_wide and any(_is_within(entry.target, name) for name in (self._test_name, self._name) if name)

    def note(self, entry: Entry) -> None:
        """Remember what was written. The test name stands in front of the list, outside its order, so it is kept apart."""
        if entry.is_test:
            self._test_name = entry.target
        elif entry.scope.is_wide:
            self._name = entry.target


def _is_within(name: str, other: str) -> bool:
    return name == other or name.endswith(f".{other}")
