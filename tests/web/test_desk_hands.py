"""Whose hands a case is in, as the pages say it: full hands, time that grows no longer, and a senior who takes a case over."""

import re
from datetime import timedelta

import pytest

from app import clock
from moderation import queue, reviewing
from moderation.vocabulary import Outcome, Role
from tests import builders
from tests.web.visitors import assess, claim, database_of, new_site, one_app, report, send, signed_in

NAMED = "<bdi>abuse@host.example</bdi>"
TAKEN = re.compile(r'<section class="note" aria-labelledby="taken-heading">.*?</section>', re.DOTALL)


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def amira(app):
    return signed_in(app)


@pytest.fixture
def senior(app):
    return signed_in(app, Role.SENIOR)


@pytest.mark.long
def test_with_full_hands_the_next_case_is_refused_beside_the_cases_one_holds(app, amira):
    cases = [report(app) for _ in range(11)]
    for case in cases[:10]:
        claim(amira, case)
    for address in (f"/desk/cases/{cases[10]}/claim", "/desk/queue/next"):
        amira.get("/desk/queue")
        assert amira.post(address).status_code == 409
        assert "You hold 10 cases already" in amira.page
        assert cases[0] in amira.page
        assert cases[10] not in amira.page.partition("<main")[2]


@pytest.mark.long
def test_a_senior_takes_over_and_who_held_the_case_sees_who_and_why_in_the_queue_and_at_the_case(app, amira, senior):
    case = report(app)
    claim(amira, case)
    assert "Take it over as a senior" not in amira.get(f"/desk/cases/{case}").text
    assert "Take it over as a senior" in senior.get(f"/desk/cases/{case}").text
    assert senior.post(f"/desk/cases/{case}/take-over").status_code == 422
    assert "Choose why." in senior.page
    senior.post(f"/desk/cases/{case}/take-over", {"because_taken": "away"})
    assert "Yours for 30 min" in senior.follow().text
    for address in ("/desk/queue", f"/desk/cases/{case}"):
        told = amira.get(address).text
        assert "took this case over from you" in told
        assert "The holder is away" in told
    assert "took this case over" not in senior.get("/desk/queue").text


def test_what_the_holder_wrote_meanwhile_is_given_back_to_them(app, amira, senior):
    case = report(app)
    claim(amira, case)
    amira.get(f"/desk/cases/{case}")
    senior.get(f"/desk/cases/{case}")
    senior.post(f"/desk/cases/{case}/take-over", {"because_taken": "urgent"})
    answer = send(amira, case, "reject", {"outcome": "reject_lawful", "note": "It is a news report.", "sent_none_of_the_reports": "1"})
    assert answer.status_code in (403, 409)
    assert "It is a news report." in amira.page


def test_time_that_grows_no_longer_is_told_and_the_script_hears_how_much_is_left(app, amira):
    case = report(app)
    claim(amira, case)
    now = clock.now()
    with database_of(app).transaction() as session:
        lease = {"since": now - timedelta(hours=3, minutes=50), "until": now + timedelta(minutes=2)}
        session.connection().exec_driver_sql(
            'UPDATE "case" SET held_since = %(since)s, lease_until = %(until)s WHERE reference = %(case)s', lease | {"case": case}
        )
    amira.get("/desk/queue")
    assert int(amira.post(f"/desk/cases/{case}/lease").headers["Lease-Minutes"]) in (9, 10)
    assert "work makes your time no longer" in amira.get(f"/desk/cases/{case}").text


def test_the_history_leads_to_its_older_lines_and_back(app, amira):
    case = report(app)
    with database_of(app).transaction() as session:
        for number in range(101):
            reviewing.write_note(session, case, f"Note {number}.", by=amira.actor, at=clock.now())
    assert f"/desk/cases/{case}?history=2#history-heading" in amira.get(f"/desk/cases/{case}").text
    older = amira.get(f"/desk/cases/{case}?history=2").text
    assert older.count("Note written") == 1
    assert f'href="/desk/cases/{case}#history-heading"' in older


def test_a_page_tells_that_a_seats_person_has_left(app, amira):
    site = new_site()
    left, case = signed_in(app), report(app, site)
    with database_of(app).transaction() as session:
        builders.propose(session, builders.case(session, site), left.actor, builders.answers(builders.target(site)), at=clock.now())
        session.connection().exec_driver_sql("UPDATE person SET disabled_at = now() WHERE id = %(id)s", {"id": left.actor.person_id})
    assert "works here no more" in amira.get(f"/desk/cases/{case}").text


def test_after_one_look_that_finds_nothing_a_takedown_asks_for_a_second(app, amira):
    case = report(app)
    with database_of(app).transaction() as session:
        queue.claim(session, case, by=amira.actor, at=clock.now())
    page = amira.get(f"/desk/cases/{case}").text
    assert str(Outcome.TAKEDOWN_ONLY) in page
    day = (clock.now() + timedelta(days=5)).date().isoformat()
    sent = (clock.now() - timedelta(days=1)).date().isoformat()
    given = {"takedown_recipient": "the host", "takedown_asked": "Take the page down.", "takedown_proof": "Ticket 4711"}
    given |= {"takedown_sent_at": sent, "takedown_back_at": day, "note": "The host acts within a day.", "sent_none_of_the_reports": "1"}
    assert send(amira, case, "reject", {"outcome": "takedown_only", **given}).status_code == 303
    send(amira, case, "look", {"presence": "gone"})
    assert "A second look that finds it gone" in amira.follow().text


@pytest.mark.long
def test_who_lost_a_case_closes_the_note_of_it_and_a_later_one_is_told_anew(app, amira, senior):
    case = report(app)
    claim(amira, case)
    claim_page = f"/desk/cases/{case}"
    senior.get(claim_page)
    senior.post(f"{claim_page}/take-over", {"because_taken": "away"})
    assert "took this case over from you" in amira.get("/desk/queue").text
    senior.get(claim_page)
    senior.post(f"{claim_page}/taken")
    assert claim_page in TAKEN.search(amira.get("/desk/queue").text)[0], "Only who is told can close it."
    assert amira.post(f"{claim_page}/taken", {"page": "queue"}).headers["Location"] == "/desk/queue"
    for address in ("/desk/queue", claim_page):
        assert claim_page not in "".join(TAKEN.findall(amira.get(address).text))
    assert "took this case over" not in amira.get(claim_page).text
    senior.get(claim_page)
    senior.post(f"{claim_page}/hand-back")
    claim(amira, case)
    senior.get(claim_page)
    senior.post(f"{claim_page}/take-over", {"because_taken": "urgent"})
    assert "It cannot wait" in amira.get(claim_page).text
    assert amira.post(f"{claim_page}/taken", {"page": "case"}).headers["Location"] == claim_page
    assert "It cannot wait" not in amira.follow().text


@pytest.mark.long
def test_a_blind_seat_is_told_that_a_notice_went_out_and_when_and_not_to_whom(app, amira):
    luis, case = signed_in(app), report(app)
    assess(luis, case, "propose")
    page = amira.get(f"/desk/cases/{case}").text
    assert "To whom it went you see once your own assessment is stored." in page
    assert NAMED not in page
    assert "Ticket 4711" not in page
    assert re.search(r"sent <time[^>]*>\d{4}-\d\d-\d\d", page)
    assert "<bdi>…</bdi>" not in page
    assert NAMED in luis.get(f"/desk/cases/{case}").text
