"""What may be wrong between us and the hidden primary, each with what to do about it."""


class Trouble(Exception):
    """Something that keeps the zone from being what it should be. `what` and `todo` are sentences for an operator."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(f"{what} {todo}")
        self.what = what
        self.todo = todo


class Away(Trouble):
    """The primary does not answer."""


class Refused(Trouble):
    """The primary answers, and does not let us in."""


class Ahead(Trouble):
    """The primary has a higher serial than the list: what is released now, nobody would take."""


class NotTaken(Trouble):
    """The primary was told, and did not do it."""
