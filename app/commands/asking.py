"""What commands share: a refusal becomes a clear message and exit status 1."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from moderation.errors import Refusal

Params = ParamSpec("Params")
Result = TypeVar("Result")


def says_refusals(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """Print what a rule forbids instead of a trace."""

    @wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal

    return run


def beginning(file: Path, most_octets: int) -> bytes:
    """A file of at most so many octets; of a larger one a single octet more, which tells it as well as the whole would."""
    with file.open("rb") as opened:
        return opened.read(most_octets + 1)
