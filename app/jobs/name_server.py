"""Jobs for the name server that gives the list out: its keys, its zone, and a look at it each night. Nothing else waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app import instance, zone
from app.database import database
from app.jobs.releasing import ask_for_zone, overtake, show_changes, write_release

log = structlog.get_logger(__name__)

OVERTAKEN_MOST = 2
"""Once for a zone that was changed by hand, and once for the updates that mend it; more is for the next minute."""


def take_keys() -> None:
    """Have the name server take the living transfer keys, and let go of the others. Where it is away, the next minute tells it again."""
    with _told():
        zone.take_keys(database(), instance.settings(), instance.keys())


def feed_zone() -> None:
    """Bring the newest release to the name server. Nothing waits for it: where it is away, the next minute tries again."""
    if not instance.settings().dns_primary:
        return
    show_changes()
    with _told():
        fed = _feed()
        if fed.step in (zone.Step.UPDATED, zone.Step.RESTORED):
            log.info("zone fed", step=fed.step.value, before=fed.before, serial=fed.serial)


def restore_zone() -> zone.Fed:
    """Put the whole zone at the name server, whatever is there.

    Raises:
        zone.Trouble
    """
    return _feed(distrust=True)


def _feed(*, distrust: bool = False) -> zone.Fed:
    fed = zone.feed(database(), instance.settings(), distrust=distrust)
    for _ in range(OVERTAKEN_MOST):
        if fed.step is zone.Step.OVERTAKE:
            log.warning("releases without a change, for the zone", above=fed.serial)
            overtake(fed.serial or 0)
            write_release()
            fed = zone.feed(database(), instance.settings(), distrust=distrust)
    return fed


def tend_zone() -> None:
    """Have the name server looked after by jobs of their own: no release and no start of a worker waits for it."""
    with database().transaction() as session:
        ask_for_zone(session)


def look_at_zone() -> None:
    """Read the whole zone back, and put it right where it is not what was released."""
    if not instance.settings().dns_primary:
        return
    with _told():
        _, wrong = zone.content(instance.settings())
        for trouble in wrong:
            log.warning("zone differs", what=trouble.what)
        if wrong:
            log.warning("zone restored", serial=restore_zone().serial)


@contextmanager
def _told() -> Iterator[None]:
    """Say what is wrong with the name server, and go on: `flask doctor` says it too."""
    try:
        yield
    except zone.Trouble as trouble:
        log.warning("name server", what=trouble.what, todo=trouble.todo)
    except Exception:
        log.exception("name server")
