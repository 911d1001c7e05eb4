"""What is sealed for a hotline: shown to who must send it again, destroyed with the hotline's receipt. Decides nothing."""

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, instance, sealing
from app.audience import audience
from app.desk import case_page, desk, forms
from app.desk.acts import tried
from app.desk.attempts import Attempt
from app.desk.case_page import Revealed
from app.desk.frame import REVIEWERS, UNPROCESSABLE, acting
from app.errors import STATUS, words
from moderation import reviewing
from moderation.errors import InvalidAnswer, Refusal
from moderation.reviewing import SealedSeen


@desk.post("/cases/<uuid:reference>/address")
@audience(*REVIEWERS)
def show_address(reference: UUID) -> ResponseReturnValue:
    """Show what is sealed, on this one answer alone: the record says who asked before anything is opened."""
    found = tried(lambda session: reviewing.reveal(session, reference, by=acting(), at=clock.now()))
    if isinstance(found, Refusal):
        return _refused(reference, found, form="")
    return case_page.shown(reference, revealed=_opened(found))


@desk.get("/cases/<uuid:reference>/address")
@audience(*REVIEWERS)
def address(reference: UUID) -> ResponseReturnValue:
    """Where the page with the address is asked for again: it was for one answer alone, so the case is shown without it."""
    return redirect(url_for("desk.case", reference=reference), 303)


@desk.post("/cases/<uuid:reference>/receipt")
@audience(*REVIEWERS)
def record_receipt(reference: UUID) -> ResponseReturnValue:
    """Write down that a hotline has what was passed on."""
    now = clock.now()
    typed = forms.read_receipt(request.form, now=now)
    referral = typed.referral
    if referral is None or typed.faults:
        attempt = Attempt(form="receipt", typed=request.form, faults=typed.faults)
        return case_page.shown(reference, attempt=attempt, status=UNPROCESSABLE)
    goes_at = tried(lambda session: reviewing.record_receipt(session, referral, typed.their_reference, typed.came_at, by=acting(), at=now))
    if isinstance(goes_at, InvalidAnswer):
        attempt = Attempt(form="receipt", typed=request.form, faults=forms.receipt_as_shown(goes_at.faults))
        return case_page.shown(reference, attempt=attempt, status=UNPROCESSABLE)
    if isinstance(goes_at, Refusal):
        return _refused(reference, goes_at, form="receipt")
    if goes_at is None:
        flash(_("Written down: the hotline has it."))
    else:
        flash(
            _("Written down. The sealed address is destroyed on %(day)s, unless a senior strikes the receipt.", day=f"{goes_at:%Y-%m-%d}")
        )
    return redirect(url_for("desk.case", reference=reference), 303)


@desk.post("/cases/<uuid:reference>/referrals/<uuid:referral>/strike")
@audience(*REVIEWERS)
def strike_receipt(reference: UUID, referral: UUID) -> ResponseReturnValue:
    """Take back a receipt that did not come."""
    struck = tried(lambda session: reviewing.strike_receipt(session, referral, by=acting(), at=clock.now()))
    if isinstance(struck, Refusal):
        return _refused(reference, struck, form="")
    flash(_("The receipt is struck, and the address stays sealed until theirs comes."))
    return redirect(url_for("desk.case", reference=reference), 303)


def _opened(found: Iterable[SealedSeen]) -> tuple[Revealed, ...]:
    """What the desk's key opens; None for what it does not."""
    return tuple(Revealed(kind=one.kind, told=_told(one)) for one in found)


def _told(one: SealedSeen) -> dict[str, str] | None:
    try:
        return sealing.open_sealed(one.text, one.wrapped_identity, instance.keys())
    except sealing.CannotOpen:
        return None


def _refused(reference: UUID, refusal: Refusal, *, form: str) -> ResponseReturnValue:
    attempt = Attempt(form=form, typed=request.form, faults={}, refusal=words(refusal))
    return case_page.shown(reference, attempt=attempt, status=STATUS[type(refusal)].value)
