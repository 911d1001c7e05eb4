"""What commands share: a refusal becomes a clear message and exit status 1."""

from collections.abc import Callable
from functools import wraps
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
