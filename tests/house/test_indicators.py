"""The checklist of indicators: graded, sourced, and silent about what nobody may be judged by."""

import io
import re
from datetime import date

import pytest

from app import catalogues, clock, indicators
from app.indicators import CHECKLIST, About, Grade

OF_ORIGIN = re.compile(r"\b(ethnic\w*|race|racial|national(?:ity|ities)|skin|origins?|foreign\w*|accent|religio\w*)\b", re.IGNORECASE)


@pytest.mark.parametrize("one", CHECKLIST.indicators, ids=lambda one: one.id)
def test_every_indicator_names_the_page_where_it_was_read_and_when(one):
    assert one.source.page.startswith("https://")
    assert one.source.title
    assert date(2026, 1, 1) <= one.source.read <= clock.now().date()


@pytest.mark.parametrize("one", CHECKLIST.indicators, ids=lambda one: one.id)
def test_no_indicator_holds_a_sign_that_a_page_takes_for_the_place_of_a_value(one):
    assert "%" not in one.text


@pytest.mark.parametrize("one", CHECKLIST.indicators, ids=lambda one: one.id)
def test_no_indicator_asks_where_somebody_comes_from(one):
    assert OF_ORIGIN.search(f"{one.id} {one.text}".replace("_", " ")) is None


def test_each_subject_has_graded_lines_best_first():
    for subject in About:
        grades = [tuple(Grade).index(one.grade) for one in CHECKLIST.about(subject)]
        assert len(grades) >= 5
        assert grades == sorted(grades)


def test_what_the_study_found_to_predict_nothing_is_marked_as_folk():
    found = {one.id for one in CHECKLIST.indicators if one.grade is Grade.FOLK}
    assert found == {"young_photo", "tattoos", "age_under_23", "moving_around", "screens_clients"}


WHOLE = indicators.FILE.read_text("utf-8")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ('caveat = "x"', "incomplete"),
        (WHOLE.replace('source = "ilo"', 'source = "gone"', 1), "gone"),
        (WHOLE.replace('grade = "folk"', 'grade = "sure"', 1), "sure"),
        (WHOLE.replace('id = "tattoos"', 'id = "young_photo"', 1), "share an identifier"),
    ],
)
def test_a_broken_checklist_is_refused(broken, said):
    with pytest.raises(ValueError, match=said):
        indicators.read(broken)


def test_every_line_and_the_caveat_are_gathered_for_the_catalogues_as_sentences_of_the_desk():
    source = catalogues.gathered()
    found = [source.get(sentence) for sentence in (CHECKLIST.caveat, *(one.text for one in CHECKLIST.indicators))]
    assert len(found) > 15
    assert [message for message in found if message is None or not catalogues.is_for_the_desk(message)] == []


ADDED = """id = "new"
about = "job_offer"
grade = "reported"
source = "ilo"
text = "Workers sleep where they work"
"""


def test_a_line_that_somebody_adds_is_gathered_with_nothing_else_to_edit():
    added = WHOLE.replace("[[indicators]]", "[[indicators]]\n" + ADDED + "\n[[indicators]]", 1)
    assert "Workers sleep where they work" in {sentence for _, _, sentence, _ in catalogues.of_indicators(io.BytesIO(added.encode()))}
