"""Finds the kinds of resource and reads what a reporter wrote into resources. Must not store anything or ask anyone."""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from types import ModuleType
from typing import Any, Final

from moderation import addresses, policy
from moderation.errors import NothingReported, Refusal, TooManyResources, UnknownKind
from moderation.plugins import by_identifier, discover
from moderation.resources._bank_numbers import mask
from moderation.resources._messengers import MESSENGERS
from moderation.resources._networks import NETWORKS
from moderation.resources._reading import Found, Reading, reading
from moderation.vocabulary import N_, Resource, Target

__all__ = [
    "CONTRACT",
    "KINDS",
    "ON_A_SERVICE",
    "WORDS",
    "covering_targets",
    "describe",
    "from_canonical",
    "mask",
    "parse",
    "parse_addition",
    "registry",
    "without",
]

CONTRACT: Final = ("KIND", "LABEL", "TOLD", "PRECEDENCE", "REACHES_A_PERSON", "SHARES_ITS_HOST", "find", "restore")


_LINE_ENDS: Final = "\n\r"
WORDS: Final = "free_text"
"""The kind of what is words alone: its canonical form is a digest, which tells nobody anything."""


def registry(package: ModuleType) -> Mapping[str, ModuleType]:
    """Map identifier to kind, in the order in which they are asked: narrower kinds first.

    Raises:
        BrokenPlugin: a kind breaks the contract, or two claim one identifier.
    """
    found = by_identifier(discover(package, required=CONTRACT), lambda module: str(module.KIND))
    return dict(sorted(found.items(), key=lambda item: (item[1].PRECEDENCE, item[0])))


def parse(text: str, *, text_digest: Callable[[str], str], way_back: str = "") -> tuple[Resource, ...]:
    """Read all that a text names, each once, in its order; text that names nothing we know is one resource itself.

    `text_digest` turns normalised free text into its keyed digest. Numbers of bank cards and accounts are masked before anything is read.
    `way_back` is how to reach the reporter: what it names too is theirs and no resource, since a case holds its resource in clear.

    Raises:
        NothingReported: there is nothing that a person could see in the text.
        TooManyResources: more than one report can hold.
    """
    given, found = _read(text, text_digest)
    if not found:
        raise NothingReported(N_("Please tell us what you want to report: a link, a name, a number or any words."))
    own = {_key(each) for each in _read(way_back, text_digest)[1]} if way_back else set()
    named = [each for each in found if _key(each) not in own]
    return _each_once(named) or (_words(given),)


def parse_addition(text: str, *, text_digest: Callable[[str], str]) -> tuple[Resource, ...]:
    """Read what something added to a report names, beside its words.

    Whoever writes to us again may tell how to reach them, and a case holds its resource in clear. So what reaches a person counts only on
    a line that holds no words: in a sentence it stays sealed with the rest, for the desk to read.

    Raises:
        TooManyResources: more than one report can hold.
    """
    given, found = _read(text, text_digest)
    named = [each for each in found if each.resource.kind != WORDS]
    return _each_once(each for each in named if not may_be_own(each.resource.kind) or _is_without_words(given.text, each, named))


def without(text: str, named: Collection[tuple[str, str]], *, instead: str) -> str:
    """The text with `instead` wherever it names one of these (kind and canonical form); as it was where it names none."""
    given, found = _read(text, str)
    parts, at = [], 0
    for each in found:
        if _key(each) in named:
            parts += [given.text[at : each.start], instead]
            at = each.end
    return "".join((*parts, given.text[at:])) if parts else text


def _read(text: str, text_digest: Callable[[str], str]) -> tuple[Reading, list[Found]]:
    given = reading(mask(text)[0], text_digest=text_digest)
    found: list[Found] = []
    for kind in KINDS.values():
        more = list(kind.find(given))
        if more:
            found = _joined(found, more)
        if found and (found[0].start, found[0].end) == (0, len(given.text)):
            break  # nothing is left for wider kinds
    return given, found


def _key(found: Found) -> tuple[str, str]:
    return found.resource.kind, found.resource.canonical


def handles(text: str) -> tuple[str, ...]:
    """A bare handle as somebody writes it who names the service too: once for each service; nothing for what is no handle."""
    name = text.strip().removeprefix("@")
    if not name or any(sign.isspace() or sign in "/:." for sign in name):
        return ()
    return tuple(f"{platform.words.split()[0]} @{name}" for platform in (*MESSENGERS, *NETWORKS) if platform.words)


