"""What the fields of the desk's forms are called, where somebody gets back what they typed and has no form any more to put it into."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.desk import forms
from app.desk.words import label
from moderation.vocabulary import N_, Element, Scope

NAMES: Mapping[str, str] = {
    "target": N_("Target"),
    "provision": N_("Provision"),
    "territories": N_("Territories"),
    "facilitation": N_("What it does, in its own words"),
    "lifeline": N_("Who might lose a lifeline?"),
    "conflict_note": N_("Who asks, and on what basis"),
    "statement_facts": N_("Facts"),
    "statement_legal_ground": N_("Legal ground"),
    "statement_explanation": N_("Why the facts fall under it"),
    "note": N_("In a sentence"),
    "note_text": N_("Note"),
    "question": N_("Question"),
    "takedown_recipient": N_("Who is asked"),
    "takedown_asked": N_("What they are asked to do"),
    "takedown_proof": N_("How this can be shown"),
    "refer_recipient": N_("To whom"),
    "refer_reference": N_("Their reference"),
    "refer_passed_on": N_("What was passed on"),
    "evidence_where": N_("Where to look"),
    "duplicate_of": N_("Which case"),
    "misuse": N_("What was misused"),
    "keep_note": N_("What you saw, and why it should stay"),
    "look_note": N_("Note"),
    "because": N_("Why it leaves the list"),
}
"""As the forms say them."""

ELEMENTS: Mapping[str, Element] = {f"evidence_{element}": element for element in Element}
SCOPES: Mapping[str, Scope] = {f"narrower_{scope}": scope for scope in Scope}


def name(field: str) -> str:
    """What the page calls this field, in its language."""
    if field in ELEMENTS:
        return label(ELEMENTS[field], "element")
    if field in SCOPES:
        return str(_("Why “%(scope)s” would not do", scope=label(SCOPES[field], "scope")))
    if field.startswith(forms.EXPLAINED):
        return str(_("Your answer to %(check)s", check=field.removeprefix(forms.EXPLAINED)))
    return str(_(NAMES[field]))
