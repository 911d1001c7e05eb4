"""What a reporter may answer beside the two required questions, and how each answer is read at the desk. Opens nothing sealed."""

from collections.abc import Mapping

from flask_babel import gettext as _

from moderation.vocabulary import N_

HOW_KNOWN = {
    "saw": N_("I saw it myself"),
    "happened": N_("It happened to me"),
    "told": N_("Someone told me"),
    "work": N_("Through my work"),
}

FORMS = {
    "sexual": N_("Sold or forced into sexual services"),
    "labour": N_("Made to work by threats, debts or tricks"),
    "criminality": N_("Made to break the law, such as online fraud, theft or carrying drugs"),
    "servitude": N_("Owned, or kept to serve in a home or elsewhere"),
    "organs": N_("Pressed to give a kidney or another part of the body"),
    "marriage": N_("Made to marry"),
    "begging": N_("Made to beg"),
    "child_images": N_("Sexual pictures or videos of someone under 18"),
    "armed": N_("Sold or held by an armed or terrorist group"),
    "other": N_("Something else"),
}
"""What people are used for, in words that a reporter needs no training for. FORM_TERMS says the same at the desk."""

FORM_TERMS = {
    "sexual": N_("sexual exploitation"),
    "labour": N_("forced labour"),
    "criminality": N_("forced criminality"),
    "servitude": N_("slavery or servitude"),
    "organs": N_("organ removal"),
    "marriage": N_("forced marriage"),
    "begging": N_("forced begging"),
    "child_images": N_("child sexual abuse material"),
    "armed": N_("sale by armed or terrorist groups"),
    "other": N_("another form"),
}

STAGES = {
    "advertising": N_("People are advertised"),
    "recruiting": N_("People are recruited, or drawn in by promises"),
    "moving": N_("People are moved from place to place"),
    "controlling": N_("People are watched, threatened or held"),
    "exploiting": N_("People are made to work or to serve others"),
    "paying": N_("Money for it changes hands"),
}

STAGE_TERMS = {
    "advertising": N_("advertising"),
    "recruiting": N_("recruiting"),
    "moving": N_("moving"),
    "controlling": N_("controlling"),
    "exploiting": N_("exploiting"),
    "paying": N_("paying"),
}

LABELS = {
    "what": N_("What was reported"),
    "where_seen": N_("Where it was seen"),
    "when_seen": N_("When it was seen"),
    "how_known": N_("How the reporter knows"),
    "forms": N_("What people seem to be used for"),
    "stages": N_("What seems to happen"),
    "seen_language": N_("Language it is in"),
    "more": N_("Anything else"),
    "contact": N_("How to reach the reporter"),
}
"""Every field that is sealed, in the order it is read."""

PROSE = ("where_seen", "more")
"""Fields in the reporter's own words that may name things near to what is reported. How to reach the reporter is never one of them."""

SEVERAL = {"forms": FORMS, "stages": STAGES}
"""Fields with more than one answer; what is sealed names them, parted by commas."""

_CHOICES: Mapping[str, Mapping[str, str]] = {"how_known": HOW_KNOWN, "forms": FORM_TERMS, "stages": STAGE_TERMS}


def readable(typed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Label and text of each answer given, in the page's language, in reading order; what is not known is shown as it is."""
    order = (*LABELS, *(field for field in typed if field not in LABELS))
    return tuple((_label(field), _shown(field, typed[field])) for field in order if typed.get(field))


def _label(field: str) -> str:
    return str(_(LABELS[field])) if field in LABELS else field


def _shown(field: str, text: str) -> str:
    choices = _CHOICES.get(field)
    if choices is None:
        return text
    return "; ".join(str(_(choices[part])) if part in choices else part for part in text.split(","))
