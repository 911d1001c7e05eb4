"""RS03: a resource that tells of trafficking is not one that does it. Must not decide which it is; a word list only asks back."""

from typing import Final

from moderation import policy
from moderation.safeguards._example import EVIDENCE, Example, facts
from moderation.safeguards._saying import holds_all, says_something, words_of
from moderation.vocabulary import N_, CaseFacts, Effect, Finding

IDENTIFIER: Final = "RS03"
QUESTION: Final = N_("Does it facilitate trafficking, not merely mention it?")
SOURCE: Final = "General Comment 34 of the UN Human Rights Committee"
REQUIRED: Final = True

_TELLING: Final = tuple(
    words_of(group)
    for line in (
        "helpline; hotline; report traffick; report exploit; awareness; convicted; sentenced; arrested; journalis; newspaper; newsroom; "
        "according police; survivor; against traffick; anti traffick; antitraffick; combat traffick; signs traffick; get help; prosecut",
        "assistance numero; ligne ecoute; signaler traite; signaler exploit; sensibilis; condamn; arrete police; journal; selon police; "
        "survivant; contre traite; lutte traite; victimes aide",
        "linea ayuda; denunci trata; denunci explot; concienci; sensibiliz; condenad; detenid; periodis; periodic; segun policia; "
        "sobreviviente; contra trata; lucha trata; victimas ayuda",
        "горячая линия; телефон доверия; сообщ торговл; осужден; приговор; задержан; арестован; журналист; газета; по данным полиции; "
        "против торговл; борьба торговл; пострадавш помощ",
        "خط المساعدة; خط ساخن; للابلاغ; ابلغ; توعية; حكم عليه; ادين; اعتقل; صحيفة; صحفي; الناجيات; مكافحة الاتجار; ضد الاتجار",
        "求助热线; 热线; 举报; 宣传; 防范; 判刑; 判处; 逮捕; 抓获; 记者; 新闻; 报道; 幸存者; 反拐; 打拐; 打击贩卖",
    )
    for group in line.split(";")
)
"""Words of help, news, courts and campaigns, a group together; one line a language: English, French, Spanish, Russian, Arabic, Chinese."""


def check(facts: CaseFacts) -> Finding:
    """Ask for the passage by which it facilitates; ask back where that passage speaks as help, news or a court does."""
    passage = facts.answers.facilitation
    if not says_something(passage, least=policy.EVIDENCE_LEAST):
        return Finding(
            safeguard=IDENTIFIER,
            effect=Effect.BLOCK,
            reason=N_("No passage shows that it recruits, moves, controls or sells people, rather than tells of it."),
            way_forward=N_(
                "Quote the passage by which it does so; it may be one of the evidence. "
                "News, research, warnings, help and stories of survivors only mention trafficking: close those as lawful."
            ),
            field="facilitation",
        )
    words = words_of(passage)
    hint = next((group for group in _TELLING if holds_all(words, group)), None)
    if hint is None:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("A passage shows how it facilitates."))
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.WARN,
        reason=N_("The passage may tell of trafficking rather than do it: it has “%(word)s”, as help, news or a court would."),
        way_forward=N_("Write why this is no warning, report or offer of help, or quote another passage."),
        field="facilitation",
        values={"word": " … ".join(_as_written(stem, words) for stem in hint)},
    )


def _as_written(stem: str, words: tuple[str, ...]) -> str:
    return next(word for word in words if holds_all((word,), (stem,)))


def _quoting(passage: str) -> CaseFacts:
    return facts(facilitation=passage)


EXAMPLES: Final[tuple[Example, ...]] = (
    ("the offer itself is quoted", facts(), Effect.PASS, ""),
    ("a passage that is also an item of evidence", _quoting(EVIDENCE[0].text), Effect.PASS, ""),
    ("French: the offer is quoted", _quoting("« Nous gardons votre passeport jusqu’au remboursement. »"), Effect.PASS, ""),
    ("Chinese: the offer is quoted", _quoting("“包吃包住，护照由公司统一保管”"), Effect.PASS, ""),
    ("Arabic: the offer is quoted", _quoting("«نستقبلك في المطار ونأخذ جواز سفرك»"), Effect.PASS, ""),
    ("nothing is quoted", _quoting(""), Effect.BLOCK, "facilitation"),
    ("a word", _quoting("recruits"), Effect.BLOCK, "facilitation"),
    ("signs", _quoting("“……………………………”"), Effect.BLOCK, "facilitation"),
    ("V08: the page of a helpline", _quoting("Call our helpline day and night, in your language."), Effect.WARN, "facilitation"),
    ("a campaign", _quoting("Learn the signs of trafficking and raise awareness."), Effect.WARN, "facilitation"),
    ("news of a trial", _quoting("Two men were convicted of keeping nine workers in a barn."), Effect.WARN, "facilitation"),
    ("French: news of a trial", _quoting("Le gérant a été condamné pour traite d’êtres humains."), Effect.WARN, "facilitation"),
    ("Spanish: a call to report", _quoting("Denuncie la trata: llame gratis al número."), Effect.WARN, "facilitation"),
    ("Russian: a telephone for help", _quoting("Горячая линия помощи пострадавшим от торговли людьми"), Effect.WARN, "facilitation"),
    ("Arabic: a campaign", _quoting("حملة مكافحة الاتجار بالبشر"), Effect.WARN, "facilitation"),
    ("Chinese: police news", _quoting("警方抓获拐卖团伙，记者报道"), Effect.WARN, "facilitation"),
    ("the same words in capitals and wide letters", _quoting("ＣＡＬＬ the HELP\u200bLINE, they answer"), Effect.WARN, "facilitation"),
)
