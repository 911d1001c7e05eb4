"""Finds web addresses in a messy text, each character looked at a bounded number of times. Must not know kinds of resource."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from moderation import addresses
from moderation.addresses import Address
from moderation.resources._cleaning import half_width
from moderation.resources._names import bare_names

_OPENERS: Final = dict(zip("([{（［｛【「『《〈〔«‹", ")]}）］｝】」』》〉〕»›", strict=True))
_CLOSERS: Final = frozenset(_OPENERS.values())
_STOPS: Final = '<>"“”„‟，、；！？：｜،؛؟'
_TRAILING: Final = frozenset(".,;:!?'’‘…`" + "".join(_OPENERS))
_EMPHASIS: Final = frozenset("*_~|")
_IDEOGRAPHIC_STOPS: Final = frozenset("。｡")

_WEB_SCHEME: Final = r"(?:h[tx*]{2}p(?P<secure>s)?|ttp(?P<short_secure>s)?)"
# What can begin an address, or a run of letters that could be a bare name. Each part is bounded or consumes what it reads.
_TOKEN: Final = re.compile(
    rf"(?<![a-z0-9]){_WEB_SCHEME}(?P<slashes>:[\\/]*|;?[\\/]{{2,}})"
    r"|(?<![a-z0-9])(?P<other>[a-z][a-z0-9+.-]{1,20}://)"
    r"|(?<![:/\\\w])(?P<bare>//)(?=\w)"
    r"|(?P<run>[^\x00-,/:-?\[-^`{-\x7f\s“”„‟，、；！？：｜،؛؟（）［］｛｝【】「」『』《》〈〉〔〕«»‹›’‘…]+)",
    re.IGNORECASE,
)
_EVENT: Final = re.compile(
    r"[/?#\\()\[\]{}（）［］｛｝【】「」『』《》〈〉〔〕«»‹›。｡]"
    rf"|[\s{_STOPS}]|[,;|](?=(?:h[tx*]{{2}}ps?|ttps?):)",
    re.IGNORECASE,
)
_PATH_START: Final = frozenset("/?#\\")
_PATH_SIGN: Final = re.compile(r"[/?#\\]")
_NAME_HEAD: Final = re.compile(r"[^\s/?#\\:]{1,300}")
_EDGE: Final = ".,;!?'"
_PORT: Final = re.compile(r":([0-9]{1,5})(?![\w])")
_LAST_PORT: Final = 65535
_DOTTED_QUAD: Final = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")
_MARGIN: Final = 40
_VISIBLE_ASCII: Final = re.compile(r"[\x21-\x7e]+")
# "her.So": a full stop without its space, not a name. "Tinder.Com" is one, as phones write it.
_SENTENCE_JOINT: Final = re.compile(r"[a-z].*[a-z]\.[A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names an address. `address` is None where it was meant as one and cannot be read."""

    start: int
    end: int
    text: str
    address: Address | None


def mentions(text: str) -> Iterator[Mention]:
    """Find addresses in order: with a scheme, begun with `//`, or bare names under a known suffix."""
    yield from _Scan(text).mentions()


def settled(text: str) -> Address | None:
    """Read an address until what a reader would copy out of a sentence is all of it: canonical forms are found again whole."""
    address = addresses.read(text)
    while address is not None and address.is_short_enough:
        end = _end(address.text, 0, in_path=False)
        if end == len(address.text):
            break
        address = addresses.read(address.text[:end])
    return address


