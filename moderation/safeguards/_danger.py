"""Words that say that somebody is in danger now, in the six languages of the forms. Finds words only; decides nothing.

A short list of our own †: each entry would be odd in an advert, and a false alarm costs one referral. It misses more than it finds.
"""

import re
import unicodedata
from typing import Final

_SPACED: Final = (
    # English
    *("locked in", "locked up", "can't leave", "cannot leave", "can't get out", "cannot get out", "not allowed to leave"),
    *("help me", "save me", "going to kill", "will kill"),
    # French
    *("enfermé", "enfermée", "enfermés", "enfermées", "séquestré", "séquestrée", "séquestrés", "séquestrées"),
    *("peux pas partir", "peut pas partir", "peuvent pas partir", "peux pas sortir", "peut pas sortir", "peuvent pas sortir"),
    *("aidez-moi", "aide-moi", "au secours", "va me tuer", "va la tuer", "va le tuer", "vont me tuer", "vont la tuer"),
    *("vont le tuer", "vont les tuer"),
    # Spanish
    *("encerrada", "encerrado", "encerradas", "encerrados", "secuestrada", "secuestrado", "secuestradas", "secuestrados"),
    *("no puedo salir", "no puede salir", "no pueden salir", "no me deja salir", "no me dejan salir", "no la dejan salir"),
    *("no lo dejan salir", "no nos dejan salir", "ayúdame", "ayúdenme", "ayúdennos", "auxilio", "va a matar", "van a matar"),
    # Russian
    *("заперт", "заперта", "заперты", "взаперти", "не могу уйти", "не может уйти", "не могут уйти", "не выпускают", "не отпускают"),
    *("удерживают", "помогите", "спасите", "убьёт", "убьют"),
    # Arabic
    *("محتجز", "محتجزة", "محتجزون", "محتجزات", "محبوس", "محبوسة", "محبوسون", "محبوسات", "ساعدوني", "ساعدونا", "أنقذوني", "أنقذونا"),
    *("النجدة", "لا أستطيع المغادرة", "لا تستطيع المغادرة", "لا يستطيع المغادرة", "لا أستطيع الخروج", "لا تستطيع الخروج"),
    *("سيقتلني", "سيقتلها", "سيقتله", "سيقتلونني", "سيقتلونها", "سيقتلونه"),
)
_UNSPACED: Final = (
    # Chinese, in both scripts
    *("救命", "救救我", "救我", "被关在", "被關在", "被锁在", "被鎖在", "被困在", "不让离开", "不讓離開", "不让她走", "不让他走"),
    *("不让我走", "无法离开", "無法離開", "不能离开", "不能離開", "要杀了", "会杀了", "要殺了", "會殺了"),
)


def danger_words(text: str) -> str:
    """The first words of danger in the text, as they are on the list; empty where there are none."""
    found = _PATTERN.search(_plain(text))
    return _AS_LISTED[found["spaced"] or found["unspaced"]] if found else ""


def _plain(text: str) -> str:
    """Without case, accents, vowel signs, stretched letters and apostrophes; one space for whatever else stands between words."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = (character for character in folded if not unicodedata.combining(character) and character not in _DROPPED)
    return " ".join("".join(character if character.isalnum() else " " for character in letters).split())


_DROPPED: Final = "'’ʼ`\u0640\u200b\u200c\u200d\u2060"
"""Apostrophes, the stroke that stretches Arabic letters, and signs that nobody sees."""

_AS_LISTED: Final = {_plain(words): words for words in (*_SPACED, *_UNSPACED)}

_PATTERN: Final = re.compile(
    # Arabic writes "and" and "so" onto the next word.
    rf"(?<!\w)[وف]?(?P<spaced>{'|'.join(map(_plain, _SPACED))})(?!\w)|(?P<unspaced>{'|'.join(map(_plain, _UNSPACED))})"
)
