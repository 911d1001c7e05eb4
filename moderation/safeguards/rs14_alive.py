"""RS14: what would be listed is there, with the content that was assessed. Must not look itself; people and recorded looks say."""

from datetime import timedelta
from typing import Final

from moderation import policy
from moderation.safeguards._example import AT, Example, facts
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, Observed, Presence

IDENTIFIER: Final = "RS14"
QUESTION: Final = N_("Is it still there, with the same content?")
SOURCE: Final = "ECHR, Bulgakov v. Russia (2020); AK Zensur (2010)"
REMARK: Final = N_("AK Zensur found 3 of 167 entries right.")
REQUIRED: Final = True

_DEAD: Final = {
    Presence.GONE: N_("It is gone, so there is nothing to list."),
    Presence.PARKED: N_("Only a parked page is left, so there is nothing to list."),
}
_DOUBTFUL: Final = {
    Presence.CHANGED: N_("Its content has changed since it was reported."),
    Presence.REDIRECTS: N_("It leads on to another address."),
    Presence.NOT_LOOKED: N_("Nobody has looked whether it is still there."),
}
_ASK: Final = {
    Presence.CHANGED: N_("Check each item of evidence against what is there now, and write which still hold."),
    Presence.REDIRECTS: N_("Write where it leads and why this address, and not that one, should be listed."),
    Presence.NOT_LOOKED: N_("Look, or write why you could not and what lets you think that it is still there."),
}


def check(facts: CaseFacts) -> Finding:
    """Refuse what is dead, by the answer or by the newest look on record; ask in writing about what is not the same."""
    answer = facts.answers.still_there
    if answer is None:
        return _finding(
            Effect.BLOCK,
            N_("It is not said whether it is still there, with the same content."),
            N_("Look at it the safe way that the case page tells, and choose what you found."),
            "still_there",
        )
    if answer in _DEAD:
        return _dead(answer)
    look = _newest_look(facts)
    if look is not None and look.presence in _DEAD:
        return _finding(
            Effect.BLOCK,
            N_("The newest look on record, of %(on)s UTC, found it gone or parked."),
            N_("Look again. If it is back, record that look; if not, close the case as one to monitor."),
            "still_there",
            on=f"{look.at:%Y-%m-%d %H:%M}",
        )
    doubt = answer if answer in _DOUBTFUL or look is None else look.presence
    if doubt in _DOUBTFUL:
        return _finding(Effect.WARN, _DOUBTFUL[doubt], _ASK[doubt], f"explained_{IDENTIFIER}")
    return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("It was found today with the same content."))


def _newest_look(facts: CaseFacts) -> Observed | None:
    """The newest look, unless it is too old to say anything of today."""
    newest = max(facts.observations, key=lambda look: look.at, default=None)
    return newest if newest is not None and facts.at - newest.at <= policy.OBSERVATION_FRESH else None


def _dead(presence: Presence) -> Finding:
    way_forward = N_("Close the case as one to monitor, so that it comes back by itself, or ask for a takedown of what is left.")
    return _finding(Effect.BLOCK, _DEAD[presence], way_forward, "still_there")


def _finding(effect: Effect, reason: str, way_forward: str, field: str, **values: str) -> Finding:
    return Finding(safeguard=IDENTIFIER, effect=effect, reason=reason, way_forward=way_forward, field=field, values=values)


def _looks(*looks: tuple[Presence, timedelta]) -> tuple[Observed, ...]:
    return tuple(Observed(presence=presence, at=AT - ago) for presence, ago in looks)


_DAY: Final = timedelta(days=1)

EXAMPLES: Final[tuple[Example, ...]] = (
    ("found today as reported", facts(), Effect.PASS, ""),
    ("nothing is said", facts(still_there=None), Effect.BLOCK, "still_there"),
    (
        "V14: gone, twice, a day apart",
        facts(still_there=Presence.GONE, observations=_looks((Presence.GONE, _DAY))),
        Effect.BLOCK,
        "still_there",
    ),
    ("a parked page", facts(still_there=Presence.PARKED), Effect.BLOCK, "still_there"),
    ("V15: the page was cleaned yesterday", facts(still_there=Presence.CHANGED), Effect.WARN, "explained_RS14"),
    ("V15: cleaned, and what is left is empty", facts(still_there=Presence.GONE), Effect.BLOCK, "still_there"),
    ("it leads on to another address", facts(still_there=Presence.REDIRECTS), Effect.WARN, "explained_RS14"),
    ("nobody looked", facts(still_there=Presence.NOT_LOOKED), Effect.WARN, "explained_RS14"),
    (
        "nobody looked, and it is written why; the answer is for the other seats to weigh",
        facts(still_there=Presence.NOT_LOOKED, explained={"RS14": "الصفحة محجوبة في بلدنا، وقد رآها شريك أمس"}),
        Effect.WARN,
        "explained_RS14",
    ),
    ("said to be there, but a look found it gone", facts(observations=_looks((Presence.GONE, _DAY))), Effect.BLOCK, "still_there"),
    ("gone, then back", facts(observations=_looks((Presence.SAME, _DAY), (Presence.GONE, 2 * _DAY))), Effect.PASS, ""),
    ("back, then gone", facts(observations=_looks((Presence.PARKED, _DAY), (Presence.SAME, 2 * _DAY))), Effect.BLOCK, "still_there"),
    ("a look found other content", facts(observations=_looks((Presence.CHANGED, _DAY))), Effect.WARN, "explained_RS14"),
    (
        "gone on the last day that counts",
        facts(observations=_looks((Presence.GONE, policy.OBSERVATION_FRESH))),
        Effect.BLOCK,
        "still_there",
    ),
    ("gone before that", facts(observations=_looks((Presence.GONE, policy.OBSERVATION_FRESH + _DAY))), Effect.PASS, ""),
)
