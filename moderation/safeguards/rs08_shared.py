"""RS08: a shared platform, public suffix or bare address is never listed whole. Must not look anything up."""

from typing import Final

from moderation import policy
from moderation.addresses import is_ip
from moderation.safeguards._example import Example, facts, known, site
from moderation.safeguards._reach import is_root, is_whole, name_of, target_missing
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, HostClass, KnownHost, Resource, Scope, Target

IDENTIFIER: Final = "RS08"
QUESTION: Final = N_("Is this a shared platform, a content network or a bare address?")
SOURCE: Final = "ECHR, Vladimir Kharitonov v. Russia (2020)"
REQUIRED: Final = True
FROM_FACTS: Final = True

_NARROW: Final = N_("List only the page, or the path of the one account, that the evidence shows.")


def check(facts: CaseFacts) -> Finding:
    """Refuse what many unrelated people share; ask for a third seat where a name stands on a platform."""
    target = facts.target
    if target is None:
        return target_missing(IDENTIFIER)
    name = name_of(facts, target)
    if is_ip(name) and is_root(target):
        return _block(
            N_("%(name)s is a bare address. Any number of sites may be on it, now or tomorrow, so it can never be listed."),
            N_("List the one page that the evidence shows, or the name of the site."),
            name=name,
        )
    if not is_whole(target):
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("Only a part of the site would be listed."))
    return _whole(facts, name)


def _whole(facts: CaseFacts, name: str) -> Finding:
    if facts.is_public_suffix:
        return _block(
            N_("%(name)s is a public suffix: everyone below it has a site of their own."),
            N_("List the name of the one site below it, or a page of it."),
            name=name,
        )
    itself = _platform(facts.known_hosts, at=(name, name.removeprefix("www.")))
    if itself is not None:
        return _block(
            N_("%(name)s is a platform that many unrelated people share (list: %(source)s)."), _NARROW, name=name, source=itself.source
        )
    below = _platform(facts.known_below)
    if below is not None:
        return _block(
            N_("%(below)s, which lies below %(name)s, is a platform that many unrelated people share (list: %(source)s)."),
            _NARROW,
            name=name,
            below=below.host,
            source=below.source,
        )
    return _tenant(facts, name)


def _tenant(facts: CaseFacts, name: str) -> Finding:
    above = _platform(facts.known_hosts)
    if above is None:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("No list names %(name)s as shared."), values={"name": name})
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.THIRD,
        reason=N_("%(name)s stands on the platform %(above)s (list: %(source)s); the platform itself can never be listed."),
        way_forward=N_("A senior must agree that this name belongs to one account alone."),
        field="target",
        values={"name": name, "above": above.host, "source": above.source},
    )


def _platform(lines: tuple[KnownHost, ...], *, at: tuple[str, ...] | None = None) -> KnownHost | None:
    return next((line for line in lines if line.host_class in policy.PLATFORM_CLASSES and (at is None or line.host in at)), None)


def _block(reason: str, way_forward: str, **values: str) -> Finding:
    return Finding(safeguard=IDENTIFIER, effect=Effect.BLOCK, reason=reason, way_forward=way_forward, field="target", values=values)


def _bare(address: str, page: str) -> Resource:
    return Resource(kind="web_page", canonical=f"http://{address}/{page}", host=address)


_FREEHOST: Final = site("freehost.example", page="u/agent9/")
_TENANT: Final = site("agent9.pages.test", host="agent9.pages.test")
_LISTED: Final = (known("freehost.example", HostClass.HOSTING),)
_PAGES: Final = (known("pages.test", HostClass.PLATFORM, source="Public suffix list, private section"),)
_V4, _V6 = _bare("203.0.113.9", "jobs/7"), _bare("[2001:db8::9]", "")

EXAMPLES: Final[tuple[Example, ...]] = (
    ("a site of its own", facts(target=Target(Scope.DOMAIN, "jobs.test")), Effect.PASS, ""),
    (
        "V02: one account's path on a free host",
        facts(resource=_FREEHOST, target=Target(Scope.PATH, "https://www.freehost.example/u/agent9/"), known_hosts=_LISTED),
        Effect.PASS,
        "",
    ),
    (
        "the free host as a whole",
        facts(resource=_FREEHOST, target=Target(Scope.DOMAIN, "freehost.example"), known_hosts=_LISTED),
        Effect.BLOCK,
        "target",
    ),
    (
        "the free host by its www name",
        facts(resource=_FREEHOST, target=Target(Scope.HOST, "www.freehost.example"), known_hosts=_LISTED),
        Effect.BLOCK,
        "target",
    ),
    (
        "the free host by a path that is its root",
        facts(resource=_FREEHOST, target=Target(Scope.PATH, "https://www.freehost.example/"), known_hosts=_LISTED),
        Effect.BLOCK,
        "target",
    ),
    (
        "V03: one account's own name below a private suffix",
        facts(resource=_TENANT, target=Target(Scope.DOMAIN, "agent9.pages.test"), known_hosts=_PAGES),
        Effect.THIRD,
        "target",
    ),
    (
        "V03: never the suffix itself",
        facts(resource=_TENANT, target=Target(Scope.DOMAIN, "pages.test"), known_hosts=_PAGES, is_public_suffix=True),
        Effect.BLOCK,
        "target",
    ),
    (
        "a country's suffix that no list of platforms knows",
        facts(target=Target(Scope.DOMAIN, "co.test"), is_public_suffix=True),
        Effect.BLOCK,
        "target",
    ),
    (
        "a company's domain with a platform below it",
        facts(target=Target(Scope.DOMAIN, "jobs.test"), known_below=(known("sites.jobs.test", HostClass.PLATFORM),)),
        Effect.BLOCK,
        "target",
    ),
    (
        "a name on a dynamic DNS domain",
        facts(
            resource=site("dyn.test", host="agent9.dyn.test"),
            target=Target(Scope.HOST, "agent9.dyn.test"),
            known_hosts=(known("dyn.test", HostClass.DYNAMIC_DNS),),
        ),
        Effect.THIRD,
        "target",
    ),
    (
        "a page of a link shortener",
        facts(
            resource=site("short.test", host="short.test", page="a7"),
            target=Target(Scope.PAGE, "https://short.test/a7"),
            known_hosts=(known("short.test", HostClass.SHORTENER),),
        ),
        Effect.PASS,
        "",
    ),
    ("V23: a bare server address", facts(resource=_V4, target=Target(Scope.HOST, "203.0.113.9")), Effect.BLOCK, "target"),
    ("the first page of a bare address", facts(resource=_V6, target=Target(Scope.PAGE, "http://[2001:db8::9]/")), Effect.BLOCK, "target"),
    ("one page on a bare address", facts(resource=_V4, target=Target(Scope.PAGE, "http://203.0.113.9/jobs/7")), Effect.PASS, ""),
    ("no target is chosen", facts(target=None), Effect.BLOCK, "target"),
)
