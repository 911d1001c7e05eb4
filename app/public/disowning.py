"""“This is mine”: what leads to a reporter leaves their report, by the receipt's code alone. The code travels by POST."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, instance, intake
from app.database import transaction
from app.errors import STATUS, words
from app.limits import limited
from app.public import following, unsaved
from app.public.blueprint import page
from moderation import policy
from moderation.errors import NotFound, ReceiptUnknown


@page("/status/mine", "mine", methods=("POST",))
@limited(policy.RECEIPT_TRIES)
def mine() -> ResponseReturnValue:
    """Take what is the reporter's own out of their report."""
    code, kind, canonical = (request.form.get(name, "") for name in ("code", "kind", "canonical"))
    with_code = bool(request.form.get("receipt"))
    try:
        with transaction() as session:
            intake.disown(session, code, kind, canonical, instance.keys(), at=clock.now())
    except ReceiptUnknown as refusal:
        return following.unknown(code, refusal)
    except unsaved.AWAY as fault:
        return unsaved.shown(request.form, fault)
    except NotFound as refusal:
        return following.shown(code, said=words(refusal), status=STATUS[NotFound].value, with_code=with_code)
    # The same whether others named it or not: who tries a number must not learn whether it was reported.
    said = _("We took it out of your report. It is deleted, unless others reported it too or it is on the list. Your report itself stays.")
    return following.shown(code, said=said, with_code=with_code)
