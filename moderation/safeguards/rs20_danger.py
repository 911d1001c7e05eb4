"""RS20: where somebody may be in danger now, the case is referred before anything else. Must not judge how real the danger is."""

from datetime import timedelta
from typing import Final

from moderation import policy
from moderation.safeguards._danger import danger_words
from moderation.safeguards._example import AT, EVIDENCE, Example, facts
from moderation.vocabulary import N_, CaseFacts, Effect, Element, Evidence, EvidenceSource, Finding, Referral, ReferralKind

IDENTIFIER: Final = "RS20"
QUESTION: Final = N_("Is somebody in danger now?")
SOURCE: Final = "DSA article 18"
REMARK: Final = N_("The hour is this project’s own.")
REQUIRED: Final = True

_TICKED: Final = N_(
    "A reporter ticked that somebody may be in danger now, and the case was referred to nobody. "
    "It had to be within %(minutes)s minutes; it has waited since %(since)s UTC, "
    "the hour in which it was reported: no report’s time is kept more closely."
)
_WORDS: Final = N_(
    "The evidence has words of danger (“%(words)s”), and the case was referred to nobody. "
    "It had to be within %(minutes)s minutes; it has waited since %(since)s UTC, "
    "the hour in which it was reported: no report’s time is kept more closely."
)


def check(facts: CaseFacts) -> Finding:
    """Refuse until the case was referred to police, a hotline or a support organisation."""
    words = next((found for item in facts.answers.evidence if (found := danger_words(item.text))), "")
    if not (facts.danger_now or words):
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("No reporter and no word of the evidence tells of danger now."))
    if facts.referrals:
        return Finding(
            safeguard=IDENTIFIER,
            effect=Effect.PASS,
            reason=N_("Somebody may be in danger. The case was referred at %(at)s UTC."),
            values={"at": f"{min(referral.made_at for referral in facts.referrals):%Y-%m-%d %H:%M}"},
        )
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=_TICKED if facts.danger_now else _WORDS,
        way_forward=N_(
            "Refer it now and record that below: to the police, or, where the authorities may harm the person, "
            "to a support organisation first."
        ),
        field="referral",
        values={
            "words": words,
            "minutes": policy.DANGER_REFERRED_WITHIN // timedelta(minutes=1),
            "since": f"{facts.danger_told_at or facts.opened_at or facts.at:%Y-%m-%d %H:%M}",
        },
    )


def _says(text: str) -> tuple[Evidence, ...]:
    return (*EVIDENCE, Evidence(element=Element.MEANS, text=text, source=EvidenceSource.REPORT))


def _referred(kind: ReferralKind) -> tuple[Referral, ...]:
    return (Referral(kind=kind, made_at=AT - timedelta(minutes=20)),)


_COUSIN: Final = _says("“My cousin is locked in a flat now.”")
_OPENED: Final = AT - timedelta(hours=5)

EXAMPLES: Final[tuple[Example, ...]] = (
    ("nobody speaks of danger", facts(), Effect.PASS, ""),
    ("V12: a reporter ticked danger", facts(danger_now=True, opened_at=_OPENED), Effect.BLOCK, "referral"),
    ("V12: 'My cousin is locked in a flat now', nothing ticked", facts(evidence=_COUSIN, opened_at=_OPENED), Effect.BLOCK, "referral"),
    ("V12: referred to the police", facts(danger_now=True, referrals=_referred(ReferralKind.POLICE)), Effect.PASS, ""),
    (
        "referred to a support organisation, where the police may harm the person",
        facts(evidence=_COUSIN, referrals=_referred(ReferralKind.SUPPORT)),
        Effect.PASS,
        "",
    ),
    ("referred to a hotline", facts(danger_now=True, referrals=_referred(ReferralKind.HOTLINE)), Effect.PASS, ""),
    ("a narrow page does not help", facts(danger_now=True, explained={"RS20": "It is an old advert."}), Effect.BLOCK, "referral"),
    ("French, in capitals and without accents", facts(evidence=_says("ELLE EST SEQUESTREE ICI")), Effect.BLOCK, "referral"),
    ("Spanish", facts(evidence=_says("«¡Ayúdame, no me dejan salir!»")), Effect.BLOCK, "referral"),
    ("Russian", facts(evidence=_says("Она пишет: нас не выпускают из квартиры")), Effect.BLOCK, "referral"),
    ("Arabic, with signs for the vowels and “and” before it", facts(evidence=_says("كتبت: وسَاعِدُونِي")), Effect.BLOCK, "referral"),
    ("Chinese", facts(evidence=_says("她说她被关在宿舍里")), Effect.BLOCK, "referral"),
    ("Chinese, in the other script", facts(evidence=_says("她說她被關在宿舍裡")), Effect.BLOCK, "referral"),
    ("a curly apostrophe", facts(evidence=_says("“We can’t leave the site.”")), Effect.BLOCK, "referral"),
    ("letters that only begin like such words", facts(evidence=_says("The help menu says: locked installments.")), Effect.PASS, ""),
)