def _words(given: Reading) -> Resource:
    """The whole text as the words that it is."""
    kind = KINDS[WORDS]
    words: Resource = kind.restore(given.text_digest(kind.normal_form(given.written)))
    return words


def _each_once(found: Iterable[Found]) -> tuple[Resource, ...]:
    first: dict[tuple[str, str], Resource] = {}
    for each in found:
        first.setdefault(_key(each), each.resource)
    if len(first) > policy.RESOURCES_PER_REPORT:
        sentence = N_("This names %(found)s different things; one report can hold %(limit)s. Please send the rest in a second report.")
        raise TooManyResources(sentence, found=len(first), allowed=policy.RESOURCES_PER_REPORT)
    return tuple(first.values())


def _is_without_words(text: str, one: Found, found: Iterable[Found]) -> bool:
    """Tell whether the line on which it stands holds nothing but what is found on it."""
    start = max(text.rfind(end, 0, one.start) for end in _LINE_ENDS) + 1
    stop = min((at for end in _LINE_ENDS if (at := text.find(end, one.end)) >= 0), default=len(text))
    named = [each for each in found if start <= each.start < stop]
    rest, at = [], start
    for each in named:
        rest.append(text[at : each.start])
        at = each.end
    return not any(sign.isalnum() for part in (*rest, text[at:stop]) for sign in part)


def may_be_own(kind: str) -> bool:
    """Tell whether what is of this kind leads to a person, who may be its reporter."""
    return kind in KINDS and bool(KINDS[kind].REACHES_A_PERSON)


def label(kind: str) -> str:
    """What this kind is called; a kind that is installed no longer by its identifier."""
    return str(KINDS[kind].LABEL) if kind in KINDS else kind


def from_canonical(kind: str, canonical: str) -> Resource:
    """Rebuild a stored resource with its ladder, by the public suffix list of today.

    Raises:
        UnknownKind: no such kind is installed.
        ValueError: the text is not a canonical form of that kind.
    """
    if kind not in KINDS:
        raise UnknownKind(N_("No kind of resource called “%(kind)s” is installed."), kind=kind)
    restored: Resource = KINDS[kind].restore(canonical)
    return restored


def covering_targets(resource: Resource) -> tuple[Target, ...]:
    """List every target whose listing would cover the resource, narrowest first: page, folders, then each name upwards."""
    names = addresses.name_coverage(resource.host) if resource.host else ()
    return tuple(dict.fromkeys((*(target for target in resource.ladder if not target.scope.is_wide), *names)))


def describe(text: str, *, text_digest: Callable[[str], str]) -> list[dict[str, Any]]:
    """Tell what a text is read as, ready for JSON: one entry a resource, or one with `error`."""
    shown = mask(text)[0].encode("utf-8", "replace").decode()
    try:
        found = parse(text, text_digest=text_digest)
    except Refusal as refusal:
        return [{"input": shown, "error": str(refusal)}]
    return [{"input": shown, **_description(resource)} for resource in found]


def _description(resource: Resource) -> dict[str, Any]:
    return {
        "kind": resource.kind,
        "canonical": resource.canonical,
        "host": resource.host,
        "domain": resource.domain,
        "scopes": [str(scope) for scope in resource.scopes],
        "stripped": list(resource.stripped),
    }


def _joined(taken: list[Found], more: Iterable[Found]) -> list[Found]:
    """Add what stands where nothing was taken yet; both lie in order of their place, and so does the result."""
    kept: list[Found] = []
    at = 0
    for each in more:
        while at < len(taken) and taken[at].end <= each.start:
            at += 1
        is_free = at == len(taken) or taken[at].start >= each.end
        if is_free and (not kept or kept[-1].end <= each.start):
            kept.append(each)
    return sorted(chain(taken, kept), key=lambda each: each.start)


KINDS: Final = registry(sys.modules[__name__])
"""Every kind by its identifier, in the order in which they are asked."""

ON_A_SERVICE: Final = tuple(name for name, kind in KINDS.items() if kind.SHARES_ITS_HOST)
"""Kinds that stand on a service which strangers use too."""
