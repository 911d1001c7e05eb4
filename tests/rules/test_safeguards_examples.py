"""Runs every safeguard on its own examples, and holds each to the contract that a moderator's page relies on."""

import re
from types import ModuleType

import pytest

from moderation.safeguards import REQUIRED_IDENTIFIERS, SAFEGUARDS
from moderation.vocabulary import CaseFacts, Effect, Finding

FIELDS = {
    "provision",
    "territories",
    "evidence_act",
    "evidence_means",
    "evidence_purpose",
    "target",
    "narrower_page",
    "narrower_path",
    "narrower_host",
    "facilitation",
    "sample_pages",
    "sample_unrelated",
    "protected_as",
    "hacked",
    "lifeline",
    "conflict",
    "statement_facts",
    "statement_legal_ground",
    "statement_explanation",
    "expires_after",
    "review_after",
    "notice",
    "still_there",
    "referral",
    "shows_a_person",
    "child_material",
    *(f"explained_{identifier}" for identifier in SAFEGUARDS),
}

EXAMPLES = [
    pytest.param(module, facts, effect, field, id=f"{identifier}: {description}")
    for identifier, module in SAFEGUARDS.items()
    for description, facts, effect, field in module.EXAMPLES
]

each_example = pytest.mark.parametrize(("module", "facts", "effect", "field"), EXAMPLES)
each_safeguard = pytest.mark.parametrize("module", SAFEGUARDS.values(), ids=SAFEGUARDS)


@each_example
def test_a_safeguard_says_of_its_example_what_it_promises(module: ModuleType, facts: CaseFacts, effect: Effect, field: str) -> None:
    finding: Finding = module.check(facts)
    assert (finding.effect, finding.field) == (effect, field)


@each_example
def test_a_finding_carries_the_number_of_its_safeguard(module: ModuleType, facts: CaseFacts, effect: Effect, field: str) -> None:
    assert module.check(facts).safeguard == module.IDENTIFIER


@each_example
def test_every_place_in_a_sentence_is_filled(module: ModuleType, facts: CaseFacts, effect: Effect, field: str) -> None:
    finding: Finding = module.check(facts)
    for sentence in (finding.reason, finding.way_forward):
        places = set(re.findall(r"%\((\w+)\)s", sentence))
        assert places <= finding.values.keys()
        assert sentence.count("%") == len(re.findall(r"%\(\w+\)s", sentence))


@each_example
def test_a_finding_that_stops_or_slows_says_where_and_how_to_go_on(
    module: ModuleType, facts: CaseFacts, effect: Effect, field: str
) -> None:
    finding: Finding = module.check(facts)
    assert finding.reason
    if finding.effect is not Effect.PASS:
        assert finding.way_forward
        assert finding.field in FIELDS


@each_example
def test_a_check_leaves_its_facts_alone_and_answers_the_same_again(
    module: ModuleType, facts: CaseFacts, effect: Effect, field: str
) -> None:
    assert module.check(facts) == module.check(facts)


@each_safeguard
def test_examples_show_both_a_pass_and_a_refusal(module: ModuleType) -> None:
    assert {Effect.PASS, Effect.BLOCK} <= {effect for _, _, effect, _ in module.EXAMPLES}


@each_safeguard
def test_a_safeguard_names_its_question_and_its_source(module: ModuleType) -> None:
    assert module.QUESTION.endswith((".", "?"))
    assert module.SOURCE


@each_safeguard
def test_a_safeguard_lives_in_the_file_of_its_number(module: ModuleType) -> None:
    assert module.__name__.rpartition(".")[2].startswith(f"{module.IDENTIFIER.lower()}_")


def test_all_that_must_be_there_is_there() -> None:
    assert set(SAFEGUARDS) >= REQUIRED_IDENTIFIERS
