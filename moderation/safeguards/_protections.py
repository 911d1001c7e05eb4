"""What the kinds of protected site are called, for checks and desk alike. Must not decide what a kind brings with it."""

from collections.abc import Mapping
from typing import Final

from moderation.vocabulary import N_, Protection

PROTECTIONS: Final[Mapping[str, str]] = {
    Protection.NEWS: N_("News"),
    Protection.PRESS_FREEDOM: N_("Freedom of the press"),
    Protection.POLITICAL_CRITICISM: N_("Political criticism"),
    Protection.NGO: N_("Charity or association"),
    Protection.HUMAN_RIGHTS: N_("Human rights"),
    Protection.ANTI_TRAFFICKING: N_("Work against trafficking"),
    Protection.SURVIVOR_SUPPORT: N_("Support for survivors"),
    Protection.CHILD_PROTECTION: N_("Protection of children"),
    Protection.SEX_WORKERS_RIGHTS: N_("Sex workers' rights"),
    Protection.MIGRANTS: N_("Migrants and refugees"),
    Protection.LGBT: N_("LGBT people"),
    Protection.HEALTH: N_("Health"),
    Protection.LEGAL_AID: N_("Legal aid"),
    Protection.EDUCATION: N_("Education"),
    Protection.GOVERNMENT: N_("Government"),
}
_NOT_SAID: Final = N_("Protected content")


def in_words(protected_as: str | None) -> str:
    """In words, to be translated; a list may use one that this version does not know, which is given back as it is."""
    return _NOT_SAID if protected_as is None else PROTECTIONS.get(protected_as, protected_as)