class _Scan:
    """One pass over one text. `plain` has the same length, with full-width letters made plain."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = half_width(text)

    def mentions(self) -> Iterator[Mention]:
        at = 0
        while token := _TOKEN.search(self._plain, at):
            if token["run"] is not None:
                found, at = self._run(token.start(), token.end())
            elif token["other"] is not None:
                found, at = self._foreign(token)
            else:
                found, at = self._schemed(token)
            yield from found

    def _run(self, start: int, end: int) -> tuple[list[Mention], int]:
        """Look for bare names in a run of letters and dots; a scheme glued to its end is left for the next token."""
        end = self._before_a_scheme(start, end)
        run = self._plain[start:end]
        if "@" in run:  # an e-mail address or a handle: its name is not what was flagged
            return [], self._tail_end(end)
        found = []
        for first, last in bare_names(run):
            mention = self._bare_name(start + first, start + last, may_go_on=start + last == end)
            if mention is not None:
                found.append(mention)
        return found, max(end, found[-1].end if found else end)

    def _before_a_scheme(self, start: int, end: int) -> int:
        window = min(len(self._plain), end + 4)
        for token in _TOKEN.finditer(self._plain, end - min(8, end - start), window):
            if token["slashes"] is not None and start < token.start() < end:
                return token.start()
        return end

    def _tail_end(self, name_end: int) -> int:
        port = _PORT.match(self._plain, name_end)
        end = port.end() if port and int(port[1]) <= _LAST_PORT else name_end
        if end < len(self._plain) and self._plain[end] in _PATH_START:
            return _end(self._plain, end, in_path=True)
        return end

    def _bare_name(self, start: int, name_end: int, *, may_go_on: bool) -> Mention | None:
        name = self._plain[start:name_end]
        # The name is judged before its path is looked for: a text of many wrong names must not be read once for each.
        alone = addresses.read("https://" + name)
        if alone is None or not (addresses.has_known_suffix(alone.host) or _DOTTED_QUAD.fullmatch(name)):
            return None
        end = self._tail_end(name_end) if may_go_on else name_end
        # Four numbers in a sentence are as likely a telephone number or a version; on a line of their own they are a server's address.
        if end == name_end and (_SENTENCE_JOINT.fullmatch(name) or (alone.is_ip and not self._fills_its_line(start, end))):
            return None
        return Mention(start, end, self._text[start:end], settled("https://" + self._typed(start, start, end)))

    def _fills_its_line(self, start: int, end: int) -> bool:
        """Whether nothing but blanks stands beside it; each way it looks at a few characters only."""
        before, after = self._plain[max(0, start - _MARGIN) : start], self._plain[end : end + _MARGIN]
        return not before.rpartition("\n")[2].strip() and not after.partition("\n")[0].strip()

    def _foreign(self, token: re.Match[str]) -> tuple[list[Mention], int]:
        end = _end(self._plain, token.end(), in_path=False)
        if end <= token.end():
            return [], token.end()
        return [Mention(token.start(), end, self._text[token.start() : end], None)], end

    def _schemed(self, token: re.Match[str]) -> tuple[list[Mention], int]:
        start, begin = token.span()
        is_vague = token["bare"] is not None or token["slashes"] == ":"
        if is_vague and not self._begins_with_a_known_name(begin):
            return [], begin
        scheme = "https://" if token["bare"] or token["secure"] or token["short_secure"] else "http://"
        name_end = self._known_name_end(scheme, begin)
        if name_end is not None:
            return [Mention(start, name_end, self._text[start:name_end], settled(scheme + self._plain[begin:name_end]))], name_end
        end = _end(self._plain, begin, in_path=False, before=self._plain[start - 1] if start else "")
        if end <= begin:
            return [], begin
        return [Mention(start, end, self._text[start:end], settled(scheme + self._typed(start, begin, end)))], end

    def _begins_with_a_known_name(self, begin: int) -> bool:
        head = _NAME_HEAD.match(self._plain, begin)
        address = addresses.read("https://" + head[0].rstrip(_EDGE)) if head else None
        return address is not None and addresses.has_known_suffix(address.host)

    def _known_name_end(self, scheme: str, begin: int) -> int | None:
        """Where words follow the name without a space, give the end of the part that is a name under a known suffix."""
        end = _stop(self._plain, begin, in_path=False, name_only=True)
        whole = addresses.read(scheme + self._plain[begin:end])
        if whole is not None and (whole.is_ip or addresses.has_known_suffix(whole.host)):
            return None
        for shorter in self._shorter(begin, end):
            cut = addresses.read(scheme + self._plain[begin:shorter])
            if cut is not None and addresses.has_known_suffix(cut.host):
                return shorter
        return None

    def _shorter(self, begin: int, end: int) -> Iterator[int]:
        head = _VISIBLE_ASCII.match(self._plain, begin, end)
        if head is not None and head.end() < end:
            yield head.end()
        stop = max(self._plain.rfind(sign, begin, end) for sign in _IDEOGRAPHIC_STOPS)
        if stop > begin:
            yield stop

    def _typed(self, start: int, begin: int, end: int) -> str:
        """What follows the scheme; all of it made plain where scheme or name were typed in full width, else the path as it came."""
        path = _PATH_SIGN.search(self._plain, begin, end)
        path_at = path.end() if path else end
        typed_full_width = self._text[start:path_at] != self._plain[start:path_at]
        return self._plain[begin:path_at] + (self._plain if typed_full_width else self._text)[path_at:end]


def _end(text: str, start: int, *, in_path: bool, before: str = "") -> int:
    """Find where an address ends: at white space, quotes, a closing bracket it did not open, or the end of a sentence."""
    return _without_trailing(text, start, _stop(text, start, in_path=in_path), before)


def _stop(text: str, start: int, *, in_path: bool, name_only: bool = False) -> int:
    opened: dict[str, int] = {}
    for event in _EVENT.finditer(text, start):
        sign = event[0]
        if sign in _PATH_START:
            if name_only:
                return event.start()
            in_path = True
        elif sign in _OPENERS:
            opened[_OPENERS[sign]] = opened.get(_OPENERS[sign], 0) + 1
        elif sign in _CLOSERS and opened.get(sign):
            opened[sign] -= 1
        elif in_path or sign not in _IDEOGRAPHIC_STOPS:
            return event.start()
    return len(text)


def _without_trailing(text: str, start: int, end: int, before: str) -> int:
    trailing = _TRAILING | {before} if before in _EMPHASIS else _TRAILING
    while end > start and (text[end - 1] in trailing or text[end - 1] in _IDEOGRAPHIC_STOPS):
        end -= 1
    return end
