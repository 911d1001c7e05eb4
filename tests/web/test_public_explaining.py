"""The pages that explain: the drawing says what the list beside it says, and privacy tells every number of policy."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import pytest
from flask_babel import force_locale

from app.pages import in_words
from app.public import drawing, explaining
from moderation import policy
from tests.web.reporters import words

SVG = "{http://www.w3.org/2000/svg}"
EVERY_STEP = (*drawing.STEPS, *drawing.ENDS, drawing.LAST)


@pytest.fixture
def visitor(standing_app):
    return standing_app.test_client()


def texts(svg):
    return [(each.text, float(each.get("x"))) for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", ["way.svg", "way-dark.svg"])
def test_the_drawing_says_every_step_in_its_order(visitor, name):
    answer = visitor.get(f"/en/about/{name}")
    assert answer.mimetype == "image/svg+xml"
    said = " ".join(text for text, _ in texts(answer.text))
    assert said == " ".join(f"{step.title} {step.words}" for step in EVERY_STEP)


def test_the_list_beside_the_drawing_says_the_same(visitor):
    told = words(visitor.get("/en/about"))
    assert [step for step in EVERY_STEP if step.title not in told or step.words not in told] == []


def test_the_drawing_is_there_by_day_and_by_night(visitor):
    page = visitor.get("/en/about").text
    assert 'srcset="/en/about/way-dark.svg" media="(prefers-color-scheme: dark)"' in page
    assert 'src="/en/about/way.svg"' in page


def test_a_language_that_begins_at_the_right_gets_the_drawing_mirrored(standing_app, visitor):
    with standing_app.test_request_context("/ar/about/way.svg"), force_locale("ar"):
        mirrored = explaining.way().get_data(as_text=True)
    assert 'direction="rtl"' in mirrored
    # Lines differ, since words differ: the places where they begin are the same, counted from the other side.
    assert {drawing.WIDTH - x for _, x in texts(mirrored)} == {x for _, x in texts(visitor.get("/en/about/way.svg").text)}


def test_the_drawing_has_the_colours_of_the_pages(visitor):
    day, night, _paper = (sheet for sheet in re.findall(r":root \{(.*?)\}", visitor.get("/static/house.css").text, re.S))
    assert [colour for colour in explaining.LIGHT if colour not in day] == []
    assert [colour for colour in explaining.DARK if colour not in night] == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("a few words that are long", ("a few words", "that are", "long")),
        ("unbreakableunbreakable word", ("unbreakableunbreakable", "word")),
        ("我们不会保留您的姓名。", ("我们不会保留", "您的姓名。")),
        ("您可以发送“举报”吗", ("您可以发送", "“举报”吗")),
        ("", ("",)),
    ],
)
def test_words_break_where_their_script_allows(text, broken):
    assert drawing.lines(text, 100, 16) == broken


def test_privacy_tells_every_number_of_policy_on_keeping():
    numbers = {name for name in vars(policy) if name.endswith("_KEPT") and isinstance(getattr(policy, name), timedelta)}
    assert {each.number for each in explaining.KEPT} == numbers


@pytest.mark.parametrize("each", explaining.KEPT, ids=lambda each: each.what)
def test_privacy_says_how_long_in_words(standing_app, visitor, each):
    with standing_app.test_request_context("/en/privacy"):
        assert each.until % {"time": in_words(each.time)} in words(visitor.get("/en/privacy"))


@pytest.mark.parametrize(
    ("duration", "told"),
    [
        (timedelta(days=365), "1 year"),
        (timedelta(days=5 * 365), "5 years"),
        (timedelta(days=30), "30 days"),
        (timedelta(hours=1), "1 hour"),
    ],
)
def test_a_duration_is_told_in_its_largest_whole_unit(standing_app, duration, told):
    with standing_app.test_request_context("/en/"):
        assert in_words(duration) == told
