"""RS13: who can remove it at the source was told and had time to act. Must not send notices; people do, and record them."""

from datetime import datetime, timedelta
from typing import Any, Final

from moderation import policy
from moderation.safeguards._example import AT, Example, facts
from moderation.safeguards._saying import says_something
from moderation.vocabulary import N_, CaseFacts, Category, Effect, Finding, Notice, Referral, ReferralKind, Resource, Scope, Target

IDENTIFIER: Final = "RS13"
QUESTION: Final = N_("Were the host or registrar notified, and did they have time to act?")
SOURCE: Final = "IWF"
REMARK: Final = N_("Removal at the source comes first there. The 48 hours are this project’s own.")
REQUIRED: Final = True

_HOURS: Final = policy.NOTICE_WAIT // timedelta(hours=1)


def check(facts: CaseFacts) -> Finding:
    """Ask for a notice that is old enough, but where a child or a danger that was referred cannot wait."""
    if facts.answers.under_18 or facts.category is Category.CHILD:
        return _passes(N_("A child is concerned, so nobody waits for the host. Send the notice with the listing."))
    if facts.danger_now and facts.referrals:
        return _passes(N_("Somebody may be in danger and the case was referred, so nobody waits for the host. Send the notice with it."))
    if not facts.notices:
        return _nobody_told(facts)
    until = min(notice.sent_at for notice in facts.notices) + policy.NOTICE_WAIT
    if facts.at < until:
        return _finding(
            Effect.BLOCK,
            N_("A notice was sent, but its %(hours)s hours are not up before %(until)s UTC."),
            N_("Leave the case until then. If the host removes it, close the case instead."),
            field="notice",
            hours=_HOURS,
            until=_minute(until),
        )
    return _passes(N_("A notice was sent, and %(hours)s hours have passed without a removal."), hours=_HOURS)


def _nobody_told(facts: CaseFacts) -> Finding:
    if not (facts.resource.host or "").endswith(".onion"):
        return _finding(
            Effect.BLOCK,
            N_("No notice to the host, the registrar or the owner is recorded."),
            N_(
                "Tell who can remove it, record the notice below, and give them %(hours)s hours. One sent earlier counts from its own date."
            ),
            field="notice",
            hours=_HOURS,
        )
    # Nobody can be looked up behind such a name, and a rule that nobody can meet would only teach people to invent notices.
    if says_something(facts.answers.explained.get(IDENTIFIER, ""), least=policy.ANSWER_LEAST):
        reason = N_("It is written that nobody is known who runs this onion service.")
    else:
        reason = N_("No notice is recorded, and an onion service tells nobody who runs it.")
    return _finding(
        Effect.WARN,
        reason,
        N_("Record a notice if whoever runs it can be reached; otherwise write where you looked for them and found nobody."),
        field=f"explained_{IDENTIFIER}",
    )


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


def _passes(reason: str, **values: Any) -> Finding:  # noqa: ANN401
    return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=reason, values=values)


def _finding(effect: Effect, reason: str, way_forward: str, *, field: str, **values: Any) -> Finding:  # noqa: ANN401
    return Finding(safeguard=IDENTIFIER, effect=effect, reason=reason, way_forward=way_forward, field=field, values=values)


def _notice(ago: timedelta, *, recorded: timedelta | None = None, recipient: str = "abuse@host.example") -> Notice:
    return Notice(recipient=recipient, sent_at=AT - ago, recorded_at=AT - (ago if recorded is None else recorded), proof="ticket 4711")


_HOUR: Final = timedelta(hours=1)
_ONION: Final = Resource(
    kind="onion_service",
    canonical=f"{'a' * 56}.onion/offer",
    host=f"{'a' * 56}.onion",
    ladder=(Target(Scope.PAGE, f"http://{'a' * 56}.onion/offer"),),
)
_POLICE: Final = Referral(kind=ReferralKind.POLICE, made_at=AT - _HOUR)

EXAMPLES: Final[tuple[Example, ...]] = (
    ("V01: the host was told three days ago and is silent", facts(notices=(_notice(timedelta(days=3)),)), Effect.PASS, ""),
    ("told three days ago, written down only now", facts(notices=(_notice(72 * _HOUR, recorded=timedelta(0)),)), Effect.PASS, ""),
    ("told to the minute long enough ago", facts(notices=(_notice(policy.NOTICE_WAIT),)), Effect.PASS, ""),
    ("a minute is lacking", facts(notices=(_notice(policy.NOTICE_WAIT - timedelta(minutes=1)),)), Effect.BLOCK, "notice"),
    ("told now", facts(notices=(_notice(timedelta(0)),)), Effect.BLOCK, "notice"),
    (
        "a reminder does not start the time again",
        facts(notices=(_notice(72 * _HOUR), _notice(_HOUR, recipient="registrar.example"))),
        Effect.PASS,
        "",
    ),
    ("a provider in Kazakhstan, told in Russian", facts(notices=(_notice(72 * _HOUR, recipient="Хостинг «Пример»"),)), Effect.PASS, ""),
    ("V06: threats in an advert, and nobody was told", facts(notices=()), Effect.BLOCK, "notice"),
    ("a person under 18", facts(notices=(), under_18=True), Effect.PASS, ""),
    ("a reporter saw a child", facts(notices=(), category=Category.CHILD, child_material=None), Effect.PASS, ""),
    ("danger, referred to the police", facts(notices=(), danger_now=True, referrals=(_POLICE,)), Effect.PASS, ""),
    ("danger that nobody referred", facts(notices=(), danger_now=True), Effect.BLOCK, "notice"),
    ("a referral without danger", facts(notices=(), referrals=(_POLICE,)), Effect.BLOCK, "notice"),
    ("an onion service, nobody known", facts(resource=_ONION, notices=()), Effect.WARN, "explained_RS13"),
    (
        "an onion service, and it is written where somebody looked",
        facts(resource=_ONION, notices=(), explained={"RS13": "在其页面和已知目录中均未找到联系方式"}),
        Effect.WARN,
        "explained_RS13",
    ),
    ("an onion service whose contact was told", facts(resource=_ONION, notices=(_notice(72 * _HOUR),)), Effect.PASS, ""),
    ("an onion service whose contact was told today", facts(resource=_ONION, notices=(_notice(_HOUR),)), Effect.BLOCK, "notice"),
)
