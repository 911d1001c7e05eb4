"""Brings the forms of one platform's page (mobile, short, preview) to one address. Must not touch a page that may be another."""

import re
from dataclasses import replace
from typing import Final

from moderation import addresses
from moderation.addresses import Address

_DOORS: Final = {
    **dict.fromkeys(("facebook.com", "m.facebook.com", "mbasic.facebook.com", "touch.facebook.com", "web.facebook.com", "fb.com",
                     "www.fb.com"),
                    "www.facebook.com"),
    **dict.fromkeys(("instagram.com", "m.instagram.com", "instagr.am", "www.instagr.am"), "www.instagram.com"),
    **dict.fromkeys(("www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com", "m.twitter.com"), "x.com"),
    **dict.fromkeys(("www.vk.com", "m.vk.com", "vk.ru", "www.vk.ru", "m.vk.ru", "vkontakte.ru", "www.vkontakte.ru"), "vk.com"),
    **dict.fromkeys(("www.t.me", "telegram.me", "www.telegram.me", "telegram.dog", "www.telegram.dog"), "t.me"),
    **dict.fromkeys(("youtube.com", "m.youtube.com", "music.youtube.com"), "www.youtube.com"),
    **dict.fromkeys(("tiktok.com", "m.tiktok.com"), "www.tiktok.com"),
}  # fmt: skip
_VIDEO: Final = r"(?P<video>[A-Za-z0-9_-]{11})"
_WATCH: Final = "https://www.youtube.com/watch?v={video}"
# What stands after the number of a post tells how to show it, not what is shown.
_FORMS: Final = tuple(
    (re.compile(pattern), home)
    for pattern, home in (
        (rf"https://(?:www\.)?youtu\.be/{_VIDEO}/?(?:\?.*)?", _WATCH),
        (rf"https://www\.youtube\.com/(?:shorts|live|embed|v)/{_VIDEO}/?(?:\?.*)?", _WATCH),
        (rf"https://www\.youtube\.com/watch/?\?(?:.*&)?v={_VIDEO}(?:&.*)?", _WATCH),
        (r"https://t\.me/(?:s/)?(?P<name>[A-Za-z]\w{3,31})/(?P<post>\d{1,12})/?(?:\?.*)?", "https://t.me/{name}/{post}"),
        (
            r"https://x\.com/(?P<name>[A-Za-z0-9_]{1,15})(?:/web)?/status(?:es)?/(?P<post>\d{1,20})(?:/(?:photo|video)/\d)?/?(?:\?.*)?",
            "https://x.com/{name}/status/{post}",
        ),
        (
            r"https://www\.instagram\.com/(?:[\w.]{1,30}/)?(?:p|reel|reels|tv)/(?P<post>[\w-]{5,20})/?(?:\?.*)?",
            "https://www.instagram.com/p/{post}/",
        ),
    )
)

_HOSTS: Final = frozenset(_DOORS) | frozenset(_DOORS.values()) | {"youtu.be", "www.youtu.be"}


def home(address: Address) -> Address:
    """The address at which the platform itself shows this page; any other address as it is."""
    if address.host not in _HOSTS or address.port is not None or address.is_bare:
        return address
    text = f"https://{_DOORS.get(address.host, address.host)}{address.request}"
    for pattern, form in _FORMS:
        match = pattern.fullmatch(text)
        if match is not None:
            text = _filled(form, match)
            break
    there = addresses.read(text)
    return address if there is None else replace(there, stripped=tuple(dict.fromkeys((*address.stripped, *there.stripped))))


def _filled(form: str, match: re.Match[str]) -> str:
    return form.format(**{part: text.lower() if part == "name" else text for part, text in match.groupdict().items()})
