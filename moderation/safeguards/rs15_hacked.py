"""RS15: the owner of a site that somebody broke into is told first. Must not guess from an address: a moderator says what it looks like."""

from datetime import timedelta
from typing import Any, Final

from moderation.safeguards._example import DOMAIN, HOST, Example, facts, known, site
from moderation.safeguards._reach import is_whole, name_of, target_missing
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, HostClass, Notice, Protection, Resource, Scope, Target

IDENTIFIER: Final = "RS15"
QUESTION: Final = N_("Is this a lawful site that somebody broke into?")
SOURCE: Final = "ACMA (2009)"
REMARK: Final = N_("A dentist’s site, hacked and cleaned, was still on the list.")
REQUIRED: Final = True


def check(facts: CaseFacts) -> Finding:
    """Of a hacked site only a page or a path, after its owner was told, and with a written answer why that is not enough."""
    target = facts.target
    if not facts.answers.hacked:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("Nobody says that the site was broken into."))
    if target is None:
        return target_missing(IDENTIFIER)
    if is_whole(target):
        return _finding(
            Effect.BLOCK,
            N_("%(name)s is a lawful site that somebody broke into, so it cannot be listed whole."),
            N_("List the page or the path that was put there, after its owner was told."),
            field="target",
            name=target.text,
        )
    name = name_of(facts, target)
    if _is_protected(facts):
        return _finding(
            Effect.BLOCK,
            N_("%(name)s is a protected site that somebody broke into. Its owner needs help, not a listing."),
            N_("Tell the owner and the host, and close the case as one for a takedown."),
            name=name,
        )
    if not facts.notices:
        return _finding(
            Effect.BLOCK,
            N_("%(name)s looks broken into, and no message to its owner or host is recorded."),
            N_("Tell the owner first: they can remove it at the source. Record the message in the case."),
            name=name,
        )
    return _finding(
        Effect.WARN,
        N_("%(name)s looks broken into; a listing hits an owner who did nothing wrong."),
        N_("Write why a takedown is not enough, and who takes the page off the list when it is clean."),
        name=name,
    )


def _is_protected(facts: CaseFacts) -> bool:
    return facts.answers.protected_as is not None or any(line.host_class is HostClass.PROTECTED for line in facts.known_hosts)


def _finding(effect: Effect, reason: str, way_forward: str, *, field: str = "hacked", **values: str) -> Finding:
    return Finding(safeguard=IDENTIFIER, effect=effect, reason=reason, way_forward=way_forward, field=field, values=values)


_DENTIST: Final = site("dentist.example", page="x7/")
_PATH: Final = Target(Scope.PATH, "https://www.dentist.example/x7/")


def _told(hours: int = 3) -> tuple[Notice, ...]:
    at = facts().at - timedelta(hours=hours)
    return (Notice(recipient="the dentist", sent_at=at, recorded_at=at, proof="the message and its number"),)


def _hacked(*, resource: Resource = _DENTIST, target: Target = _PATH, **changes: Any) -> CaseFacts:  # noqa: ANN401
    return facts(resource=resource, target=target, hacked=True, **changes)


EXAMPLES: Final[tuple[Example, ...]] = (
    ("nobody says that it was hacked", facts(), Effect.PASS, ""),
    ("a whole domain that nobody says was hacked", facts(target=DOMAIN), Effect.PASS, ""),
    ("V13: a dentist's hacked site, and nobody told her", _hacked(notices=()), Effect.BLOCK, "hacked"),
    (
        "V13: the whole domain of the dentist",
        _hacked(target=Target(Scope.DOMAIN, "dentist.example"), notices=_told()),
        Effect.BLOCK,
        "target",
    ),
    ("the host", facts(target=HOST, hacked=True, notices=_told()), Effect.BLOCK, "target"),
    (
        "the root of the site as a path",
        _hacked(target=Target(Scope.PATH, "https://www.dentist.example/"), notices=_told()),
        Effect.BLOCK,
        "target",
    ),
    ("V13: one path, and the dentist was told", _hacked(notices=_told()), Effect.WARN, "hacked"),
    ("one page, and the owner was told", _hacked(target=_DENTIST.ladder[0], notices=_told()), Effect.WARN, "hacked"),
    (
        "a clinic on the list of protected sites",
        _hacked(notices=_told(), known_hosts=(known("dentist.example", HostClass.PROTECTED),)),
        Effect.BLOCK,
        "hacked",
    ),
    ("a site that the moderator knows for legal aid", _hacked(notices=_told(), protected_as=Protection.LEGAL_AID), Effect.BLOCK, "hacked"),
    (
        "a popular site is no protected one",
        _hacked(notices=_told(), known_hosts=(known("dentist.example", HostClass.POPULAR_1M),)),
        Effect.WARN,
        "hacked",
    ),
    ("no target is chosen", facts(target=None, hacked=True), Effect.BLOCK, "target"),
)
