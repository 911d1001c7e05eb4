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

STAGES = {
    "advertising": N_("People are advertised"),
    "recruiting": N_("People are recruited, or drawn in by promises"),
    "moving": N_("People are moved from place to place"),
    "controlling": N_("People are watched, threatened or held"),
    "exploiting": N_("People are made to work or to serve others"),
    "paying": N_("Money for it changes hands"),
}

LABELS = {
    "what": N_("What was reported"),
    "where_seen": N_("Where it was seen"),
    "when_seen": N_("When it was seen"),
    "how_known": N_("How the reporter knows"),
    "stages": N_("What seems to happen"),
    "seen_language": N_("Language it is in"),
    "more": N_("Anything else"),
    "contact": N_("How to reach the reporter"),
}
"""Every field that is sealed, in the order it is read."""

_CHOICES: Mapping[str, Mapping[str, str]] = {"how_known": HOW_KNOWN, "stages": STAGES}


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
