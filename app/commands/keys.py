"""`flask keys`: the desk's key, shown by its public half, and changed. Prints no secret."""

import click
from flask.cli import AppGroup
from pyrage import x25519

from app import clock, instance, keys, sealing
from app.database import database
from config import Settings
from moderation import partners, rewrapping

keys_group = AppGroup("keys", help="The desk's key, which opens reports.")

WHAT_FOLLOWS = (
    "Next: restart the server, the worker and every public process (where FLAGSTONE_DESK_RECIPIENT or a copy of desk.recipient is used,"
    " put the new one there first). Then: flask keys retire. Files from offline"
    " forms that were saved before this open only until then."
)


@keys_group.command("show")
def show() -> None:
    """What reports are sealed to, its short name, and how many keys lie under another one. No secret."""
    held = keys.load(instance.settings())
    click.echo(f"recipient    {held.desk_recipient}\nfingerprint  {held.desk_key}")
    with database().reading() as session:
        left = rewrapping.left(session, held.desk_key)
    if held.former_identities or left:
        click.echo(f"{left} sealed keys lie under another key of the desk. Go on with: flask keys rotate")


@keys_group.command("rotate")
def rotate() -> None:
    """Give the desk a new key, and wrap the keys of all that is sealed to it anew. Cut short, it goes on where it was when run again."""
    settings = _at_the_desk()
    held = keys.desk_identities(settings)
    if len(held) == 1 and settings.desk_key:
        raise click.ClickException(
            "The desk's key comes from FLAGSTONE_DESK_KEY. Put a new one in front of it, with a space between, restart, and run this again."
        )
    if len(held) == 1:
        keys.write_identities(settings, (str(x25519.Identity.generate()), *held))
        click.echo("The desk has a new key; the old one still opens what was sealed to it.")
    else:
        click.echo("A rotation is under way; going on with it.")
    done = _rewrap(keys.load(settings))
    click.echo(f"{done} sealed keys are wrapped to the new key.\n{WHAT_FOLLOWS}")


@keys_group.command("retire")
@click.option("--yes", is_flag=True, help="Do not ask.")
def retire(yes: bool) -> None:
    """End a rotation: destroy the old key, once nothing lies under it any more."""
    settings = _at_the_desk()
    held = keys.load(settings)
    if not held.former_identities:
        raise click.ClickException("There is no old key here: nothing to retire.")
    if came := _rewrap(held):
        raise click.ClickException(
            f"{came} things came in for the old key since the rotation, and are wrapped anew. A process that still uses it"
            f" was not restarted.\n{WHAT_FOLLOWS}"
        )
    with database().reading() as session:
        waiting = len(partners.left(session, before=clock.now()))
    if waiting:
        raise click.ClickException(f"{waiting} files of partners wait, and may lie under the old key. Let the worker take them in first.")
    if settings.desk_key:
        click.echo("Nothing lies under the old key any more. Take it out of FLAGSTONE_DESK_KEY, and restart.")
        return
    if not yes:
        click.confirm("Were server, worker and every public process restarted since the rotation?", abort=True)
    keys.write_identities(settings, (str(held.desk_identity),))
    click.echo(
        f"The old key is gone from {keys.key_file(settings)}. Destroy every copy of it elsewhere too:"
        " old backups of sealed keys open with it."
    )


def _rewrap(held: keys.Keys) -> int:
    """Wrap what lies under another key anew, a batch a transaction; returns how many.

    Raises:
        click.ClickException: some of it opens with none of the desk's keys.
    """
    place, done, closed = (0, 0), 0, 0
    with database().reading() as session:
        total = rewrapping.left(session, held.desk_key)
    with click.progressbar(length=total, label="Wrapping keys anew") as bar:
        while place[0] < len(rewrapping.TABLES):
            with database().transaction() as session:
                place, wrapped, shut = rewrapping.rewrap(session, held.desk_key, lambda one: _wrapped(one, held), after=place)
            done, closed = done + wrapped, closed + shut
            bar.update(wrapped + shut)
    if closed:
        raise click.ClickException(
            f"{done} are wrapped anew. {closed} open with none of the desk's keys that are here:"
            " find the key they were sealed to before going on."
        )
    return done


def _wrapped(wrapped: bytes, held: keys.Keys) -> bytes | None:
    try:
        return sealing.rewrap(wrapped, held)
    except sealing.CannotOpen:
        return None


def _at_the_desk() -> Settings:
    settings = instance.settings()
    if settings.surfaces == "public":
        raise click.ClickException("This is a public process, which has none of the desk's keys. Run this at the desk.")
    return settings
