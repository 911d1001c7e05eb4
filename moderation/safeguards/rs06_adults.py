"""RS06: a service of consenting adults is no trafficking. Must not judge the service; it asks what shows force or deceit."""

from typing import Final

from moderation import policy
from moderation.safeguards._cues import says_only, stems, weak_cue
from moderation.safeguards._example import EVIDENCE, Example, facts
from moderation.safeguards._saying import says_something
from moderation.vocabulary import N_, CaseFacts, Effect, Element, Evidence, EvidenceSource, Finding, WeakCue

IDENTIFIER: Final = "RS06"
QUESTION: Final = N_("Is it a service of consenting adults, with no evidence of the means?")
SOURCE: Final = "OHCHR, Recommended Principles on Human Rights and Human Trafficking, principle 3"
REQUIRED: Final = True

_SERVICE: Final = stems(
    (
        "escort; sex work; sells sex; sell sex; sexual service; prostitut; call girl; paid sex; erotic massage; onlyfans; webcam",
        "escorte; travail sex; services sexuel; vend sex; massage erotique; relations tarifees",
        "acompanante; trabajo sex; trabajadora sex; servicios sexual; vende sexo; masaje erotic",
        "эскорт; секс услуг; интим услуг; проститу; эротическ массаж",
        "خدمات جنسية; دعارة; بغاء; مرافقة; تدليك جنسي",
        "援交; 性服务; 性工作; 卖淫; 陪侍; 伴游; 色情按摩",
    )
)
"""Words that name such a service; one line a language: English, French, Spanish, Russian, Arabic, Chinese."""

_AROUND: Final = stems(
    (
        "offer; provid; work; worker; working; service; massage; do; does; sell; home; hotel; hour; price; money",
        "offre; propose; travaill; service; heure; prix; argent",
        "ofrece; trabaj; servicio; hora; precio; dinero",
        "предлага; работ; услуг; час; цен; деньг",
        "تقدم; تعمل; عمل; خدمة; خدمات; ساعة; سعر; مال",
        "提供; 从事; 工作; 服务; 小时; 价格; 钱",
    )
)


def check(facts: CaseFacts) -> Finding:
    """Refuse where the means rest on nothing but a weak cue, or on that somebody offers such a service."""
    answers = facts.answers
    if answers.under_18:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("A person under 18 is concerned: no consent counts."))
    means = [item for item in answers.evidence if item.element is Element.MEANS]
    if any(_shows_means(item) for item in means):
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("An item shows the means, whatever the service."))
    if answers.adult_service:
        return _block(N_("It offers a service of adults, and nothing shows force, deceit or control."))
    if any(_names_service(item) for item in means):
        return _block(N_("What stands for the means says only that somebody offers sexual services."))
    return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("It is not said to be a service of adults."))


def _shows_means(item: Evidence) -> bool:
    is_cue = weak_cue(item, under_18=False) is not WeakCue.NONE
    return says_something(item.text, least=policy.EVIDENCE_LEAST) and not is_cue and not _names_service(item)


def _names_service(item: Evidence) -> bool:
    return says_only(item.text, telling=_SERVICE, around=tuple(stem for group in _AROUND for stem in group))


def _block(reason: str) -> Finding:
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=reason,
        way_forward=N_(
            "Quote what shows that somebody is forced, deceived or controlled: threats, papers or earnings taken, debts, a locked door. "
            "If nothing does, close the case as lawful: sex work is not trafficking."
        ),
        field="evidence_means",
    )


_ACT, _MEANS, _PURPOSE = EVIDENCE


def _service(*means: str, cue: WeakCue = WeakCue.NONE, adult_service: bool = True) -> CaseFacts:
    items = tuple(Evidence(element=Element.MEANS, text=text, source=EvidenceSource.PAGE, cue=cue) for text in means)
    return facts(evidence=(_ACT, *items, _PURPOSE), adult_service=adult_service)


EXAMPLES: Final[tuple[Example, ...]] = (
    ("hotel work; passports are taken", facts(), Effect.PASS, ""),
    (
        "V05: an escort's advert, “new in town”, a photo that looks young",
        _service("“New in town”, the photo looks young."),
        Effect.BLOCK,
        "evidence_means",
    ),
    ("an advert with no means at all", _service(), Effect.BLOCK, "evidence_means"),
    ("the means are ticked as a weak cue", _service("She asks for references.", cue=WeakCue.SCREENING), Effect.BLOCK, "evidence_means"),
    ("the means are a blank", _service("..."), Effect.BLOCK, "evidence_means"),
    ("the service itself is given as the means", _service("She offers escort services."), Effect.BLOCK, "evidence_means"),
    ("the same, and nobody ticked the service", _service("She sells sex.", adult_service=False), Effect.BLOCK, "evidence_means"),
    (
        "French: the service as the means",
        _service("Elle propose des services sexuels", adult_service=False),
        Effect.BLOCK,
        "evidence_means",
    ),
    ("Spanish: the service as the means", _service("Ofrece servicios sexuales", adult_service=False), Effect.BLOCK, "evidence_means"),
    ("Russian: the service as the means", _service("Она предлагает интимные услуги", adult_service=False), Effect.BLOCK, "evidence_means"),
    ("Arabic: the service as the means", _service("تقدم خدمات جنسية", adult_service=False), Effect.BLOCK, "evidence_means"),
    ("Chinese: the service as the means", _service("她提供性服务", adult_service=False), Effect.BLOCK, "evidence_means"),
    (
        "V06: messages show threats, and earnings are taken",
        _service("“Run and we find your mother.” He takes all she earns."),
        Effect.PASS,
        "",
    ),
    ("the service and force in one sentence", _service("She sells sex because he holds her passport."), Effect.PASS, ""),
    ("a weak cue beside a statement of force", _service("The photo looks young.", _MEANS.text), Effect.PASS, ""),
    ("V27: a child is offered", facts(evidence=(_ACT, _PURPOSE), under_18=True, adult_service=True), Effect.PASS, ""),
)
