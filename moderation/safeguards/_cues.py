"""Cues that by themselves show no trafficking, and texts that say no more than such a cue. Knows no rule; judges no person."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from moderation import policy
from moderation.safeguards._saying import holds, holds_all, joins_words, weight, words_of
from moderation.vocabulary import Evidence, WeakCue

Stems = tuple[str, ...]

_WEAK_AGE: Final = re.compile(r"(?<!\d)(?:18|19|20|21|22)(?!\d)")
_CHILDS_AGE: Final = re.compile(r"(?<!\d)(?:[1-9]|1[0-7])(?!\d)")

_SIGNALS: Final[Mapping[WeakCue, tuple[str, ...]]] = {
    WeakCue.YOUNG_LOOK: (
        "young look; young photo; young pic; young appear; young seem; youthful; teen look; minor look; underage look",
        "jeune air; jeune photo; jeune parait; jeune semble; jeune physique; mineure air",
        "joven parece; joven aspecto; joven ve; joven luce; joven foto; menor parece",
        "молод выглядит; молод фото; молод внешн; юн выглядит; молодо выгляд",
        "صغير تبدو; شابة تبدو; صغير يبدو; صغير صور; شابة صور; صغير مظهر",
        "年轻 看; 年轻 照片; 年轻 显得; 年轻 外表; 显小; 看起来很小",
    ),
    WeakCue.SCREENING: (
        "screen client; screen custom; screens; verif client; vets client; check client; reference client; references requir",
        "filtre client; filtrage; selection client; selectionne client; verifi client",
        "filtra client; verific client; selecciona client; pide referencias",
        "провер клиент; отбира клиент; отбор клиент; фильтр клиент",
        "تتحقق زبائن; تتحقق عملاء; تفحص زبائن; تفحص عملاء; فحص زبائن; فحص عملاء; تختار زبائن",
        "筛选; 审核 客; 验证 客; 过滤 客",
    ),
    WeakCue.TOURING: (
        "new town; new city; new here; just arriv; on tour; touring; visiting; passing through",
        "nouvel ville; nouveau ville; passage; tournee; vient arriv; arrivee",
        "nueva ciudad; nueva pueblo; recien llega; gira; de visita",
        "нов город; новенькая; проездом; недавно прие; гастрол; на тур",
        "جديد مدين; وصلت حديثا; جولة; زيارة; وصلت للتو",
        "新来; 新到; 刚到; 刚来; 初来; 巡回; 巡演",
    ),
    WeakCue.AGE_UNDER_23: (
        "year; yr; yrs; yo; old; age; aged",
        "ans; an",
        "anos; ano; edad",
        "лет; год; года; годик; возраст",
        "سنة; عام; عمر",
        "岁; 歲; 年龄; 年纪",
    ),
}
"""Stems that tell of a cue, all of one group; one line a language: English, French, Spanish, Russian, Arabic, Chinese."""

_MORE: Final = (
    "a an the she he her his hers it its is are was be in on at of and or with this that they them to for from says say said states stated "
    "claims ad advert advertisement listing page text profile shows show only just very quite so too girl woman women person people model "
    "picture image looks looking town city week now here today new young old arrived client customer required number who "
    "pretty beautiful cute sexy",
    "le la les un une des de du d l s elle il est sont et ou dans en sur avec cette ce ces sa son fille femme tres trop photo "
    "profil page dit ses client ville ici semaine jeune plus qui a annonce jolie belle",
    "el la los las un una de del y o en con esta este es son su sus ella chica mujer muy foto imagen anuncio perfil pagina dice tiene se "
    "cliente ciudad aqui semana joven a los que bonita guapa",
    "она он они ее его ей ему у на в во и или с со это эта этот девушк женщин девочк очень фото фотограф изображ анкет страниц объявлен "
    "клиент город здесь недел молод красив",
    "هي هو في من على الى مع هذا هذه فتاة بنت امراة نساء صور صفحة اعلان تقول يقول جدا فقط عملاء زبائن مدينة هنا اسبوع لها جميل",
    "她 他 它 的 是 在 和 或 也 都 就 很 非常 太 只 有 了 这 那 个 位 里 上 来 去 看起来 看上去 看着 女孩 女子 女人 女生 女 人 "
    "照片 图片 广告 页面 说 称 写 客户 客人 "
    "漂亮 顾客 城市 城里 本市 城 市 镇 新 到 刚 才 今天 本周",
)
"""What may stand around a cue without saying more; the same languages."""


def _groups(lines: Iterable[str]) -> tuple[Stems, ...]:
    return tuple(words_of(group) for line in lines for group in line.split(";"))


_TELLING: Final = {cue: _groups(lines) for cue, lines in _SIGNALS.items()}
_AROUND: Final = tuple(
    sorted(
        {*words_of(" ".join(_MORE)), *(stem for groups in _TELLING.values() for group in groups for stem in group)}, key=len, reverse=True
    )
)
_JOINED: Final = tuple(stem for stem in _AROUND if joins_words(stem))
_PARTED: Final = tuple(stem for stem in _AROUND if not joins_words(stem))
_WHOLE_UP_TO: Final = 3
"""Letters up to which a stem stands for itself alone: “an” must not swallow “another”."""


def weak_cue(item: Evidence, *, under_18: bool) -> WeakCue:
    """The cue that this item rests on alone, as ticked or as its text tells; NONE where it shows more.

    The age of an offered child is no weak cue. A young look stays one: it makes nobody a child.
    """
    if item.cue is WeakCue.AGE_UNDER_23 and under_18:
        return WeakCue.NONE
    return item.cue if item.cue is not WeakCue.NONE else cue_of(item.text)


def cue_of(text: str) -> WeakCue:
    """The cue that a text tells of and says no more than; NONE of a text that says more, or something else."""
    words = words_of(text)
    cue = next((cue for cue in _TELLING if _tells(cue, words)), WeakCue.NONE)
    return cue if cue is not WeakCue.NONE and weight(_left(words)) < policy.CUE_MORE_LEAST else WeakCue.NONE


def says_only(text: str, *, telling: tuple[Stems, ...], around: Stems = ()) -> bool:
    """Whether a text tells of one of these and says nothing more."""
    words = words_of(text)
    if not any(holds_all(words, group) for group in telling):
        return False
    known = (*around, *(stem for group in telling for stem in group))
    return weight(_left(words, known)) < policy.CUE_MORE_LEAST


def stems(lines: Iterable[str]) -> tuple[Stems, ...]:
    """Groups of stems from lines in which a semicolon parts them."""
    return _groups(lines)


def _tells(cue: WeakCue, words: Stems) -> bool:
    if cue is WeakCue.AGE_UNDER_23:
        ages = " ".join(words)
        if not _WEAK_AGE.search(ages) or _CHILDS_AGE.search(ages):
            return False
        # Digits and a unit may be one word: 19yo, 19岁.
        words = tuple(re.sub(r"\d+", "", word) for word in words)
    return any(holds_all(words, group) for group in _TELLING[cue])


def _left(words: Stems, more: Stems = ()) -> str:
    return "".join(_unknown(re.sub(r"\d+", "", word), more) for word in words)


def _unknown(word: str, more: Stems) -> str:
    """What of a word is not known to stand around cues."""
    if not joins_words(word):
        return "" if any(_stands_for(stem, word) for stem in (*_PARTED, *more)) else word
    joined = (*_JOINED, *more)
    if "\u0600" <= word[0] <= "\u06ff":
        return "" if any(stem in word for stem in joined) else word
    for stem in joined:
        word = word.replace(stem, "")
    return word


def _stands_for(stem: str, word: str) -> bool:
    return word == stem if len(stem) <= _WHOLE_UP_TO else holds(word, stem)
