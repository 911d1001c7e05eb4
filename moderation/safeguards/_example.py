"""Builds the facts of fictional cases for EXAMPLES. Reserved names only; nothing here runs in a decision."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from moderation.vocabulary import (
    Actor,
    Answers,
    CaseFacts,
    ChildMaterial,
    Conflict,
    Effect,
    Element,
    Evidence,
    EvidenceSource,
    HostClass,
    KnownHost,
    Notice,
    Presence,
    Resource,
    Role,
    Scope,
    Statement,
    Target,
)

Example = tuple[str, CaseFacts, Effect, str]
"""What it shows, the facts, the expected effect, and the form field the finding names."""

AT: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""When every example happens."""

NOTIFIED: Final = Notice(
    recipient="abuse@host.example", sent_at=AT - timedelta(days=3), recorded_at=AT - timedelta(days=3), proof="ticket 4711"
)

PAGE: Final = Target(Scope.PAGE, "https://www.jobs.test/offer/7")
PATH: Final = Target(Scope.PATH, "https://www.jobs.test/offer/")
HOST: Final = Target(Scope.HOST, "www.jobs.test")
DOMAIN: Final = Target(Scope.DOMAIN, "jobs.test")

EVIDENCE: Final = (
    Evidence(element=Element.ACT, text="“We collect you at the airport and bring you to the staff house.”", source=EvidenceSource.PAGE),
    Evidence(element=Element.MEANS, text="A former worker states that his passport was taken on arrival.", source=EvidenceSource.REPORT),
    Evidence(element=Element.PURPOSE, text="“Wages are kept until the travel debt is paid.”", source=EvidenceSource.PAGE),
)

TRIED: Final = {
    "page": "The advert moves to a new page of the site every few hours.",
    "path": "The same advert stands under every section of the site.",
    "host": "Other names of the same owner carry the same advert.",
}


def site(domain: str, *, host: str | None = None, page: str = "offer/7") -> Resource:
    """A page of a site with the ladder that a registrable domain has."""
    host = host or f"www.{domain}"
    rungs = [Target(Scope.PAGE, f"https://{host}/{page}")]
    if "/" in page:
        rungs.append(Target(Scope.PATH, f"https://{host}/{page.rpartition('/')[0]}/"))
    if host != domain:
        rungs.append(Target(Scope.HOST, host))
    rungs.append(Target(Scope.DOMAIN, domain))
    return Resource(kind="web_page", canonical=f"https://{host}/{page}", host=host, domain=domain, ladder=tuple(rungs))


def known(host: str, host_class: HostClass, *, source: str = "an example list", rank: int | None = None) -> KnownHost:
    """One line of a list."""
    return KnownHost(host=host, host_class=host_class, source=source, rank=rank)


COMPLETE: Final = Answers(
    target=PAGE,
    territories=("FR", "BE"),
    provision="Code pénal, article 225-4-1",
    evidence=EVIDENCE,
    narrower_tried=TRIED,
    lifeline="No worker uses the page to find help; support lines are listed elsewhere.",
    statement=Statement(
        facts="The page offers hotel work; three statements tell of passports taken on arrival.",
        legal_ground="Code pénal, article 225-4-1",
        explanation="The page recruits people into work under debt and without their papers.",
    ),
    expires_after=timedelta(days=60),
    review_after=timedelta(days=30),
    conflict=Conflict.NONE,
    sent_none_of_the_reports=True,
    facilitation="“We collect you at the airport and bring you to the staff house.”",
    still_there=Presence.SAME,
    child_material=ChildMaterial.NO,
    sample_pages=20,
    sample_unrelated=0,
)
"""Answers that every safeguard lets through for a page."""


def facts(*, resource: Resource | None = None, seat: int = 1, answers: Answers = COMPLETE, **changes: Any) -> CaseFacts:  # noqa: ANN401
    """A case in good order, with `changes` to its answers (`target=...`) or to the facts around them (`known_hosts=...`)."""
    around = {"notices": (NOTIFIED,)} | {name: changes.pop(name) for name in tuple(changes) if name in CaseFacts.__dataclass_fields__}
    return CaseFacts(
        resource=resource or site("jobs.test"),
        answers=replace(answers, **changes),
        seat=seat,
        actor=Actor(person_id=seat, role=Role.SENIOR if seat == 3 else Role.MODERATOR, name="Demo"),
        at=AT,
        **around,
    )
