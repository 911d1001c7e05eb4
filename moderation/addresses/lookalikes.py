"""Which names a host imitates with letters that look like others (Unicode TS 39). Must not judge whether anyone was meant to be misled."""

from itertools import islice, product, takewhile
from typing import Final

import idna

from moderation import policy
from moderation.addresses._confusables import IN_MIXED_NAMES, LOOK_LIKE
from moderation.addresses.names import registrable_domain, script_of, with_parents
from moderation.vocabulary import Manner

_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
# The palochka of the Caucasus has the skeleton of an `i` and, in most type, the shape of an `l`.
_SAME_SKELETON: Final = {"i": ("i", "l"), "l": ("l", "1"), "o": ("o", "0"), "rn": ("rn", "m")}
_PROTOTYPE: Final = {letter: plain for plain, letters in LOOK_LIKE.items() for letter in letters}
_IN_MIXED: Final = {letter: plain for plain, letters in IN_MIXED_NAMES.items() for letter in letters} | _PROTOTYPE


def imitated_names(host: str) -> dict[str, Manner]:
    """Every plain name that this host, or a name above it, looks like without being it; empty for a host in plain letters.

    Those below the host's own registrable domain are left out: nobody imitates themselves.
    """
    if "xn--" not in host:
        return {}
    # Above a label that looks like nothing plain, a name may still imitate another.
    readable = list(takewhile(lambda each: each[1], ((label, _readings(label)) for label in map(_shown, reversed(host.split("."))))))
    shown, readings = [label for label, _ in reversed(readable)], [found for _, found in reversed(readable)]
    own = registrable_domain(host)
    found: dict[str, Manner] = {}
    for labels in islice(product(*readings), policy.READINGS_MOST):
        for name in with_parents(".".join(labels)):
            imitating = [label for label in shown[-name.count(".") - 1 :] if not label.isascii()]
            if imitating and registrable_domain(name) != own:
                found[name] = _manner(imitating)
    return found


def _shown(label: str) -> str:
    try:
        return idna.ulabel(label) if label.startswith("xn--") else label
    except idna.IDNAError:
        return label


def _readings(label: str) -> tuple[str, ...]:
    """The plain labels with the same skeleton; none where a letter looks like no plain one."""
    if label.isascii():
        return (label,)
    table = _IN_MIXED if any(letter.isascii() and letter.isalpha() for letter in label) else _PROTOTYPE
    plain = [table.get(letter, letter) for letter in label]
    if not all(_PLAIN.issuperset(part) for part in plain):
        return ()
    choices = [(part,) if letter.isascii() else _SAME_SKELETON.get(part, (part,)) for letter, part in zip(label, plain, strict=True)]
    return tuple("".join(parts) for parts in islice(product(*choices), policy.READINGS_MOST))


def _manner(labels: list[str]) -> Manner:
    scripts = [{script_of(letter) for letter in label if letter.isalpha()} for label in labels]
    if all(found == {"LATIN"} for found in scripts):
        return Manner.SAME_SCRIPT
    return Manner.MIXED_SCRIPT if any("LATIN" in found for found in scripts) else Manner.WHOLE_SCRIPT
