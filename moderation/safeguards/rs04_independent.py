"""RS04: two independent items of evidence, or one seen first-hand. Must never count reports, nor what rests on a weak cue alone."""

from dataclasses import replace
from typing import Final

from moderation import policy
from moderation.safeguards._cues import weak_cue
from moderation.safeguards._example import EVIDENCE, Example, facts
from moderation.safeguards._saying import content_digest, says_something
from moderation.vocabulary import N_, CaseFacts, Effect, Evidence, EvidenceSource, Finding, WeakCue

IDENTIFIER: Final = "RS04"
QUESTION: Final = N_("Are there two independent items of evidence, or one first-hand? The number of reports is not evidence.")
SOURCE: Final = "DSA article 16"
REMARK: Final = N_("The number two is this project’s own.")
REQUIRED: Final = True


def check(facts: CaseFacts) -> Finding:
    """Count sources and contents, each once; a first-hand item stands alone."""
    said = [item for item in facts.answers.evidence if says_something(item.text, least=policy.EVIDENCE_LEAST)]
    items = [item for item in said if weak_cue(item, under_18=facts.answers.under_18) is WeakCue.NONE]
    if any(item.first_hand for item in items):
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("One item is first-hand."))
    sources = {item.source for item in items}
    contents = {content_digest(item.text) for item in items}
    # For two this is exact: with two sources and two contents among the items, some pair of items differs in both.
    if min(len(sources), len(contents)) >= policy.INDEPENDENT_ITEMS:
        return Finding(
            safeguard=IDENTIFIER,
            effect=Effect.PASS,
            reason=N_("The evidence comes from %(sources)s independent sources."),
            values={"sources": len(sources)},
        )
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=N_(
            "The evidence is not independent: %(items)s items, %(contents)s different texts, %(sources)s different sources. "
            "What rests on a weak cue alone does not count, nor how many reports came in."
        ),
        way_forward=N_(
            "Add an item with another text from another source, such as a public record beside the page itself, "
            "or mark the one that its author saw first-hand."
        ),
        field="evidence_act",
        values={"items": len(items), "contents": len(contents), "sources": len(sources)},
    )


def _from(item: Evidence, source: EvidenceSource, text: str | None = None) -> Evidence:
    return replace(item, source=source, text=item.text if text is None else text)


_PAGE_ONLY: Final = tuple(_from(item, EvidenceSource.PAGE) for item in EVIDENCE)
_ACT: Final = _PAGE_ONLY[0]
_LOUDER: Final = _from(_ACT, EvidenceSource.REPORT, "ＷＥ collect  YOU at the airport, and bring you to the staff\u200b house!!")
_YOUNG: Final = "The woman in the third picture looks very young to me."

EXAMPLES: Final[tuple[Example, ...]] = (
    ("the page and a worker's statement", facts(), Effect.PASS, ""),
    ("one statement of someone who was there", facts(evidence=(replace(_ACT, first_hand=True),)), Effect.PASS, ""),
    ("three quotations of one page are one source", facts(evidence=_PAGE_ONLY), Effect.BLOCK, "evidence_act"),
    (
        "V08: thirty identical reports are one item",
        facts(evidence=(_from(_ACT, EvidenceSource.REPORT), _from(_ACT, EvidenceSource.OTHER_REPORT)), report_count=30),
        Effect.BLOCK,
        "evidence_act",
    ),
    ("thirty reports and one page", facts(evidence=_PAGE_ONLY, report_count=30), Effect.BLOCK, "evidence_act"),
    ("the same words in capitals, wide letters and other signs", facts(evidence=(_ACT, _LOUDER)), Effect.BLOCK, "evidence_act"),
    (
        "a first-hand item that says nothing",
        facts(evidence=(replace(_ACT, text="saw it", first_hand=True),)),
        Effect.BLOCK,
        "evidence_act",
    ),
    (
        "the page, and a first-hand item that rests on somebody's young look",
        facts(evidence=(_ACT, replace(_ACT, text=_YOUNG, source=EvidenceSource.PUBLIC_RECORD, first_hand=True, cue=WeakCue.YOUNG_LOOK))),
        Effect.BLOCK,
        "evidence_act",
    ),
    (
        "the page and a worker's statement, beside a weak cue",
        facts(evidence=(*EVIDENCE, replace(_ACT, text=_YOUNG, cue=WeakCue.YOUNG_LOOK))),
        Effect.PASS,
        "",
    ),
    ("nothing at all", facts(evidence=()), Effect.BLOCK, "evidence_act"),
)
