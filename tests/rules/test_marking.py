"""What is looked for in a report's text, and what a text's signature tells."""

import pytest

from app import marking
from app.keys import Keys
from moderation import policy, resources
from moderation.reviewing.related import similarity

KEYS = Keys(secret=b"a secret of the tests", desk_recipient="", desk_identity=None)
WORDS = [f"word{number}" for number in range(200)]
EXAMPLES = [
    (kind, text)
    for kind, module in resources.KINDS.items()
    for text, canonical in module.EXAMPLES
    if canonical is not None and kind != resources.WORDS
]


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_what_any_kind_can_read_is_found_in_a_text(kind, text):
    assert kind in {one.kind for one in marking.named_in({"more": text})}


def test_plain_words_name_nothing():
    assert marking.named_in({"more": "They took my papers. I saw it myself; it was bad, and 3 of us left."}) == ()


def test_how_to_reach_the_reporter_is_not_looked_at():
    assert marking.named_in({"contact": "me@home.test"}) == ()


@pytest.mark.parametrize("shared", [0, 40, 80, 120, 160, 200])
def test_an_estimate_of_what_two_texts_share_is_near_the_truth(shared):
    one, other = WORDS, WORDS[:shared] + [f"other{number}" for number in range(200 - shared)]
    parts = [set(zip(words, words[1:], words[2:], strict=False)) for words in (one, other)]
    truth = len(parts[0] & parts[1]) / len(parts[0] | parts[1])
    assert abs(similarity(*(marking.signature(" ".join(words), KEYS) for words in (one, other))) - truth) < 0.25


def test_a_text_too_short_to_compare_has_no_signature():
    assert marking.signature(" ".join(WORDS[: policy.TEXT_LEAST_WORDS - 1]), KEYS) == b""


def test_texts_without_signature_are_not_alike():
    assert similarity(b"", b"") == 0


def test_case_and_spaces_do_not_change_a_signature():
    assert marking.signature(" ".join(WORDS), KEYS) == marking.signature("\n ".join(WORDS).upper(), KEYS)


def test_a_script_without_spaces_is_compared_too():
    assert marking.signature("他们扣下了我们的护照并且锁上了门", KEYS) != b""
