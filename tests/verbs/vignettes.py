"""How the vignettes are played: what is reported and known of each, and how one goes wrong under each safeguard. Asserts nothing."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import CHECKOUT
from moderation import policy, resources, reviewing
from moderation.models import Case, KnownHostRow, ResourceRow
from moderation.vocabulary import (
    Actor,
    Category,
    ChildMaterial,
    Conclusion,
    Conflict,
    Element,
    Evidence,
    EvidenceSource,
    HostClass,
    Outcome,
    Presence,
    Protection,
    Scope,
    Statement,
    Target,
    WeakCue,
)
from tests import builders
from tests.builders import NOON
from tests.verbs.grown import listed_today

FILE = Path(os.environ.get("FLAGSTONE_VECTORS") or CHECKOUT.parent / "shared" / "vectors") / "vignettes.yaml"
NAME = re.compile(r"(?:[a-z0-9-]+\.)+(?:test|example)\b[^\s,:']*")
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Vignette:
    """One line of the file."""

    id: str
    case: str
    outcomes: tuple[str, ...]
    why: tuple[str, ...]
    third: bool = False
    critical: bool = False
    never: str = ""
    action: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names and addresses that its words hold."""
        return tuple(NAME.findall(self.case))


def vignettes() -> tuple[Vignette, ...]:
    """All that the file holds; none where there is no file."""
    if not FILE.is_file():
        return ()
    lines = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Vignette(**{**_without(line, "outcome"), "outcomes": _several(line["outcome"]), "why": _several(line["why"])}) for line in lines
    )


def _without(line: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key != name}


