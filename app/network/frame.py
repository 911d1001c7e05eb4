"""What every page of a network shares: who acts, the navigation, and what was just done."""

from typing import Any

from flask import Response, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.network import network
from app.network.sessions import form_token, refuse_forged_forms
from moderation import consumers, formats, policy
from moderation.consumers import Engineer
from moderation.vocabulary import N_


def _make_room() -> None:
    """A file of names is larger than any form."""
    if request.endpoint == "network.dry_run_shown":
        request.max_content_length = policy.DRY_RUN_BYTES


network.before_request(_make_room)
network.before_request(refuse_forged_forms)

UNPROCESSABLE = 422
CHANGES_LABEL = N_("Only what changed, for programs that keep the list")

DONE = {
    "signed-out": _l("You are signed out."),
    "token-revoked": _l("The token is revoked. Every server refuses it within a second."),
    "addresses-kept": _l("Kept. The addresses are shown with each new token."),
    "networks-kept": _l("Kept. Every server follows it within a second."),
    "told": _l("Thank you. Somebody looks at it within a day; you see here what became of it."),
    "webhook-tested": _l("The test is on its way. Look again in a moment."),
    "webhook-resumed": _l("Started again."),
    "webhook-removed": _l("Removed. Its secret is gone too."),
    "key-revoked": _l("The key is revoked and its secret destroyed."),
}
"""What a page can say was just done: the address carries the word, since no cookie carries the sentence."""


def done(endpoint: str, what: str) -> Response:
    """Go to a page, which says what was done."""
    if what not in DONE:
        raise ValueError(f"No page can say {what}.")
    return redirect(url_for(endpoint, done=what), 303)  # type: ignore[return-value]


def navigation() -> tuple[tuple[str, str], ...]:
    """Label and address of each page of a network."""
    return (
        (_("Overview"), url_for("network.home")),
        (_("Tokens"), url_for("network.tokens")),
        (_("Addresses"), url_for("network.addresses")),
        (_("Zone transfer"), url_for("network.transfer")),
        (_("Set up"), url_for("network.setup")),
        (_("Ask and tell"), url_for("network.tools")),
    )


def labels() -> dict[str, str]:
    """What each file is, by its name, to be translated where it is shown."""
    return {form.FILE_NAME: form.LABEL for form in formats.installed()} | {consumers.CHANGES: CHANGES_LABEL}


@network.context_processor
def _shared() -> dict[str, Any]:
    engineer: Engineer | None = g.get("engineer")
    return {
        "engineer": engineer,
        "navigation": navigation() if engineer else (),
        "form_token": form_token,
        "said": DONE.get(request.args.get("done", "")),
    }
