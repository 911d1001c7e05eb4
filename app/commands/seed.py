"""Being written."""

import click


@click.command("seed")
def seed() -> None:
    """Being written."""