def _several(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


Before = Callable[[Session, Case, Actor], None]


def _nothing(_session: Session, _found: Case, _by: Actor) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Slip:
    """How somebody goes wrong who does all else with care."""

    scope: Scope = Scope.PAGE
    answers: Mapping[str, Any] = field(default_factory=dict)
    before: Before = _nothing
    tells_the_host: bool = True


@dataclass(frozen=True, kw_only=True)
class Told:
    """One vignette as a story: what is reported and known; what is written beside what any careful moderator writes."""

    what: str
    times: int = 1
    reported: Mapping[str, Any] = field(default_factory=dict)
    known: tuple[KnownHostRow, ...] = ()
    on_record: Before = _nothing
    was_listed: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    slips: Mapping[str, Slip] = field(default_factory=dict)


def begun(session: Session, told: Told) -> Case:
    """The case as the vignette finds it, in the state in which somebody takes it."""
    session.add_all(_copy(row) for row in told.known)
    session.flush()
    if told.was_listed:
        builders.listed(session, told.what, at=NOON - 2 * DAY)
        found = session.scalars(select(Case)).one()
    else:
        found = [builders.case(session, told.what, **told.reported) for _ in range(told.times)][-1]
    told.on_record(session, found, builders.person(session))
    return found


def _copy(row: KnownHostRow) -> KnownHostRow:
    return KnownHostRow(host=row.host, host_class=row.host_class, source=row.source, rank=row.rank, protected_as=row.protected_as)


def rungs(what: str) -> tuple[Target, ...]:
    """All that could be listed of it, narrowest first."""
    (one,) = resources.parse(what, text_digest=builders.digest_of_text)
    return one.ladder


def rung(what: str, scope: Scope) -> Target:
    """The step of this scope, or the narrowest that is wider; the deepest path is the narrowest."""
    return next(target for target in rungs(what) if target.scope.width >= scope.width)


# --- How one goes wrong -----------------------------------------------------------------------------------------------------

REPORTED = EvidenceSource.REPORT


def _item(element: Element, text: str, source: EvidenceSource = REPORTED, **more: Any) -> Evidence:
    return Evidence(element=element, text=text, source=source, **more)


ACT = _item(Element.ACT, "Three people say they were recruited through this offer.", first_hand=True)
MEANS = _item(Element.MEANS, "Their passports were taken on arrival.", EvidenceSource.OTHER_REPORT)
PURPOSE = _item(Element.PURPOSE, "They worked sixteen hours a day without pay.", EvidenceSource.PARTNER)


def _is_known(host_class: HostClass, protected_as: Protection | None = None) -> Before:
    def known(session: Session, found: Case, _by: Actor) -> None:
        domain = session.get_one(ResourceRow, found.resource_id).domain
        row = KnownHostRow(host=domain, host_class=host_class, source="a list", rank=7, protected_as=protected_as)
        session.merge(row)
        session.flush()

    return known


def _full_day(session: Session, _found: Case, _by: Actor) -> None:
    builders.listed(session, "https://first.test/offer")
    listed_today(session, policy.BULK_ENTRIES - 1)


def _held_by_police(session: Session, found: Case, by: Actor) -> None:
    builders.claimed(session, found, by)
    told = Conclusion(outcome=Outcome.REFER_POLICE, **builders.referral(hold_until=NOON + 7 * DAY))
    reviewing.refer(session, found.reference, told, by=by, at=NOON, version=found.version)


def _in_danger(session: Session, found: Case, _by: Actor) -> None:
    found.danger_now = True
    session.flush()


SLIPS: Mapping[str, Slip] = MappingProxyType(
    {
        "RS01": Slip(answers={"provision": ""}),
        "RS02": Slip(answers={"evidence": (ACT,)}),
        "RS03": Slip(answers={"facilitation": ""}),
        "RS04": Slip(answers={"evidence": tuple(_item(each, "This site talks about trafficking. Take it down.") for each in Element)}),
        "RS05": Slip(
            answers={
                "evidence": (
                    _item(Element.ACT, "She is new in town.", cue=WeakCue.TOURING, first_hand=True),
                    _item(Element.MEANS, "The photo looks young.", EvidenceSource.PAGE, cue=WeakCue.YOUNG_LOOK),
                    _item(Element.PURPOSE, "The girl in the photo looks very young.", EvidenceSource.PAGE, cue=WeakCue.YOUNG_LOOK),
                )
            }
        ),
        "RS06": Slip(
            answers={
                "evidence": (ACT, replace(MEANS, text="She offers escort services."), PURPOSE),
                "adult_service": True,
                "explained": {"RS22": "Adults advertise here, and only this one page is meant."},
            }
        ),
        "RS07": Slip(scope=Scope.PATH, before=_is_known(HostClass.PROTECTED, Protection.NGO)),
        "RS08": Slip(scope=Scope.DOMAIN, before=_is_known(HostClass.HOSTING)),
        "RS09": Slip(scope=Scope.PATH, answers={"narrower_tried": {}}),
        "RS10": Slip(scope=Scope.DOMAIN, answers={"sample_pages": 20, "sample_unrelated": 15}),
        "RS11": Slip(scope=Scope.DOMAIN, before=_is_known(HostClass.POPULAR_10K)),
        "RS12": Slip(before=_full_day),
        "RS13": Slip(tells_the_host=False),
        "RS14": Slip(answers={"still_there": Presence.GONE}),
        "RS15": Slip(answers={"hacked": True}),
        "RS16": Slip(answers={"lifeline": ""}),
        "RS17": Slip(before=_held_by_police),
        "RS18": Slip(answers={"shows_a_person": True}),
        "RS19": Slip(answers={"child_material": ChildMaterial.SUSPECTED}),
        "RS20": Slip(before=_in_danger),
        "RS21": Slip(answers={"conflict": Conflict.MINE}),
        "RS22": Slip(answers={"adult_service": True}),
        "RS23": Slip(answers={"statement": Statement()}),
        "RS24": Slip(answers={"expires_after": None}),
    }
)
"""For each safeguard the slip that it is there for, whatever the case."""


# --- The stories ------------------------------------------------------------------------------------------------------------


def _known(host: str, host_class: HostClass, protected_as: Protection | None = None) -> tuple[KnownHostRow, ...]:
    return (KnownHostRow(host=host, host_class=host_class, source="a list", protected_as=protected_as),)


def _gone_twice(session: Session, found: Case, by: Actor) -> None:
    for when in (NOON - DAY, NOON):
        reviewing.record_look(session, found.reference, Presence.GONE, "404", by=by, at=when)


def _cleaned_yesterday(session: Session, found: Case, by: Actor) -> None:
    reviewing.record_look(session, found.reference, Presence.CHANGED, "The offer is gone.", by=by, at=NOON - DAY)


CHILD_SUSPECTED = {"answers": {"under_18": True}, "fields": {"child_material": ChildMaterial.SUSPECTED}}

STORIES: Mapping[str, Told] = MappingProxyType(
    {
        "V01": Told(what="https://jobs.test/offer/7", times=3),
        "V02": Told(what="https://freehost.example/u/agent9/", known=_known("freehost.example", HostClass.HOSTING)),
        "V03": Told(what="https://agent9.pages.test/", known=_known("pages.test", HostClass.PLATFORM)),
        "V05": Told(what="https://escorts.test/ad/55", reported={"category": Category.SEXUAL}),
        "V06": Told(what="https://escorts.test/ad/81", reported={"category": Category.SEXUAL}),
        "V08": Told(what="https://ngo.example/helpline", times=30, known=_known("ngo.example", HostClass.PROTECTED, Protection.NGO)),
        "V11": Told(what="https://files.test/x", reported={"category": Category.CHILD}, **CHILD_SUSPECTED),
        "V12": Told(what="https://chat.example/invite/Xk39dk", reported={"danger_now": True}),
        "V13": Told(what="https://dentist.example/x7/", slips={"RS15": Slip(scope=Scope.PATH, answers={"hacked": True})}),
        "V14": Told(what="https://gone.test/offer", on_record=_gone_twice, slips={"RS14": Slip()}),
        "V15": Told(what="https://cleaned.test/offer", was_listed=True, on_record=_cleaned_yesterday, slips={"RS14": Slip()}),
        "V19": Told(what="search.example", known=_known("search.example", HostClass.POPULAR_10K), slips={"RS11": Slip(scope=Scope.DOMAIN)}),
        "V20": Told(what="https://agency.test/models", fields={"hand_on": True}),
        "V21": Told(what="https://shop.example/coats", times=40, fields={"misuse": "Forty reports of one person's shop, after a warning."}),
        "V23": Told(what="http://192.0.2.44/", slips={"RS08": Slip()}),
        "V25": Told(what="https://salon.test/ad/19"),
        "V27": Told(
            what="https://ads.test/m15",
            reported={"category": Category.CHILD},
            answers={"under_18": True, "evidence": (ACT, PURPOSE)},
            slips={"RS02": Slip(answers={"under_18": False})},
        ),
    }
)


def told_of(vignette: Vignette) -> Told:
    """Its story; for one that nobody has told yet, what its words name."""
    if vignette.id in STORIES:
        return STORIES[vignette.id]
    return Told(what=f"https://{vignette.names[0]}" if vignette.names else "https://other.test/offer")
