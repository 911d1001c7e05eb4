"""RS11: popular and essential names are never listed whole. Must not look anything up: the facts carry what the lists say."""

from typing import Final

from moderation import policy
from moderation.safeguards._example import PAGE, Example, facts, known, site
from moderation.safeguards._reach import is_whole, is_within, name_of, target_missing
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, HostClass, KnownHost, Scope, Target

IDENTIFIER: Final = "RS11"
QUESTION: Final = N_("Is this a popular or essential site?")
SOURCE: Final = "Denmark (2012); Italy, Piracy Shield (2024)"
REMARK: Final = N_("In Denmark 8,000 domains came from a wrong folder.")
REQUIRED: Final = True
FROM_FACTS: Final = True

_REASONS: Final = {
    HostClass.NEVER: N_("%(name)s cannot be listed whole: %(known)s is on the list of what people must always reach (%(source)s)."),
    HostClass.INFRASTRUCTURE: N_("%(name)s cannot be listed whole: %(known)s is something other sites and devices need (%(source)s)."),
    HostClass.BANK: N_("%(name)s cannot be listed whole: %(known)s is a bank (%(source)s)."),
    HostClass.UNIVERSITY: N_("%(name)s cannot be listed whole: %(known)s is a university (%(source)s)."),
    HostClass.POPULAR_10K: N_("%(name)s cannot be listed whole: %(known)s is among the 10,000 most used names (%(source)s)."),
    HostClass.POPULAR_1M: N_("%(known)s is among the million most used names (%(source)s); many people may use %(name)s."),
}
"""In order of weight: where several lists know a name, the first of these is told."""


def check(facts: CaseFacts) -> Finding:
    """Refuse a whole name that is essential, or that stands above or below an essential one."""
    target = facts.target
    if target is None:
        return target_missing(IDENTIFIER)
    if not is_whole(target):
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("Only a part of the site would be listed."))
    name = name_of(facts, target)
    if not facts.lists_are_loaded:
        return Finding(
            safeguard=IDENTIFIER,
            effect=Effect.BLOCK,
            reason=N_("The lists of known hosts are not loaded here, so nobody can tell whether %(name)s is one that people need."),
            way_forward=N_(
                "List only the page or the path that the evidence shows, and ask the operator to load the lists (flask hosts load)."
            ),
            field="target",
            values={"name": name},
        )
    lines = [line for line in (*facts.known_hosts, *facts.known_below) if _counts(line, facts)]
    for host_class in _REASONS:
        line = next((line for line in lines if _class(line) is host_class), None)
        if line is not None and host_class in policy.BLOCKED_CLASSES | policy.THIRD_SEAT_CLASSES:
            return _found(line, name)
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.PASS,
        reason=N_("No list names %(name)s, or a name above or below it, as popular or essential."),
        values={"name": name},
    )


def _found(line: KnownHost, name: str) -> Finding:
    source = line.source if line.rank is None else f"{line.source} #{line.rank}"
    blocked = _class(line) in policy.BLOCKED_CLASSES
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK if blocked else Effect.THIRD,
        reason=_REASONS[_class(line)],
        way_forward=N_("List only the page or the path that the evidence shows.")
        if blocked
        else N_("A senior must agree. A page or a path would need none."),
        field="target",
        values={"name": name, "known": line.host, "source": source},
    )


def _class(line: KnownHost) -> HostClass:
    """A top list that an operator imports carries ranks, and its first places count as the top 10,000."""
    if line.host_class is HostClass.POPULAR_1M and line.rank is not None and line.rank <= policy.POPULAR_10K_RANK:
        return HostClass.POPULAR_10K
    return line.host_class


def _counts(line: KnownHost, facts: CaseFacts) -> bool:
    """Above the registrable domain stand public suffixes, whose fame is not that of a site below them.

    The never-list alone reaches through: its `gov` means every name below.
    """
    domain = facts.resource.domain
    return domain is None or line.host_class is HostClass.NEVER or is_within(line.host, domain.rstrip(".").lower())


_SUB: Final = site("popular.example", host="mail.popular.example")
_TENANT: Final = site("agent9.pages.test", host="agent9.pages.test")
_TOP: Final = (known("popular.example", HostClass.POPULAR_10K, source="Tranco top 10,000"),)
_ALL: Final = Target(Scope.DOMAIN, "jobs.test")

EXAMPLES: Final[tuple[Example, ...]] = (
    ("a site that no list knows", facts(target=_ALL), Effect.PASS, ""),
    ("a site, where no list is loaded", facts(target=_ALL, lists_are_loaded=False), Effect.BLOCK, "target"),
    ("a page, where no list is loaded", facts(target=PAGE, lists_are_loaded=False), Effect.PASS, ""),
    (
        "V19: a search engine from a wrong file",
        facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.POPULAR_10K, rank=3),)),
        Effect.BLOCK,
        "target",
    ),
    ("a bank", facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.BANK),)), Effect.BLOCK, "target"),
    ("a university", facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.UNIVERSITY),)), Effect.BLOCK, "target"),
    ("infrastructure", facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.INFRASTRUCTURE),)), Effect.BLOCK, "target"),
    ("the never-list", facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.NEVER),)), Effect.BLOCK, "target"),
    (
        "a government's name below a suffix of the never-list",
        facts(
            resource=site("ministry.gov.test", host="ministry.gov.test"),
            target=Target(Scope.DOMAIN, "ministry.gov.test"),
            known_hosts=(known("gov.test", HostClass.NEVER),),
        ),
        Effect.BLOCK,
        "target",
    ),
    (
        "a name below a popular one",
        facts(resource=_SUB, target=Target(Scope.HOST, "mail.popular.example"), known_hosts=_TOP),
        Effect.BLOCK,
        "target",
    ),
    (
        "a name above a popular one",
        facts(target=_ALL, known_below=(known("api.jobs.test", HostClass.POPULAR_10K),)),
        Effect.BLOCK,
        "target",
    ),
    (
        "V03: one account below a popular private suffix",
        facts(
            resource=_TENANT,
            target=Target(Scope.DOMAIN, "agent9.pages.test"),
            known_hosts=(known("pages.test", HostClass.POPULAR_10K),),
        ),
        Effect.PASS,
        "",
    ),
    ("a page of a popular site", facts(resource=_SUB, target=_SUB.ladder[0], known_hosts=_TOP), Effect.PASS, ""),
    (
        "a path that is the root of a popular site",
        facts(resource=_SUB, target=Target(Scope.PATH, "https://mail.popular.example/"), known_hosts=_TOP),
        Effect.BLOCK,
        "target",
    ),
    ("one of a million", facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.POPULAR_1M),)), Effect.THIRD, "target"),
    (
        "one of a million, by rank among the first",
        facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.POPULAR_1M, rank=9_999),)),
        Effect.BLOCK,
        "target",
    ),
    (
        "one of a million, by rank beyond",
        facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.POPULAR_1M, rank=10_001),)),
        Effect.THIRD,
        "target",
    ),
    (
        "a bank that is also one of a million",
        facts(target=_ALL, known_hosts=(known("jobs.test", HostClass.POPULAR_1M), known("jobs.test", HostClass.BANK))),
        Effect.BLOCK,
        "target",
    ),
    ("no target is chosen", facts(target=None), Effect.BLOCK, "target"),
)
