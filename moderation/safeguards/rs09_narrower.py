"""RS09: the narrowest scope that would do. Must not choose the scope; it asks why each narrower one would not do."""

from typing import Final

from moderation import policy
from moderation.safeguards._example import DOMAIN, HOST, PAGE, PATH, TRIED, Example, facts
from moderation.safeguards._reach import target_missing
from moderation.safeguards._saying import says_something
from moderation.safeguards._several import as_one
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, Resource, Scope, Target

IDENTIFIER: Final = "RS09"
QUESTION: Final = N_("Would a narrower scope do?")
SOURCE: Final = "IWF; ECHR, Bulgakov v. Russia (2020)"
REMARK: Final = N_("The IWF works so.")
REQUIRED: Final = True


def check(facts: CaseFacts) -> Finding:
    """Ask for a written reason at every narrower step of the resource's ladder."""
    target = facts.target
    if target is None:
        return target_missing(IDENTIFIER)
    if target not in facts.resource.ladder:
        return _block(
            N_("%(target)s is not among what this resource can be listed at."),
            N_("Choose one of the targets that the case page proposes."),
            field="target",
            target=target.text,
        )
    unexplained = [rung for rung in _narrower(facts, target) if not _is_explained(facts, rung)]
    if unexplained:
        # Two folders share a field, and the deeper one is told of.
        return as_one([_asks(rung, target) for rung in reversed({rung.scope: rung for rung in reversed(unexplained)}.values())])
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.PASS,
        reason=N_("Nothing narrower would do, and it is written why.") if _narrower(facts, target) else N_("Nothing narrower exists."),
    )


def _asks(rung: Target, target: Target) -> Finding:
    return _block(
        N_("Nothing says why %(narrower)s would not do instead of %(target)s."),
        N_("List %(narrower)s, or write why listing it would not stop the harm."),
        field=f"narrower_{rung.scope}",
        narrower=rung.text,
        target=target.text,
    )


def _narrower(facts: CaseFacts, target: Target) -> tuple[Target, ...]:
    """What stands before the target on the ladder; of two folders the deeper one does too, and both are explained under `path`."""
    return facts.resource.ladder[: facts.resource.ladder.index(target)]


def _is_explained(facts: CaseFacts, rung: Target) -> bool:
    return says_something(facts.answers.narrower_tried.get(str(rung.scope), ""), least=policy.ANSWER_LEAST)


def _block(reason: str, way_forward: str, *, field: str, **values: str) -> Finding:
    return Finding(safeguard=IDENTIFIER, effect=Effect.BLOCK, reason=reason, way_forward=way_forward, field=field, values=values)


_DEEP: Final = Resource(
    kind="web_page",
    canonical="https://freehost.example/u/agent9/7",
    host="freehost.example",
    domain="freehost.example",
    ladder=(
        Target(Scope.PAGE, "https://freehost.example/u/agent9/7"),
        Target(Scope.PATH, "https://freehost.example/u/agent9/"),
        Target(Scope.PATH, "https://freehost.example/u/"),
        Target(Scope.DOMAIN, "freehost.example"),
    ),
)

EXAMPLES: Final[tuple[Example, ...]] = (
    ("a page is the narrowest", facts(target=PAGE, narrower_tried={}), Effect.PASS, ""),
    ("a domain, each step explained", facts(target=DOMAIN), Effect.PASS, ""),
    ("a path, and nothing on the page", facts(target=PATH, narrower_tried={}), Effect.BLOCK, "narrower_page"),
    ("a host that skips the path", facts(target=HOST, narrower_tried={"page": TRIED["page"]}), Effect.BLOCK, "narrower_path"),
    (
        "a domain that skips the host",
        facts(target=DOMAIN, narrower_tried={"page": TRIED["page"], "path": TRIED["path"]}),
        Effect.BLOCK,
        "narrower_host",
    ),
    (
        "all accounts of a host, though only one account's folder is shown",
        facts(resource=_DEEP, target=_DEEP.ladder[2], narrower_tried={"page": TRIED["page"]}),
        Effect.BLOCK,
        "narrower_path",
    ),
    ("one account's folder, the page explained", facts(resource=_DEEP, target=_DEEP.ladder[1], narrower_tried=TRIED), Effect.PASS, ""),
    ("a step explained by a dash", facts(target=PATH, narrower_tried={"page": "-"}), Effect.BLOCK, "narrower_page"),
    ("a step explained by a word", facts(target=PATH, narrower_tried={"page": "too small"}), Effect.BLOCK, "narrower_page"),
    ("a step explained by a key held down", facts(target=PATH, narrower_tried={"page": "x" * 40}), Effect.BLOCK, "narrower_page"),
    ("a target of some other resource", facts(target=Target(Scope.DOMAIN, "neighbour.test")), Effect.BLOCK, "target"),
    ("no target is chosen", facts(target=None), Effect.BLOCK, "target"),
)
