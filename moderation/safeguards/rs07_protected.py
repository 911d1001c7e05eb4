"""RS07: help, speech and office are listed at most at a page, and with a senior. Must not look anything up."""

from typing import Final

from moderation.safeguards._example import DOMAIN, HOST, PAGE, PATH, Example, facts, known, site
from moderation.safeguards._protections import in_words
from moderation.safeguards._reach import is_within, name_of, target_missing
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, HostClass, KnownHost, Protection, Scope, Target

IDENTIFIER: Final = "RS07"
QUESTION: Final = N_("Is this news, an NGO, health, legal aid, education, LGBT, government or support for survivors?")
SOURCE: Final = "Citizen Lab category codes; Open Rights Group"
REMARK: Final = N_("Filters blocked charities.")
REQUIRED: Final = True
FROM_FACTS: Final = True


def check(facts: CaseFacts) -> Finding:
    """Refuse a protected site wider than a page; ask for a third seat at a page."""
    target = facts.target
    if target is None:
        return target_missing(IDENTIFIER)
    name = name_of(facts, target)
    lines = [line for line in (*facts.known_hosts, *facts.known_below) if _counts(line, facts)]
    if lines:
        line = lines[0]
        where = {"name": name, "known": line.host, "kind": in_words(line.protected_as), "source": line.source}
        return _found(target, N_("%(name)s is protected. A list has %(known)s as: %(kind)s (%(source)s)."), "target", where)
    protected_as = facts.answers.protected_as
    if protected_as is not None:
        return _found(
            target, N_("You take %(name)s for a protected site: %(kind)s."), "protected_as", {"name": name, "kind": in_words(protected_as)}
        )
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.PASS,
        reason=N_("No list names %(name)s, or a name above or below it, as protected."),
        values={"name": name},
    )


def _found(target: Target, reason: str, field: str, values: dict[str, str]) -> Finding:
    at_a_page = target.scope is Scope.PAGE
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.THIRD if at_a_page else Effect.BLOCK,
        reason=reason,
        way_forward=N_("A senior must agree, even to one page. Ask yourself first whether the page only tells of trafficking.")
        if at_a_page
        else N_("Only a single page of such a site can be listed, with a senior's agreement."),
        field=field,
        values=values,
    )


def _counts(line: KnownHost, facts: CaseFacts) -> bool:
    """What stands above the registrable domain is another's: a protected suffix protects nobody who rents a name below it."""
    domain = facts.resource.domain
    return line.host_class is HostClass.PROTECTED and (domain is None or is_within(line.host, domain.rstrip(".").lower()))


_NGO: Final = site("ngo.example", page="helpline")
_TENANT: Final = site("agent9.pages.test", host="agent9.pages.test")


def _listed(host: str, protected_as: str | None = Protection.SURVIVOR_SUPPORT) -> tuple[KnownHost, ...]:
    return (KnownHost(host=host, host_class=HostClass.PROTECTED, source="an example list", protected_as=protected_as),)


EXAMPLES: Final[tuple[Example, ...]] = (
    ("a site that no list knows", facts(target=DOMAIN), Effect.PASS, ""),
    ("V08: a page of a helpline", facts(resource=_NGO, target=_NGO.ladder[0], known_hosts=_listed("ngo.example")), Effect.THIRD, "target"),
    (
        "V08: the helpline's whole domain",
        facts(resource=_NGO, target=Target(Scope.DOMAIN, "ngo.example"), known_hosts=_listed("ngo.example")),
        Effect.BLOCK,
        "target",
    ),
    ("a path of a newspaper", facts(target=PATH, known_hosts=_listed("jobs.test", Protection.NEWS)), Effect.BLOCK, "target"),
    ("a name below a protected one", facts(target=HOST, known_hosts=_listed("jobs.test")), Effect.BLOCK, "target"),
    ("a domain with a protected name below it", facts(target=DOMAIN, known_below=_listed("clinic.jobs.test")), Effect.BLOCK, "target"),
    ("a list that does not say why", facts(target=PATH, known_hosts=_listed("jobs.test", None)), Effect.BLOCK, "target"),
    (
        "a list with a reason of a later version",
        facts(target=PATH, known_hosts=_listed("jobs.test", "lighthouses")),
        Effect.BLOCK,
        "target",
    ),
    ("a moderator knows it for legal aid: a page", facts(target=PAGE, protected_as=Protection.LEGAL_AID), Effect.THIRD, "protected_as"),
    ("a moderator knows it for legal aid: a path", facts(target=PATH, protected_as=Protection.LEGAL_AID), Effect.BLOCK, "protected_as"),
    ("a moderator knows it for legal aid: a domain", facts(target=DOMAIN, protected_as=Protection.LEGAL_AID), Effect.BLOCK, "protected_as"),
    (
        "one account below a protected private suffix",
        facts(resource=_TENANT, target=Target(Scope.DOMAIN, "agent9.pages.test"), known_hosts=_listed("pages.test")),
        Effect.PASS,
        "",
    ),
    ("a popular site is no protected one", facts(target=PATH, known_hosts=(known("jobs.test", HostClass.POPULAR_1M),)), Effect.PASS, ""),
    ("no target is chosen", facts(target=None), Effect.BLOCK, "target"),
)
