"""What the next pull would change, for a network that asks by its software or on its page: one question, refused in one sentence."""

from http import HTTPStatus

from flask_babel import gettext as _

from app import instance
from app.release import dry_run
from app.release.dry_run import AheadError, DryRun, TooManyNamesError
from moderation import policy


class CannotCompare(Exception):
    """There is nothing to compare with; its text says why, for a person."""

    def __init__(self, sentence: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(sentence)
        self.status = status


def since(serial: int, *, file: str) -> DryRun | None:
    """What would change since this serial, in one file or on the list as a whole; None before the first release.

    Raises:
        CannotCompare; app.release.dry_run.TooFarBehindError: what helps then depends on who asks.
    """
    settings = instance.settings()
    try:
        return dry_run.since(settings.data, serial, file=file, list_name=settings.list_name)
    except KeyError:
        raise CannotCompare(_("This list has no format of this name")) from None
    except AheadError:
        raise CannotCompare(_("There is no release of that serial yet")) from None


def against(names: bytes) -> DryRun | None:
    """What would change for a network that carries these names, one a line; nothing of them is kept. None before the first release.

    Raises:
        CannotCompare; FileNotFoundError: the release is not on the disk (any more).
    """
    try:
        return dry_run.against(instance.settings().data, dry_run.names_in(names.decode("utf-8", "replace")))
    except TooManyNamesError:
        told = _("Send %(most)s names at most; with more, compare your serial instead", most=policy.DRY_RUN_NAMES)
        raise CannotCompare(told, HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from None
