"""Closing, referring and putting aside over HTTP; second looks at what is listed; nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from moderation import reviewing
from moderation.models import Case, Listing, NoticeRow, ReferralRow
from moderation.vocabulary import Role
from tests.web.visitors import assess, claim, database_of, one_app, report, send, signed_in

NOTE = {"note": "Looked at with care; see the fields.", "sent_none_of_the_reports": "1"}
REFERRAL = {
    "refer_recipient": "The national unit",
    "refer_country": "fr",
    "refer_passed_on": "The address and the reports.",
    "refer_at": "2026-11-20",
}


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app, email="amira.out@demo.example")


@pytest.fixture(scope="module")
def luis(app):
    return signed_in(app, email="luis.out@demo.example")


@pytest.fixture(scope="module")
def dora(app):
    return signed_in(app, Role.SENIOR, email="dora.out@demo.example")


@pytest.fixture
def case(app):
    return report(app)


def state(app, case):
    with database_of(app).reading() as session:
        return session.scalar(select(Case.state).where(Case.reference == case))


def in_days(days: int) -> str:
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}"


def close(visitor, case, **form):
    claim(visitor, case)
    visitor.get(f"/desk/cases/{case}")
    return send(visitor, case, "reject", {**NOTE, **form})


def living(app, case):
    with database_of(app).reading() as session:
        query = select(Listing.reference).join(Case, Case.id == Listing.case_id).where(Case.reference == case, Listing.ended_at.is_(None))
        return session.scalar(query)


def listed(app, amira, luis, case):
    assess(amira, case, "propose")
    assess(luis, case, "confirm")
    return living(app, case)


@pytest.mark.long
def test_every_way_to_close_is_one_choice_with_its_fields(amira, case):
    claim(amira, case)
    page = amira.get(f"/desk/cases/{case}").text
    for outcome in reviewing.ONE_PERSONS:
        assert re.search(rf'name="outcome" value="{outcome}"', page), outcome
    for field in ("takedown_recipient", "monitor_back_at", "evidence_where", "refer_recipient", "duplicate_of", "misuse"):
        assert len(re.findall(rf'<(?:input|textarea) id="{field}"', page)) == 1


def test_a_takedown_is_asked_for_with_its_notice(app, amira, case):
    fields = {"takedown_recipient": "The host", "takedown_asked": "Take it down.", "takedown_back_at": in_days(5)}
    answered = close(amira, case, outcome="takedown_only", **fields, takedown_proof="ticket 1", takedown_sent_at="2026-11-20")
    assert (answered.status_code, state(app, case)) == (303, "takedown_asked")
    page = amira.follow().text
    assert "comes back to the queue on" in page
    assert "Take it down." in page
    with database_of(app).reading() as session:
        proofs = select(NoticeRow.proof).join(Case, Case.id == NoticeRow.case_id).where(Case.reference == case)
        assert session.scalars(proofs).all() == ["ticket 1"]


def test_what_is_missing_stands_beside_its_own_field_and_nothing_is_lost(app, amira, case):
    answered = close(amira, case, outcome="takedown_only", takedown_asked="Take it down at once, please.")
    assert (answered.status_code, state(app, case)) == (422, "waiting")
    for field in ("takedown_recipient", "takedown_back_at", "takedown_proof"):
        assert f'id="{field}-fault"' in amira.page
    assert "Take it down at once, please." in amira.page
    assert re.search(r'value="takedown_only" checked', amira.page)


def test_a_case_is_put_aside_and_taken_back(app, amira, luis, case):
    close(amira, case, outcome="monitor", monitor_back_at=in_days(10))
    assert state(app, case) == "monitored"
    luis.get(f"/desk/cases/{case}")
    assert luis.post(f"/desk/cases/{case}/wake").status_code == 303
    assert state(app, case) == "waiting"


def test_somebody_with_an_interest_hands_the_case_on(app, amira, luis, case):
    assert close(amira, case, outcome="more_evidence", evidence_hand_on="1").status_code == 303
    assert state(app, case) == "waiting"
    assert claim(amira, case).status_code == 403
    assert claim(luis, case).status_code == 303


def test_a_referral_is_written_down_and_the_case_goes_on(app, amira, case):
    answered = close(amira, case, outcome="refer_police", **REFERRAL, refer_go_on="1", note="")
    assert (answered.status_code, state(app, case)) == (303, "waiting")
    assert "The national unit" in amira.follow().text
    assert close(amira, case, outcome="refer_police", **REFERRAL, refer_hold_until=in_days(20)).status_code == 303
    assert state(app, case) == "on_hold"
    with database_of(app).reading() as session:
        rows = session.scalars(select(ReferralRow).order_by(ReferralRow.id.desc()).limit(2)).all()
    assert [row.country for row in rows] == ["FR", "FR"]
    amira.get(f"/desk/cases/{case}")
    assert amira.post(f"/desk/cases/{case}/referrals/{rows[0].reference}/lift").status_code == 303
    assert state(app, case) == "waiting"


def test_a_duplicate_is_shown_by_both_cases(app, amira, luis, case):
    other = report(app)
    close(amira, case, outcome="duplicate", duplicate_of=other)
    assert state(app, case) == "duplicate"
    assert f"/desk/cases/{other}" in luis.get(f"/desk/cases/{case}").text
    assert f"/desk/cases/{case}" in luis.get(f"/desk/cases/{other}").text


def test_a_page_is_listed_for_a_week(app, amira, luis, case):
    assess(amira, case, "propose", for_a_week="1")
    assess(luis, case, "confirm", for_a_week="1")
    with database_of(app).reading() as session:
        found = session.scalars(select(Listing).join(Case, Case.id == Listing.case_id).where(Case.reference == case)).one()
    assert (found.temporary, (found.expires_at - found.starts_at).days) == (True, 7)


def test_one_person_narrows_what_is_listed(app, amira, luis, dora, case):
    for visitor, verb in ((amira, "propose"), (luis, "confirm"), (dora, "confirm")):
        assess(visitor, case, verb, "domain")
    wide, page = living(app, case), dora.get(f"/desk/cases/{case}").text
    step = re.search(r'name="narrow_to" value="(page\|[^"]+)"', page)[1]
    assert dora.post(f"/desk/cases/{case}/listings/{wide}/narrow", {"narrow_to": step, "because": ""}).status_code == 422
    answered = dora.post(f"/desk/cases/{case}/listings/{wide}/narrow", {"narrow_to": step, "because": "One page is the harm."})
    assert answered.status_code == 303
    assert living(app, case) not in (None, wide)


@pytest.mark.long
def test_what_was_seen_is_written_down(app, amira, luis, case):
    listed(app, amira, luis, case)
    amira.get(f"/desk/cases/{case}")
    assert amira.post(f"/desk/cases/{case}/look", {}).status_code == 422
    assert amira.post(f"/desk/cases/{case}/look", {"presence": "changed", "look_note": "A bakery now."}).status_code == 303
    assert state(app, case) == "suspended"
    assert "A bakery now." in amira.follow().text


def test_an_emergency_is_one_step_and_waits_for_anothers_look(app, amira, luis, dora, case):
    reference = listed(app, amira, luis, case)
    assert f"/desk/listings/{reference}/emergency" in amira.get(f"/desk/cases/{case}").text
    assert amira.post(f"/desk/listings/{reference}/emergency", {"emergency_reason": "too_wide"}).status_code == 303
    assert state(app, case) == "delisted"
    assert f"/desk/listings/{reference}/reviewed" not in amira.get("/desk/listings").text
    assert f"/desk/listings/{reference}/reviewed" in dora.get("/desk/listings").text
    assert dora.post(f"/desk/listings/{reference}/reviewed", {"review_note": "", "was_right": "yes"}).status_code == 422
    assert dora.post(f"/desk/listings/{reference}/reviewed", {"review_note": "It hit a clinic.", "was_right": "yes"}).status_code == 303
    assert f"/desk/listings/{reference}/reviewed" not in dora.get("/desk/listings").text


def test_a_re_review_keeps_or_delists(app, amira, luis, dora, case):
    listed(app, amira, luis, case)
    with database_of(app).transaction() as session:
        found = session.scalars(select(Listing).join(Case, Case.id == Listing.case_id).where(Case.reference == case)).one()
        reviewing.bring_back(session, at=found.review_at)
    claim(dora, case)
    page = dora.get(f"/desk/cases/{case}").text
    assert "Keep it listed" in page
    assert 'value="delist"' in page
    assert send(dora, case, "keep", {"keep_note": "", "keep_days": "30", "sent_none_of_the_reports": "1"}).status_code == 422
    kept = send(dora, case, "keep", {"keep_note": "The offer is the same.", "keep_days": "30", "sent_none_of_the_reports": "1"})
    assert (kept.status_code, state(app, case)) == (303, "listed")


def test_a_case_that_waits_says_until_when_and_since_when_and_one_that_came_back_sooner_says_that(app, amira, luis, case):
    day, today = in_days(10), f"{clock.now():%Y-%m-%d}"
    close(amira, case, outcome="more_evidence", evidence_where="The register of firms.", evidence_back_at=day)
    page = luis.get(f"/desk/cases/{case}").text
    assert f"Until {day}. Said on {today}." in page
    assert "Evidence was waited for" not in page
    luis.post(f"/desk/cases/{case}/wake")
    page = luis.get(f"/desk/cases/{case}").text
    assert f"<strong>Evidence was waited for</strong> · until {day}, said on {today}; it came back sooner" in page
    with database_of(app).transaction() as session:
        session.execute(update(Case).where(Case.reference == case).values(due_at=clock.now() - timedelta(hours=1)))
    assert "it came back sooner" not in luis.get(f"/desk/cases/{case}").text
