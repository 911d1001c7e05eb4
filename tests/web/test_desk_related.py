"""Cases that may belong together: found by host, by what reports' texts name and by how they read; shown with the reason, never merged."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app import intake, marking, sealing
from moderation import policy, resources, retention
from moderation.models import Case, KnownHostRow, Report, ReportMark, ResourceRow
from moderation.vocabulary import Category, Lane
from tests.builders import NOON
from tests.web.visitors import claim, database_of, new_site, one_app, signed_in

STORY = (
    "We answered an offer for hotel work in the city. When we came they took our passports and said we owe them for the journey, "
    "the room and the food, and nobody may leave before all of that is paid; at night they lock the doors of the house."
)
NUMBER = "+41 79 123 45 67"


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def moderator(app):
    return signed_in(app)


def send(app, what, **typed):
    """A report through the one door; gives the reference of its first resource's newest case."""
    keys = app.extensions["keys"]
    found = intake.read(what, keys)
    arrival = intake.Arrival(
        typed={"what": what, **typed},
        resources=found,
        category=Category.LABOUR,
        danger_now=False,
        language="en",
        lane=Lane.STANDARD,
        code=sealing.new_receipt(),
    )
    with database_of(app).transaction() as session:
        assert intake.take(session, arrival, keys, at=NOON)
    query = select(Case.reference).join(ResourceRow).where(ResourceRow.canonical == found[0].canonical).order_by(Case.id.desc()).limit(1)
    with database_of(app).reading() as session:
        return session.scalars(query).one()


def said_of(moderator, case, other):
    """What the page of one case says of another: its line, or nothing."""
    page = moderator.get(f"/desk/cases/{case}").text
    lines = [re.sub(r"<[^>]+>", " ", line) for line in re.findall(r"<li><a href=.*?</li>", page) if f"/desk/cases/{other}" in line]
    return " ".join(" ".join(lines).split())


def marks(app):
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(ReportMark))


def unique(words):
    return f"{uuid.uuid4().hex[:8]} {words}"


def test_the_same_name_with_and_without_www_is_related(app, moderator):
    site = new_site()
    one, other = send(app, site), send(app, site.replace("www.", ""))
    assert "but for “www.”" in said_of(moderator, one, other)


def test_another_host_of_the_same_domain_is_related(app, moderator):
    site = new_site()
    one, other = send(app, site), send(app, site.replace("www.", "mail."))
    assert "On the same domain" in said_of(moderator, one, other)


def test_strangers_on_a_messaging_service_are_not_related(app, moderator):
    one, other, page = (send(app, f"https://t.me/{path}") for path in (f"a{uuid.uuid4().hex[:8]}", f"b{uuid.uuid4().hex[:8]}", "s/x/12"))
    assert [said_of(moderator, one, other), said_of(moderator, one, page), said_of(moderator, page, other)] == ["", "", ""]


def test_strangers_on_a_shared_platform_are_not_related(app, moderator):
    site = new_site()
    domain = site.split("/")[2].removeprefix("www.")
    with database_of(app).transaction() as session:
        session.add(KnownHostRow(host=domain, host_class="platform", source="tests"))
    one, other, third = (send(app, f"https://{name}.{domain}/x") for name in ("anna", "boris", "www"))
    assert [said_of(moderator, one, other), said_of(moderator, third, other)] == ["", ""]


def test_two_pages_of_one_persons_part_of_a_shared_platform_are_related(app, moderator):
    site = new_site()
    domain = site.split("/")[2].removeprefix("www.")
    with database_of(app).transaction() as session:
        session.add(KnownHostRow(host=domain, host_class="platform", source="tests"))
    one, other = send(app, f"https://anna.{domain}/x"), send(app, f"https://anna.{domain}/y")
    assert "On the same host" in said_of(moderator, one, other)


def test_a_page_named_in_a_reports_text_leads_to_its_case_and_back(app, moderator):
    site = new_site()
    named, naming = send(app, site), send(app, new_site(), more=f"They also use {site} for this.")
    assert "Named in a report’s text here" in said_of(moderator, naming, named)
    assert "A report’s text there names this" in said_of(moderator, named, naming)


def test_two_texts_that_name_the_same_are_related(app, moderator):
    site = new_site()
    one = send(app, new_site(), more=f"See {site} too.")
    other = send(app, new_site(), where_seen=f"On {site.upper().replace('/OFFER', '/offer')} it was")
    assert "Named in both texts" in said_of(moderator, one, other)


@pytest.mark.parametrize("spellings", [("+41 79 812 45 67", "0041798124567"), ("Someone@Jobs.test", "someone@jobs.test")])
def test_the_same_number_or_mailbox_in_two_texts_is_related_however_it_is_written(app, moderator, spellings):
    one, other = (send(app, new_site(), more=f"Ask for them at {spelling} only") for spelling in spellings)
    assert "Named in both texts" in said_of(moderator, one, other)


def test_a_number_named_in_a_text_is_related_to_its_own_case(app, moderator):
    number, naming = send(app, "+41 79 812 99 67"), send(app, new_site(), more="Call 0041 79 812 99 67 and ask")
    assert ("names this" in said_of(moderator, number, naming), "text here" in said_of(moderator, naming, number)) == (True, True)


