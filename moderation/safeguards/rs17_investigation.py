"""RS17: a listing must not spoil an investigation. Must not ask the police; referrals and their holds are on record."""

from datetime import timedelta
from typing import Final

from moderation.safeguards._example import AT, DOMAIN, Example, facts
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, Referral, ReferralKind

IDENTIFIER: Final = "RS17"
QUESTION: Final = N_("Would a listing spoil an investigation?")
SOURCE: Final = "GAO-21-385"
REMARK: Final = N_("A market that is taken down moves, and its evidence with it.")
REQUIRED: Final = True


def check(facts: CaseFacts) -> Finding:
    """Refuse while a hold stands; ask in writing where the police know of the case and ask for no hold."""
    held = next((referral for referral in facts.referrals if referral.holds), None)
    if held is not None:
        return _finding(
            Effect.BLOCK,
            N_("Since %(since)s UTC this case is on hold: a listing would warn those who are investigated."),
            N_("Leave it until the hold ends or is lifted. Whoever asked for the hold can say so earlier."),
            "referral",
            held,
        )
    police = next((referral for referral in facts.referrals if referral.kind is ReferralKind.POLICE), None)
    if police is not None:
        return _finding(
            Effect.WARN,
            N_("The police were told on %(since)s UTC. They asked for no hold, or it has ended."),
            N_("Ask them whether a listing would do harm, and write what they said and when."),
            f"explained_{IDENTIFIER}",
            police,
        )
    return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("No referral to the police is on record."))


def _finding(effect: Effect, reason: str, way_forward: str, field: str, referral: Referral) -> Finding:
    since = f"{referral.made_at:%Y-%m-%d %H:%M}"
    return Finding(safeguard=IDENTIFIER, effect=effect, reason=reason, way_forward=way_forward, field=field, values={"since": since})


def _referral(kind: ReferralKind, *, holds: bool = False, days: int = 1) -> Referral:
    return Referral(kind=kind, made_at=AT - timedelta(days=days), holds=holds)


_HOLD: Final = _referral(ReferralKind.POLICE, holds=True, days=9)
_POLICE: Final = _referral(ReferralKind.POLICE)
_SUPPORT: Final = _referral(ReferralKind.SUPPORT)

EXAMPLES: Final[tuple[Example, ...]] = (
    ("nobody was told", facts(), Effect.PASS, ""),
    ("V06: threats and confiscated earnings; the police ask to wait", facts(referrals=(_HOLD,)), Effect.BLOCK, "referral"),
    (
        "an answer does not lift a hold",
        facts(referrals=(_HOLD,), explained={"RS17": "They will not mind, I think."}),
        Effect.BLOCK,
        "referral",
    ),
    ("an older referral holds, a newer one does not", facts(referrals=(_POLICE, _HOLD)), Effect.BLOCK, "referral"),
    ("a whole domain on hold", facts(target=DOMAIN, referrals=(_HOLD,)), Effect.BLOCK, "referral"),
    ("the police were told", facts(referrals=(_POLICE,)), Effect.WARN, "explained_RS17"),
    (
        "the police were told and agree; what they said is for the other seats to weigh",
        facts(referrals=(_POLICE,), explained={"RS17": "Полиция ответила 23 ноября: возражений нет."}),
        Effect.WARN,
        "explained_RS17",
    ),
    ("a support line was told", facts(referrals=(_SUPPORT,)), Effect.PASS, ""),
    ("a support line, and before it the police", facts(referrals=(_SUPPORT, _POLICE)), Effect.WARN, "explained_RS17"),
    ("a hotline was told", facts(referrals=(_referral(ReferralKind.HOTLINE),)), Effect.PASS, ""),
)
