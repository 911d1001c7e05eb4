"""Keyed marks of what a report's text names, and of how it reads, by which near cases are found. Keeps no word of it."""

import hashlib
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app import report_fields
from app.keys import Keys
from moderation import policy, resources
from moderation.errors import NothingReported, TooManyResources
from moderation.reviewing import Clues
from moderation.vocabulary import Resource

_MARK_OCTETS: Final = 12
_VALUES: Final = struct.Struct(f"<{policy.TEXT_HASHES}H")
_BAND_OCTETS: Final = _VALUES.size // policy.TEXT_BANDS
_PART_WORDS: Final = 3

# Without any of these signs a text names nothing: reading it in full would cost every report what few need.
_NAMES_SOMETHING: Final = re.compile(r"[@＠:：/／\[({]|[.．。｡]\w|[^\x00-\x7f][0-9A-Za-z_-]{5}|\d(?:\D{0,3}\d){5}|[0-9A-Za-z]{20}")
# Scripts without spaces have no words to count, so each of their characters is one.
_WORD: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """`marks` are keyed digests: one for each thing named, one for each band of the text's signature (empty for a short text)."""

    marks: tuple[bytes, ...]
    signature: bytes


def taken(typed: Mapping[str, str], reported: Iterable[Resource], keys: Keys) -> Marks:
    """What joining needs of a report's text. What is reported alone is no part of it, nor is how to reach the reporter."""
    reported = tuple(reported)
    known = {(resource.kind, resource.canonical) for resource in reported}
    around = (one for one in named_in(typed) if (one.kind, one.canonical) not in known)
    named = [*_reached_beside(reported), *around][: policy.MARKS_PER_REPORT]
    sign = signature(_story(typed, known), keys)
    return Marks((*(of_resource(one, keys) for one in named), *bands(sign, keys)), sign)


def named_in(typed: Mapping[str, str]) -> tuple[Resource, ...]:
    """Whatever the text around a report names, of any kind that has a form of its own."""
    return _read("\n".join(typed[field] for field in report_fields.PROSE if field in typed))


def _reached_beside(reported: Sequence[Resource]) -> tuple[Resource, ...]:
    """Of several things that one report names: the number, handle or wallet that may stand in another report beside other addresses."""
    if len(reported) < 2:
        return ()
    return tuple(one for one in reported if resources.may_be_own(one.kind))


def _read(words: str) -> tuple[Resource, ...]:
    text = words[: policy.MARKED_CHARACTERS]
    if not _NAMES_SOMETHING.search(text):
        return ()
    try:
        found = resources.parse(text, text_digest=lambda _words: "")
    except (NothingReported, TooManyResources):
        return ()
    return tuple(one for one in found if one.kind != resources.WORDS)


def of_message(text: str, keys: Keys) -> tuple[bytes, ...]:
    """Marks of what somebody names who writes again. As in what is added, their own number in a sentence counts for nothing."""
    try:
        named = resources.parse_addition(text[: policy.MARKED_CHARACTERS], text_digest=lambda _words: "")
    except TooManyResources:
        return ()
    return tuple(of_resource(one, keys) for one in named[: policy.MARKS_PER_REPORT])


def clues(resource: Resource, reports: Iterable[tuple[Mapping[str, str], bytes]], keys: Keys) -> Clues:
    """What to look for in other cases: `reports` are the opened texts of this one, each with its signature."""
    named: dict[bytes, tuple[str, str]] = {}
    parts: dict[bytes, None] = {}
    own = of_resource(resource, keys)
    for typed, sign in reports:
        near = [*_reached_beside(_read(typed.get("what", ""))), *named_in(typed)][: policy.MARKS_PER_REPORT]
        named |= {of_resource(one, keys): (one.kind, one.canonical) for one in near}
        parts |= dict.fromkeys(bands(sign, keys))
    named.pop(own, None)
    return Clues(own=own, named=named, bands=tuple(parts))


def of_resource(resource: Resource, keys: Keys) -> bytes:
    """The mark that a text bears which names this."""
    return _digest(f"{resource.kind}\n{resource.canonical}".encode(), keys.derive("marks"))


def bands(sign: bytes, keys: Keys) -> tuple[bytes, ...]:
    """Marks of parts of a signature: two texts of which one is the same may be near."""
    key = keys.derive("bands")
    starts = range(0, len(sign), _BAND_OCTETS)
    return tuple(_digest(bytes([start]) + sign[start : start + _BAND_OCTETS], key) for start in starts)


def signature(text: str, keys: Keys) -> bytes:
    """MinHash of a text's overlapping parts of three words; empty for a text too short to compare."""
    words = _WORD.findall(text[: policy.MARKED_CHARACTERS].casefold())
    if len(words) < policy.TEXT_LEAST_WORDS:
        return b""
    begun = hashlib.blake2b(key=keys.derive("signatures"), digest_size=_VALUES.size)
    rows = []
    for part in set(zip(*(words[start:] for start in range(_PART_WORDS)), strict=False)):
        hashed = begun.copy()
        hashed.update(" ".join(part).encode("utf-8", "replace"))
        rows.append(_VALUES.unpack(hashed.digest()))
    return _VALUES.pack(*map(min, *rows)) if len(rows) > 1 else b""


def _story(typed: Mapping[str, str], reported: Iterable[tuple[str, str]]) -> str:
    """What was told in words: an address alone is no story."""
    is_told = all(kind == resources.WORDS for kind, _ in reported)
    return "\n".join(typed[field] for field in (("what", "more") if is_told else ("more",)) if field in typed)


def _digest(text: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(text, key=key, digest_size=_MARK_OCTETS).digest()
