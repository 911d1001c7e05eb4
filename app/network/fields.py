"""What the fields of a network's forms are called, where somebody gets back what they typed and has no form any more to put it into."""

from collections.abc import Mapping

from flask_babel import gettext as _

from moderation.vocabulary import N_

NAMES: Mapping[str, str] = {
    "networks": N_("Networks, one on each line"),
    "label": N_("What is it for?"),
    "token": N_("Your token (optional)"),
    "folder": N_("A folder that your software may read (optional)"),
    "serial": N_("The serial that you carry"),
    "entry": N_("The entry"),
    "why": N_("What is wrong with it?"),
    "contact": N_("How to reach you (optional)"),
    "url": N_("Your address"),
    "notify": N_("Whom to tell of each new serial (optional)"),
}
"""As the forms say them, of all that somebody types; a key has none, and is never given back."""


def name(field: str) -> str:
    """What the page calls this field, in its language; empty for one that nobody types into."""
    return str(_(NAMES[field])) if field in NAMES else ""
