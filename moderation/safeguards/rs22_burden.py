"""RS22: what a listing costs migrants, LGBT people, sex workers, critics. Must not forbid; a senior weighs."""

from typing import Any, Final

from moderation import policy
from moderation.safeguards._example import DOMAIN, Example, facts, known
from moderation.safeguards._protections import in_words
from moderation.safeguards._saying import says_something
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, HostClass, KnownHost, Protection

IDENTIFIER: Final = "RS22"
QUESTION: Final = N_("Would a listing burden migrants, LGBT people, sex workers or critics?")
SOURCE: Final = "OHCHR, Recommended Principles and Guidelines on Human Rights and Human Trafficking, principle 3"
REQUIRED: Final = True

_FOR: Final = {
    Protection.MIGRANTS: N_("It serves migrants, whom a listing would burden."),
    Protection.LGBT: N_("It serves LGBT people, whom a listing would burden."),
    Protection.SEX_WORKERS_RIGHTS: N_("It speaks for the rights of sex workers, whom a listing would burden."),
    Protection.HUMAN_RIGHTS: N_("It speaks for human rights; a listing would silence a critic."),
    Protection.PRESS_FREEDOM: N_("It speaks for a free press; a listing would silence a critic."),
    Protection.NEWS: N_("It is a news site; a listing would silence a critic."),
    Protection.POLITICAL_CRITICISM: N_("It criticises those in power; a listing would silence a critic."),
}
_SERVICE: Final = N_("It offers sexual services of adults, whose work and safety a listing would touch.")
_LISTED: Final = N_("%(known)s is on a list of protected sites (%(source)s: %(group)s), whose people a listing would burden.")


def check(facts: CaseFacts) -> Finding:
    """Ask in writing what the burden is and why it is fair; then ask for a senior."""
    burden = _burden(facts)
    if burden is None:
        return _finding(Effect.PASS, N_("Neither a list nor you name a group that a listing would burden."), {})
    reason, values = burden
    if not says_something(facts.answers.explained.get(IDENTIFIER, ""), least=policy.ANSWER_LEAST):
        ask = N_("Write whom the listing would cost what, and why nothing milder would do. A senior decides with you then.")
        return _finding(Effect.BLOCK, reason, values, ask)
    return _finding(Effect.THIRD, reason, values, N_("It is written what it would cost them. A senior must agree."))


def _burden(facts: CaseFacts) -> tuple[str, dict[str, Any]] | None:
    line = next((line for line in (*facts.known_hosts, *facts.known_below) if line.protected_as in policy.BURDENED), None)
    if line is not None:
        return _LISTED, {"known": line.host, "source": line.source, "group": in_words(line.protected_as)}
    named = facts.answers.protected_as
    if named in policy.BURDENED:
        return _FOR[named], {}
    return (_SERVICE, {}) if facts.answers.adult_service else None


def _finding(effect: Effect, reason: str, values: dict[str, Any], way_forward: str = "") -> Finding:
    field = "" if effect is Effect.PASS else f"explained_{IDENTIFIER}"
    return Finding(safeguard=IDENTIFIER, effect=effect, reason=reason, way_forward=way_forward, field=field, values=values)


def _protected(host: str, group: str | None) -> tuple[KnownHost, ...]:
    line = known(host, HostClass.PROTECTED, source="the operator's list")
    return (KnownHost(host=line.host, host_class=line.host_class, source=line.source, protected_as=group),)


_WHY: Final = {"RS22": "Adults advertise here too. Only this one page is meant; they keep the rest of the site."}

EXAMPLES: Final[tuple[Example, ...]] = (
    ("nobody is burdened", facts(), Effect.PASS, ""),
    ("a migrants' site", facts(protected_as=Protection.MIGRANTS), Effect.BLOCK, "explained_RS22"),
    ("a migrants' site, and it is written why", facts(protected_as=Protection.MIGRANTS, explained=_WHY), Effect.THIRD, "explained_RS22"),
    ("an LGBT site on the operator's list", facts(known_hosts=_protected("jobs.test", "lgbt")), Effect.BLOCK, "explained_RS22"),
    (
        "an LGBT site on the list, and it is written why, in Arabic",
        facts(known_hosts=_protected("jobs.test", "lgbt"), explained={"RS22": "الصفحة وحدها تُدرج، ويبقى الموقع متاحًا لمن يحتاجه"}),
        Effect.THIRD,
        "explained_RS22",
    ),
    (
        "a critic below the domain",
        facts(target=DOMAIN, known_below=_protected("blog.jobs.test", "political_criticism")),
        Effect.BLOCK,
        "explained_RS22",
    ),
    ("V05: sexual services of adults", facts(adult_service=True), Effect.BLOCK, "explained_RS22"),
    ("V06: the same with threats, and it is written why", facts(adult_service=True, explained=_WHY), Effect.THIRD, "explained_RS22"),
    ("a dash is no answer", facts(adult_service=True, explained={"RS22": " – "}), Effect.BLOCK, "explained_RS22"),
    (
        "an answer to another check is none to this",
        facts(adult_service=True, explained={"RS14": _WHY["RS22"]}),
        Effect.BLOCK,
        "explained_RS22",
    ),
    ("a health site is RS07's alone", facts(protected_as=Protection.HEALTH), Effect.PASS, ""),
    ("a list that does not say why", facts(known_hosts=_protected("jobs.test", None)), Effect.PASS, ""),
    ("a group that this version does not know", facts(known_hosts=_protected("jobs.test", "gardeners")), Effect.PASS, ""),
)