def test_texts_that_say_nearly_the_same_are_related(app, moderator):
    one = send(app, new_site(), more=STORY)
    other = send(app, new_site(), more=STORY.replace("hotel", "farm").upper() + " Please help.")
    assert "says much the same" in said_of(moderator, one, other)


def test_texts_that_share_a_few_words_are_not(app, moderator):
    words = "The girls in this advertisement look very young and the same number stands under each of the pictures of the site"
    one = send(app, new_site(), more=words)
    other = send(app, new_site(), more="The girls in this advertisement wear uniforms, for a school play next month; I was mistaken")
    assert said_of(moderator, one, other) == ""


def test_short_texts_are_never_near(app, moderator):
    one, other = send(app, new_site(), more="It looks wrong."), send(app, new_site(), more="It looks wrong.")
    assert said_of(moderator, one, other) == ""


def test_what_one_report_names_together_is_not_shown_as_related(app, moderator):
    one, other = new_site(), new_site()
    (second,) = intake.read(other, app.extensions["keys"])
    case = send(app, f"{one} {other}", more=STORY.replace("hotel", unique("inn")))
    with database_of(app).reading() as session:
        found = session.scalars(select(Case.reference).join(ResourceRow).where(ResourceRow.canonical == second.canonical)).one()
    assert said_of(moderator, case, found) == ""


def test_the_same_number_pasted_beside_two_addresses_relates_them(app, moderator):
    one, other = send(app, f"{new_site()} {NUMBER}"), send(app, f"{new_site()} {NUMBER.replace(' ', '')}")
    assert "Named in both texts: Telephone number" in said_of(moderator, one, other)


def test_a_number_reported_alone_leaves_no_mark(app):
    before = marks(app)
    send(app, NUMBER)
    assert marks(app) == before


def test_how_to_reach_the_reporter_relates_nothing(app, moderator):
    before = marks(app)
    one, other = (send(app, new_site(), contact=f"{new_site()} someone@home.test {NUMBER}") for _ in "ab")
    assert (marks(app), said_of(moderator, one, other)) == (before, "")


def test_a_report_without_words_leaves_no_mark(app):
    before = marks(app)
    send(app, new_site())
    assert marks(app) == before


def test_a_text_that_names_very_many_things_leaves_a_bounded_number_of_marks(app):
    before = marks(app)
    send(app, new_site(), more=" ".join(f"https://x{number}.test" for number in range(90)))
    assert marks(app) - before <= policy.MARKS_PER_REPORT + policy.TEXT_BANDS


def test_marks_tell_nothing_without_the_key(app, tmp_path):
    site = new_site()
    (named,) = resources.parse(site, text_digest=lambda words: words)
    keys = app.extensions["keys"]
    other = type(keys)(secret=b"another", desk_recipient=keys.desk_recipient, desk_identity=None)
    assert marking.of_resource(named, keys) != marking.of_resource(named, other)
    assert marking.signature(STORY, keys) != marking.signature(STORY, other)


def test_marks_go_with_the_text(app):
    send(app, new_site(), more=f"{STORY} See {new_site()}.")
    is_gone = Report.sealed.is_(None)
    with database_of(app).transaction() as session:
        while retention.run(session, at=NOON + policy.REPORT_TEXT_KEPT + timedelta(hours=1)):
            pass
        left = session.scalar(select(func.count()).select_from(ReportMark).join(Report, Report.id == ReportMark.report_id).where(is_gone))
        signed = session.scalar(select(func.count()).select_from(Report).where(Report.text_signature.is_not(None), is_gone))
        shredded = session.scalar(select(func.count()).select_from(Report).where(is_gone))
    assert (left, signed, shredded > 0) == (0, 0, True)


def test_a_page_shows_a_bounded_number_of_near_cases(app, moderator):
    site = new_site()
    for _ in range(policy.RELATED_SHOWN + 3):
        send(app, new_site(), more=f"Also {site} of course.")
    page = moderator.get(f"/desk/cases/{send(app, site)}").text
    assert page.count("A report’s text there names this") == policy.RELATED_SHOWN


@pytest.mark.long
def test_a_text_sent_very_often_still_relates_its_cases(app, moderator):
    story, site = STORY.replace("hotel", unique("tavern")), new_site()
    one = send(app, new_site(), more=story)
    often = {send(app, site, more=story) for _ in range(policy.RELATED_LOOKED_AT + 5)}
    assert "says much the same" in said_of(moderator, one, *often)


def test_a_near_case_is_shown_with_its_place_in_the_queue_and_the_reason_alone(app, moderator):
    site = new_site()
    named, naming = send(app, site), send(app, new_site(), more=f"Look at {site} as well.")
    claim(moderator, named)
    said = said_of(moderator, naming, named)
    assert said.partition(" · ")[0].endswith("Waiting")
    assert said.partition(" · ")[2].startswith("Named in a report’s text here: ")


def test_intake_writes_no_word_of_a_text_into_the_tables(app):
    site = new_site()
    send(app, new_site(), more=f"canarytext {site}")
    with database_of(app).reading() as session:
        rows = session.execute(text("SELECT encode(mark, 'escape') FROM report_mark")).scalars().all()
    assert not any("canary" in row or "jobs" in row for row in rows)
