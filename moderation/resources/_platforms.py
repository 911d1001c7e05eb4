"""Reads what stands on a platform, by its address or by a handle with the platform's name beside it. Must not know any one platform."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from moderation import addresses
from moderation.resources._cleaning import half_width
from moderation.resources._mentions import Mention
from moderation.resources._reading import Found, Reading
from moderation.vocabulary import Resource, Scope, Target

REST: Final = r"/?(?:[?#].*)?"
"""What may follow the identity in an address and says nothing of it."""

# Signs that a handle may have and that some programs write as percent codes.
_HANDLE_SIGNS: Final = {"%40": "@", "%2b": "+", "%24": "$", "%7e": "~"}
_CODED_SIGN: Final = re.compile("%40|%2b|%24|%7e", re.IGNORECASE)
_DOORS: Final = ("www", "m", "mobile", "web")
_FOREIGN: Final = re.compile(r"([a-z][a-z0-9+.-]*:)[\\/]*(.*)", re.IGNORECASE | re.DOTALL)

_LETTER: Final = "A-Za-z0-9_а-яёА-ЯЁ\u0620-\u064a"
# The words of a script that puts no blank between them begin here.
_CHINESE: Final = "\u3400"
_BEFORE_A_WORD: Final = re.compile(rf"[{_LETTER}@./$-]")
_ROLE: Final = (
    "account|profile|user|username|page|channel|group|handle|nick|nickname|name|id|is|аккаунт|канал|профиль|группа|ник|"
    "perfil|cuenta|canal|compte|profil|حساب|قناة|号|號|帐号|账号|賬號|频道|群"
)
_ON: Final = "on|in|at|via|sur|en|no|em|na|auf|на|в|через|على|في"
_HANDLE: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{1,63}"
# A handle without its `@` counts where nothing else of the sentence follows it.
_SENTENCE_ENDS: Final = re.compile(r"[ \t]*(?:$|[\n\r,;，；。、|()\[\]]|[.!?](?:\s|$))")
_NO_HANDLE_GOES_ON: Final = re.compile(r"[:@/\\]")
# A word of a language has neither an underscore nor a digit at its end.
_MADE_UP: Final = re.compile(r".*_.*|[a-z.]{3,}[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """One form of address: `pattern` over path, query and fragment with a group `name`, and the canonical address that has that name."""

    pattern: re.Pattern[str]
    home: str
    tidy: Callable[[str], str] = str.lower


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Where its addresses are (`hosts`; below them the `doors`), what they look like, and what people call it.

    `handle` says what a name there is made of and `home` where it leads. A page that is `reserved` is nobody's. With `name_in_front`
    the door itself may be the name.
    """

    hosts: tuple[str, ...]
    shapes: tuple[Shape, ...]
    doors: re.Pattern[str] = re.compile(rf"(?:{'|'.join(_DOORS)})?")
    name_in_front: bool = False
    reserved: frozenset[str] = frozenset()
    words: str = ""
    handle: re.Pattern[str] | None = None
    home: str = ""
    tidy: Callable[[str], str] = str.lower


def shape(pattern: str, home: str, tidy: Callable[[str], str] = str.lower) -> Shape:
    """A form of address; letters' case does not count in the pattern."""
    return Shape(re.compile(pattern, re.IGNORECASE | re.DOTALL), home, tidy)


