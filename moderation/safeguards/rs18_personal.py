"""RS18: nothing that is kept shows who a person is. Must never repeat what was found; it names the field and the kind."""

from typing import Final

from moderation.safeguards._example import Example, facts
from moderation.safeguards._several import as_one
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, PersonalDatum

IDENTIFIER: Final = "RS18"
QUESTION: Final = N_("Does the evidence or the statement hold personal data of somebody who may have been trafficked?")
SOURCE: Final = "OHCHR, Recommended Principles and Guidelines on Human Rights and Human Trafficking"
REQUIRED: Final = True

REASONS: Final = {
    "phone": N_("A phone number stands in a text that would be kept."),
    "email": N_("An e-mail address stands in a text that would be kept."),
}
_OTHER: Final = N_("A number, an address or an account of a person stands in a text that would be kept.")


def check(facts: CaseFacts) -> Finding:
    """Refuse where software found a number or an address, or where the moderator says that a person can be made out."""
    found = [*map(_found, facts.personal_data), *([_ticked()] if facts.answers.shows_a_person else [])]
    if found:
        return as_one(found)
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.PASS,
        reason=N_("No phone number or e-mail address was found, and you see nothing that shows who a person is."),
    )


def _ticked() -> Finding:
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=N_("You have ticked that what would be kept still shows who a person is."),
        way_forward=N_(
            "Leave out or black out the face, the name and the number; describe what it shows instead. Then take the tick away."
        ),
        field="shows_a_person",
    )


def _found(datum: PersonalDatum) -> Finding:
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=REASONS.get(datum.kind, _OTHER),
        way_forward=N_("Put a word in its place, such as [phone]. If it belongs to those who recruit, report it as a resource of its own."),
        field=datum.field,
    )


_PHONE: Final = PersonalDatum(field="evidence_means", kind="phone")
_EMAIL: Final = PersonalDatum(field="statement_facts", kind="email")

EXAMPLES: Final[tuple[Example, ...]] = (
    ("nothing of a person", facts(), Effect.PASS, ""),
    ("V25: a screenshot shows a face and a phone", facts(shows_a_person=True), Effect.BLOCK, "shows_a_person"),
    ("V25: the number was typed off it", facts(shows_a_person=True, personal_data=(_PHONE,)), Effect.BLOCK, "evidence_means"),
    ("V25: redacted, and the tick taken away", facts(shows_a_person=False, personal_data=()), Effect.PASS, ""),
    ("a phone number in the evidence", facts(personal_data=(_PHONE,)), Effect.BLOCK, "evidence_means"),
    ("an e-mail address in the statement of reasons", facts(personal_data=(_EMAIL,)), Effect.BLOCK, "statement_facts"),
    ("several places: the first is told, and how many more", facts(personal_data=(_EMAIL, _PHONE)), Effect.BLOCK, "statement_facts"),
    (
        "an account of a kind that this check has no words for",
        facts(personal_data=(PersonalDatum(field="evidence_act", kind="messaging"),)),
        Effect.BLOCK,
        "evidence_act",
    ),
    (
        "an answer does not make it right",
        facts(personal_data=(_PHONE,), explained={"RS18": "Elle a donné son accord pour son numéro."}),
        Effect.BLOCK,
        "evidence_means",
    ),
    ("the second seat sees a person", facts(shows_a_person=True, seat=2), Effect.BLOCK, "shows_a_person"),
)
