"""RS21: nobody decides where they have a stake, and the powerful get a third look. Must not guess at conflicts: they are declared."""

from typing import Final

from moderation import policy
from moderation.safeguards._conflict import OWN_INTEREST
from moderation.safeguards._example import DOMAIN, Example, facts
from moderation.safeguards._saying import says_something
from moderation.vocabulary import N_, CaseFacts, Conflict, Effect, Finding

IDENTIFIER: Final = "RS21"
QUESTION: Final = N_("Does a government, a competitor, a private quarrel or the moderator's own interest stand behind this?")
SOURCE: Final = "EFF, Manila Principles; Santa Clara Principles 2.0"
REQUIRED: Final = True

_THIRD: Final = {
    Conflict.GOVERNMENT: N_("A government asks for this listing: %(note)s"),
    Conflict.COMPETITOR: N_("A competitor or a private opponent asks for this listing: %(note)s"),
}

_ASK: Final = {
    Conflict.GOVERNMENT: N_("Write which authority asks, on what legal basis and under which reference."),
    Conflict.COMPETITOR: N_("Write who asks and what they stand to gain."),
}


def check(facts: CaseFacts) -> Finding:
    """Lock out whoever has a stake; ask for a third seat where the flag comes from power or rivalry, whatever the scope."""
    conflict = facts.answers.conflict
    if conflict is None:
        return _finding(
            Effect.BLOCK, N_("It is not said whether anybody has an interest in this listing."), N_("Choose one of the answers.")
        )
    if conflict is Conflict.NONE:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("No conflict is declared."))
    if conflict is Conflict.MINE:
        return OWN_INTEREST
    note = facts.answers.conflict_note.strip()
    if not says_something(note, least=policy.ANSWER_LEAST):
        return _finding(Effect.BLOCK, N_("A conflict is declared, but not who asks and why."), _ASK[conflict])
    return _finding(Effect.THIRD, _THIRD[conflict], N_("It meets the same test as any other, and a senior must agree."), note=note)


def _finding(effect: Effect, reason: str, way_forward: str, **values: str) -> Finding:
    return Finding(safeguard=IDENTIFIER, effect=effect, reason=reason, way_forward=way_forward, field="conflict", values=values)


_NOTE: Final = "Ministry of the Interior, order 12/2026, reference 4711"

EXAMPLES: Final[tuple[Example, ...]] = (
    ("no conflict", facts(), Effect.PASS, ""),
    ("nobody said", facts(conflict=None), Effect.BLOCK, "conflict"),
    ("V20: the moderator works for a rival", facts(conflict=Conflict.MINE), Effect.BLOCK, "conflict"),
    ("a note does not heal an own interest", facts(conflict=Conflict.MINE, conflict_note=_NOTE), Effect.BLOCK, "conflict"),
    ("the second seat has an own interest", facts(conflict=Conflict.MINE, seat=2), Effect.BLOCK, "conflict"),
    ("a government asks for a page", facts(conflict=Conflict.GOVERNMENT, conflict_note=_NOTE), Effect.THIRD, "conflict"),
    ("a government asks for a domain", facts(conflict=Conflict.GOVERNMENT, conflict_note=_NOTE, target=DOMAIN), Effect.THIRD, "conflict"),
    (
        "a competitor asks",
        facts(conflict=Conflict.COMPETITOR, conflict_note="Another agency of the same street."),
        Effect.THIRD,
        "conflict",
    ),
    ("a government that nobody names", facts(conflict=Conflict.GOVERNMENT), Effect.BLOCK, "conflict"),
    ("a competitor with a blank note", facts(conflict=Conflict.COMPETITOR, conflict_note=" . "), Effect.BLOCK, "conflict"),
)
