"""What the fields of the desk's forms are called, where somebody gets back what they typed and has no form any more to put it into."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.desk import forms
from app.desk.words import label
from moderation.vocabulary import N_, Element, Scope

NAMES: Mapping[str, str] = {
    "email": N_("E-mail"),
    "target": N_("Target"),
    "sample_pages": N_("Pages looked at"),
    "sample_unrelated": N_("Of these, unrelated"),
    "provision": N_("Provision"),
    "territories": N_("Territories"),
    "facilitation": N_("What it does, in its own words"),
    "lifeline": N_("Who might lose a lifeline?"),
    "conflict_note": N_("Who asks, and on what basis"),
    "statement_facts": N_("Facts"),
    "statement_legal_ground": N_("Legal ground"),
    "statement_explanation": N_("Why the facts fall under it"),
    "expires_after": N_("Ends after (days)"),
    "review_after": N_("Re-review after (days)"),
    "note": N_("In a sentence"),
    "takedown_recipient": N_("Who is asked"),
    "takedown_asked": N_("What they are asked to do"),
    "takedown_back_at": N_("By when"),
    "takedown_proof": N_("How this can be shown"),
    "takedown_sent_at": N_("Sent on"),
    "monitor_back_at": N_("Look again on"),
    "refer_recipient": N_("To whom"),
    "refer_country": N_("Country"),
    "refer_reference": N_("Their reference"),
    "refer_passed_on": N_("What was passed on"),
    "refer_at": N_("When"),
    "refer_hold_until": N_("Hold until"),
    "receipt_reference": N_("Their reference"),
    "receipt_at": N_("Day it came"),
    "evidence_where": N_("Where to look"),
    "evidence_back_at": N_("Back on"),
    "duplicate_of": N_("Which case"),
    "misuse": N_("What was misused"),
    "keep_note": N_("What you saw, and why it should stay"),
    "keep_days": N_("Look again after (days)"),
    "redirects_to": N_("Where it leads"),
    "look_note": N_("Note"),
    "because": N_("Why"),
    "note_text": N_("Note"),
    "because_aside": N_("Why, if you want to say"),
    "question": N_("Question"),
    "recipient": N_("Who it went to"),
    "proof": N_("How it can be shown"),
    "sent_at": N_("Day it was sent"),
    "emergency_note": N_("Note (may wait)"),
    "review_note": N_("What you found"),
    "why": N_("Why it may go out"),
    "reason": N_("Why"),
    "name": N_("Name of the network here"),
    "entries": N_("Listings that a day may bring"),
    "until": N_("Park until"),
    "into": N_("The case they join"),
    "merge_note": N_("Why they are about the same thing"),
}
"""As the forms say them, of all that somebody types. Several forms ask for a `because` or a `reason`, each in words of its own."""

ELEMENTS: Mapping[str, Element] = {f"evidence_{element}": element for element in Element}
SCOPES: Mapping[str, Scope] = {f"narrower_{scope}": scope for scope in Scope}


def name(field: str) -> str:
    """What the page calls this field, in its language; empty for one that nobody types into."""
    if field in ELEMENTS:
        return label(ELEMENTS[field], "element")
    if field in SCOPES:
        return str(_("Why “%(scope)s” would not do", scope=label(SCOPES[field], "scope")))
    if field.startswith(forms.EXPLAINED):
        return str(_("Your answer to %(check)s", check=field.removeprefix(forms.EXPLAINED)))
    return str(_(NAMES[field])) if field in NAMES else ""
