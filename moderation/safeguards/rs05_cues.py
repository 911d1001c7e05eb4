"""RS05: nothing is listed because somebody looks young, screens clients, travels or is under 23. Must not weigh what else is shown."""

from typing import Final

from moderation import policy
from moderation.safeguards._cues import weak_cue
from moderation.safeguards._example import EVIDENCE, Example, facts
from moderation.safeguards._saying import says_something
from moderation.vocabulary import N_, CaseFacts, Effect, Element, Evidence, EvidenceSource, Finding, WeakCue

IDENTIFIER: Final = "RS05"
QUESTION: Final = N_("Is the sole basis a weak cue: a young-looking photo, client screening, touring language, a stated age under 23?")
SOURCE: Final = "National Institute of Justice"
REMARK: Final = N_("A study of 1,263 adverts.")
REQUIRED: Final = True

_ALL: Final = {
    WeakCue.YOUNG_LOOK: N_("All the evidence is that somebody looks young. Looks show no age, and no trafficking."),
    WeakCue.SCREENING: N_("All the evidence is that clients are screened. People who work alone do that for their own safety."),
    WeakCue.TOURING: N_("All the evidence is that somebody is new in town or on tour. Travelling to work shows no trafficking."),
    WeakCue.AGE_UNDER_23: N_("All the evidence is a stated age of 18 to 22. It shows an adult."),
}
_MEANS: Final = {
    WeakCue.YOUNG_LOOK: N_("The means rest on a young look alone, which shows neither force nor deceit."),
    WeakCue.SCREENING: N_("The means rest on the screening of clients alone, which shows neither force nor deceit."),
    WeakCue.TOURING: N_("The means rest on touring language alone, which shows neither force nor deceit."),
    WeakCue.AGE_UNDER_23: N_("The means rest on a stated age alone, which shows neither force nor deceit."),
}


def check(facts: CaseFacts) -> Finding:
    """Refuse where no evidence is left without weak cues, or where they alone stand for the means."""
    under_18 = facts.answers.under_18
    cues = [(item, weak_cue(item, under_18=under_18)) for item in facts.answers.evidence]
    weak = [(item, cue) for item, cue in cues if cue is not WeakCue.NONE]
    strong = {item.element for item, cue in cues if cue is WeakCue.NONE and says_something(item.text, least=policy.EVIDENCE_LEAST)}
    if weak and not strong:
        item, cue = weak[0]
        return _block(_ALL[cue], item)
    for item, cue in weak:
        if item.element is Element.MEANS and Element.MEANS not in strong and not under_18:
            return _block(_MEANS[cue], item)
    if weak:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("A weak cue is named, and other evidence stands without it."))
    return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("No evidence rests on a weak cue."))


def _block(reason: str, item: Evidence) -> Finding:
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=reason,
        way_forward=N_(
            "Quote what shows more: who takes the money or keeps the papers, threats, debts, somebody who may not leave. "
            "If there is nothing, close the case as lawful."
        ),
        field=f"evidence_{item.element}",
    )


_ACT, _MEANS_ITEM, _PURPOSE = EVIDENCE


def _said(text: str, element: Element = Element.ACT, cue: WeakCue = WeakCue.NONE) -> Evidence:
    return Evidence(element=element, text=text, source=EvidenceSource.PAGE, cue=cue)


def _only(*texts: str) -> CaseFacts:
    return facts(evidence=tuple(_said(text, element) for text, element in zip(texts, Element, strict=False)))


_FOR_MEANS: Final = _said("She must be under somebody's control.", Element.MEANS, WeakCue.YOUNG_LOOK)

EXAMPLES: Final[tuple[Example, ...]] = (
    ("statements of seized passports", facts(), Effect.PASS, ""),
    ("V05: new in town, and the photo looks young", _only("“New in town!”", "The photo looks very young."), Effect.BLOCK, "evidence_act"),
    ("a young-looking photo", _only("A young-looking photo"), Effect.BLOCK, "evidence_act"),
    ("somebody screens clients", _only("She screens her clients."), Effect.BLOCK, "evidence_act"),
    ("nineteen years old", _only("She is 19 years old."), Effect.BLOCK, "evidence_act"),
    ("the same in wide digits", _only("１９ year old girl"), Effect.BLOCK, "evidence_act"),
    ("French: on tour, looks young", _only("De passage en ville", "La photo a l’air très jeune"), Effect.BLOCK, "evidence_act"),
    ("French: twenty years old", _only("Une fille de 20 ans"), Effect.BLOCK, "evidence_act"),
    (
        "Spanish: just arrived, screens clients",
        _only("Recién llegada a la ciudad", "Verifica a los clientes"),
        Effect.BLOCK,
        "evidence_act",
    ),
    ("Spanish: nineteen years old", _only("La chica tiene 19 años"), Effect.BLOCK, "evidence_act"),
    ("Russian: looks young on the photo", _only("На фото девушка выглядит очень молодо"), Effect.BLOCK, "evidence_act"),
    ("Russian: new in town, nineteen", _only("Новенькая в городе", "Ей 19 лет, девушка"), Effect.BLOCK, "evidence_act"),
    ("Arabic: looks young, and nineteen", _only("تبدو صغيرة في الصورة", "عمرها ١٩ سنة فقط"), Effect.BLOCK, "evidence_act"),
    ("Arabic: new in town", _only("جديدة في المدينة"), Effect.BLOCK, "evidence_act"),
    ("Chinese: looks young, nineteen", _only("照片看起来很年轻", "她今天19岁女孩"), Effect.BLOCK, "evidence_act"),
    ("Chinese: screens clients", _only("她筛选客人和客户"), Effect.BLOCK, "evidence_act"),
    ("ticked, whatever the words", facts(evidence=(_said("Something is wrong here.", cue=WeakCue.TOURING),)), Effect.BLOCK, "evidence_act"),
    ("the means rest on a cue", facts(evidence=(_ACT, _FOR_MEANS, _PURPOSE)), Effect.BLOCK, "evidence_means"),
    (
        "the means rest on the words of a cue",
        _only("They bring her to flats.", "New in this city", "He keeps it all."),
        Effect.BLOCK,
        "evidence_means",
    ),
    ("a cue beside a statement of force", facts(evidence=(*EVIDENCE, _FOR_MEANS)), Effect.PASS, ""),
    ("a cue and more in one sentence", _only("New in town; the driver holds her passport."), Effect.PASS, ""),
    ("V27: a child of fifteen is offered", facts(evidence=(_said("“15 years old, paid sex”"), _PURPOSE), under_18=True), Effect.PASS, ""),
    (
        "V27: the age of an offered child is ticked as one under 23",
        facts(evidence=(_said("“fifteen”, for sex", cue=WeakCue.AGE_UNDER_23),), under_18=True),
        Effect.PASS,
        "",
    ),
    ("a young look makes nobody a child", facts(evidence=(_said("The photo looks young."),), under_18=True), Effect.BLOCK, "evidence_act"),
    ("nineteen, and one word of force", _only("She is 19 and beaten."), Effect.PASS, ""),
    ("French: twenty, and one word of force", _only("Elle a 20 ans, enfermée"), Effect.PASS, ""),
    ("new in town, in few letters, beside nothing", _only("new in town", "19 лет"), Effect.BLOCK, "evidence_act"),
    ("nineteen years of something else", _only("For 19 years he locked workers in."), Effect.PASS, ""),
    ("no evidence at all is for another check", facts(evidence=()), Effect.PASS, ""),
)
