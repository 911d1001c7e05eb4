"""Takes out of a text what nobody sees and undoes what people write so that a link is no link. Must not look for addresses."""

import re
from typing import Final

# Characters that no reader sees but that split or turn a name: controls, bidi overrides, zero widths, fillers, tags, halves of characters.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]+"
)
# Joiners are letters' business in Persian or Hindi; beside a Latin letter they only hide something.
_JOINER_RUN: Final = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_IDLE_JOINER: Final = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
# A bracketed sign, `[.]` or `(dot)`. The look-behind lets a match start only where a run of brackets does, which keeps this linear.
_BRACKETED: Final = re.compile(r"[ \t]?(?<![\[({])[\[({]+[ \t]?(\.|dot|://|:|/|at|@)[ \t]?[\])}]+[ \t]?", re.IGNORECASE)
_SIGNS: Final = {"dot": ".", "at": "@"}
# Full-width letters and the signs an address is made of. Full-width `，；！？` and brackets stay: they end a sentence, not a name.
_FULL_WIDTH: Final = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum() or chr(code - 0xFEE0) in "./:-_=&%@#~+"
}
# Before a full-width letter a full-width question mark begins a query; before anything else it ends a sentence.
_FULL_WIDTH_QUERY: Final = re.compile("？(?=[０-９Ａ-Ｚａ-ｚ])")
_SPACE: Final = re.compile(r"\s+")


def clean(text: str) -> str:
    """Remove what no reader sees."""
    return _IDLE_JOINER.sub("", _JOINER_RUN.sub(r"\1", _UNSEEN.sub("", text)))


def refang(text: str) -> str:
    """Put back the signs that were bracketed so that nobody follows a link by mistake."""
    return _BRACKETED.sub(_sign, text)


def half_width(text: str) -> str:
    """Write full-width letters and address signs as plain ones, each in its place: the length stays."""
    return _FULL_WIDTH_QUERY.sub("?", text).translate(_FULL_WIDTH)


def one_line(text: str) -> str:
    """Collapse white space."""
    return _SPACE.sub(" ", text).strip()


def _sign(match: re.Match[str]) -> str:
    sign = match[1].lower()
    return _SIGNS.get(sign, sign)