def names(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


def as_typed(name: str) -> str:
    """For names in which the case of letters counts."""
    return name


class Directory:
    """Some platforms, and the resources of one kind that stand on them."""

    def __init__(self, kind: str, platforms: Iterable[Platform]) -> None:
        self._kind = kind
        self._platforms = tuple(platforms)
        self._by_host: Mapping[str, Platform] = {host: each for each in self._platforms for host in each.hosts}
        self._by_word = {word.casefold(): each for each in self._platforms for word in each.words.split()}
        self._by_handle_forms = _handle_patterns(self._by_word) if self._by_word else ()

    def find(self, reading: Reading) -> Iterator[Found]:
        """Find what an address or a handle with a platform's name names, in order of place."""
        found = [*self._by_address(reading.addresses), *self._by_handle(reading)]
        yield from sorted(found, key=lambda each: each.start)

    def restore(self, canonical: str) -> Resource:
        """Rebuild a resource from its stored canonical form.

        Raises:
            ValueError: it is not one.
        """
        reading = Reading(canonical, text_digest=str)
        for found in self.find(reading):
            if found.resource.canonical == canonical:
                return found.resource
        raise ValueError(f"not a canonical form of {self._kind}")

    def _by_address(self, named: Iterable[Mention]) -> Iterator[Found]:
        for mention in named:
            canonical = self._canonical(mention)
            if canonical is not None:
                stripped = mention.address.stripped if mention.address else ()
                yield Found(mention.start, mention.end, _resource(self._kind, canonical, stripped))

    def _canonical(self, mention: Mention) -> str | None:
        if mention.address is not None and self._platform(mention.address.host) is None:
            return None
        where = spelling(mention)
        platform = self._platform(where.host) if where is not None else None
        if where is None or platform is None:
            return None
        subject = _in_front(where, platform) or where.request
        for form in platform.shapes:
            match = form.pattern.fullmatch(subject)
            if match is not None and match["name"].casefold() not in platform.reserved:
                return form.home.format(name=form.tidy(match["name"]))
        return None

    def _platform(self, host: str) -> Platform | None:
        for name in (host, *addresses.with_parents(host)[1:]):
            platform = self._by_host.get(name)
            if platform is not None:
                return platform if platform.doors.fullmatch(host[: -len(name)].rstrip(".")) else None
        return None

    def _by_handle(self, reading: Reading) -> Iterator[Found]:
        for match in self._handles(reading):
            if _is_meant(match, reading.plain) and not reading.is_inside_an_address(match.start()):
                yield from self._handled(match)

    def _handles(self, reading: Reading) -> Iterator[re.Match[str]]:
        # All forms but the first begin with an `@`, and what begins inside an address counts for nothing: most texts are spared a search.
        for form in self._by_handle_forms if "@" in reading.plain else self._by_handle_forms[:1]:
            if reading.is_one_address:
                yield from filter(None, [form.match(reading.plain)])
            else:
                yield from form.finditer(reading.plain)

    def _handled(self, match: re.Match[str]) -> Iterator[Found]:
        handle = match["handle"].rstrip(".-")
        platform = self._by_word[match["word"].casefold()]
        is_word = handle.casefold() in self._by_word
        if platform.handle is None or is_word or handle.casefold() in platform.reserved or not platform.handle.fullmatch(handle):
            return
        end = match.end() if match.end("word") > match.end("handle") else match.start("handle") + len(handle)
        yield Found(match.start(), end, _resource(self._kind, platform.home.format(name=platform.tidy(handle)), ()))


@dataclass(frozen=True, slots=True)
class Spelling:
    """An address as platforms read it: host, or an application's scheme with its colon; then path, query and fragment.

    `typed` is what was written, plain letters for full-width ones: a number that our own rules strip still stands in it.
    """

    host: str
    request: str
    typed: str


def spelling(mention: Mention) -> Spelling | None:
    """Take a mention apart; None where it is no address of a platform."""
    typed, address = half_width(mention.text), mention.address
    if address is None:
        foreign = _FOREIGN.fullmatch(typed)
        return None if foreign is None else Spelling(foreign[1].lower(), "/" + _signs_undone(foreign[2]), typed)
    if address.port is not None or not address.is_short_enough:
        return None
    fragment = typed.partition("#")[2]
    return Spelling(address.host, _signs_undone(address.request) + (f"#{fragment}" if fragment else ""), typed)


def _resource(kind: str, canonical: str, stripped: tuple[str, ...]) -> Resource:
    address = addresses.read(canonical) if canonical.startswith("https://") else None
    if address is None:  # no public address: it can be referred, never listed
        return Resource(kind=kind, canonical=canonical, stripped=stripped)
    # Where the identity is in the fragment, a network sees the same address for all: a listing would be wider than what was flagged.
    is_page = address.text == canonical
    return Resource(
        kind=kind,
        canonical=canonical,
        host=address.host,
        domain=addresses.registrable_domain(address.host),
        ladder=(Target(Scope.PAGE, canonical),) if is_page else (),
        stripped=stripped if is_page else tuple(name for name in stripped if name != "fragment"),
    )


def _in_front(where: Spelling, platform: Platform) -> str | None:
    """The address that name.t.me is another form of."""
    if not platform.name_in_front or where.request.partition("?")[0].partition("#")[0] != "/":
        return None
    label, _, host = where.host.partition(".")
    return f"/{label}" if host in platform.hosts and label not in _DOORS else None


def _signs_undone(request: str) -> str:
    path, mark, query = request.partition("?")
    return _CODED_SIGN.sub(lambda match: _HANDLE_SIGNS[match[0].lower()], path) + mark + query


def _is_meant(match: re.Match[str], text: str) -> bool:
    """With `@` it is a handle; without, only after a colon, and where it does not read as a word of the sentence."""
    if match.start("word") > match.start("handle"):
        return True
    handle = match["handle"].rstrip(".-")
    end = match.start("handle") + len(handle)
    is_in_a_word = match["word"][0] < _CHINESE and _BEFORE_A_WORD.match(text[max(0, match.start() - 1) : match.start()])
    if is_in_a_word or _NO_HANDLE_GOES_ON.match(text, end):
        return False
    if match["at"]:
        return True
    if match["sign"] and len(match["word"]) > 1:
        is_alone = _SENTENCE_ENDS.match(text, end) and not handle.lower().startswith("www.")
        return bool(is_alone or _MADE_UP.fullmatch(handle))
    return match.end("word") == match.start("handle") and not match["word"].isascii() and bool(_MADE_UP.fullmatch(handle))


def _handle_patterns(words: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    longest_first = sorted(words, key=len, reverse=True)
    spaced = "|".join(re.escape(word) for word in longest_first if not _is_chinese(word))
    glued = "|".join(re.escape(word) for word in longest_first if _is_chinese(word))
    word = rf"(?P<word>(?:{spaced})(?![{_LETTER}])" + (rf"|{glued})" if glued else ")")
    role = rf"(?:[ \t]{{0,3}}(?:{_ROLE})(?![{_LETTER}]|[.-]\w)){{0,2}}"
    first = rf"{word}{role}[ \t]{{0,3}}(?P<sign>[:=：＝]|->|–|—)?[ \t]{{0,3}}(?P<at>[@$])?(?P<handle>{_HANDLE})"
    on = rf"(?:[ \t]{{1,3}}(?:{_ON})[ \t]{{1,3}}|[ \t]{{0,3}}[(\[（][ \t]?(?:(?:{_ON})[ \t]{{1,3}})?)"
    last = rf"(?<![{_LETTER}.@/])@(?P<handle>{_HANDLE}){on}{word}(?![ \t]?[:：@])"
    # Nothing between them: only where the two stand alone, since "@anna snap" may go on as a sentence.
    alone = rf"(?:(?<![^\n,;，、،])|(?<=[\n,;，、،] ))@(?P<handle>{_HANDLE})[ \t]{{1,3}}{word}(?=[ \t]{{0,3}}(?:$|[\r\n,;，、،]))"
    return tuple(re.compile(form, re.IGNORECASE) for form in (first, last, alone))


def _is_chinese(word: str) -> bool:
    return word[0] >= _CHINESE
