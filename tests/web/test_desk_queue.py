"""Several cases in one step, a person's own lanes, and looking for a case: each by plain forms and addresses."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from moderation.vocabulary import Role
from tests.web.visitors import assess, claim, new_site, one_app, report, send, signed_in

SIGN = "a colleague suspects sexual images of a child"
# Two days off: the tests may run past midnight.
SOON = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app)


def test_ticked_cases_are_claimed_together(app, amira):
    cases = [report(app), report(app)]
    amira.get("/desk/queue")
    amira.post("/desk/queue/several", {"case": cases, "act": "claim"})
    assert "Done for 2 cases." in amira.follow().text
    mine = amira.get("/desk/queue?mine=1").text
    assert all(case in mine for case in cases)


def test_parking_without_a_reason_keeps_what_was_ticked_and_typed(app, amira):
    site = new_site()
    case = report(app, site)
    amira.get("/desk/queue")
    answer = amira.post("/desk/queue/several", {"case": [case], "act": "park", "until": SOON, "because": "soon"})
    assert answer.status_code == 422
    assert "This is too short to tell anybody anything." in amira.page
    assert 'value="soon"' in amira.page
    amira.post("/desk/queue/several", {"case": [case], "act": "park", "until": SOON, "because": "We wait for the hotline."})
    assert site in amira.get("/desk/queue?lane=parked").text


@pytest.mark.long
def test_ticked_cases_are_merged_and_a_merge_that_cannot_be_keeps_what_was_typed(app, amira):
    kept = new_site()
    stays, case = report(app, kept), report(app)
    amira.get("/desk/queue")
    given = {"case": [case], "act": "merge", "into": kept, "merge_note": "Both sites show the same advert."}
    answer = amira.post("/desk/queue/several", given)
    assert answer.status_code == 422
    assert 'id="sent_none-fault"' in amira.page
    assert "This was not done." in amira.page
    assert f'value="{kept}"' in amira.page
    assert 'value="Both sites show the same advert."' in amira.page
    amira.post("/desk/queue/several", given | {"sent_none": "1"})
    assert "Done for 1 case." in amira.follow().text
    assert "duplicate" in amira.get(f"/desk/cases/{case}").text.lower()
    assert stays in amira.get("/desk/queue").text


@pytest.mark.parametrize(
    ("act", "fields"), [("park", ["cases", "until", "because"]), ("merge", ["cases", "into", "merge_note", "sent_none"])]
)
def test_all_that_is_wrong_with_a_form_for_several_is_told_at_once_and_beside_its_field(app, amira, act, fields):
    report(app)
    amira.get("/desk/queue")
    assert amira.post("/desk/queue/several", {"act": act}).status_code == 422
    summary = re.search(r'<div class="errors".*?</div>', amira.page, re.DOTALL)[0]
    assert re.findall(r'href="#([^"]+)"', summary) == fields
    assert all(f'id="{field}"' in amira.page and f'id="{field}-fault"' in amira.page for field in fields)


@pytest.mark.long
def test_why_each_of_several_was_left_is_told_where_none_was_done(app, amira):
    gone, dangerous = report(app), report(app, danger_now=True)
    assess(amira, gone, "propose")
    amira.get("/desk/queue")
    given = {"case": [gone, dangerous], "act": "park", "until": SOON, "because": "We wait for the hotline."}
    assert amira.post("/desk/queue/several", given).status_code == 409
    assert "You took part in this case already" in amira.page
    assert "none in danger" in amira.page


def test_what_somebody_put_aside_has_a_view_of_its_own(app, amira):
    site = new_site()
    case = report(app, site)
    claim(amira, case)
    later = {"outcome": "monitor", "monitor_back_at": SOON, "note": "The page is empty now.", "sent_none_of_the_reports": "1"}
    assert send(amira, case, "reject", later).status_code == 303
    page = amira.get("/desk/queue?lane=put_aside").text
    assert site in page
    assert re.search(r'aria-current="page">Put aside<span class="count">\d', page)
    assert site not in amira.get("/desk/queue?lane=parked").text


def test_a_text_without_an_address_is_never_read_out_as_a_digest(app, amira):
    report(app, "They keep people in the old mill by the river.")
    page = amira.get("/desk/queue?kind=free_text").text
    assert "A text, no address" in page
    assert not re.search(r"[0-9a-f]{40}", page.partition("<main")[2])


def test_nothing_is_listed_from_the_queue(app, amira):
    case = report(app)
    amira.get("/desk/queue")
    amira.post("/desk/queue/several", {"case": [case], "act": "list"})
    assert case not in amira.get("/desk/listings").text


def test_ones_lanes_are_kept_and_none_at_all_is_refused(app):
    luis = signed_in(app)
    luis.get("/desk/queue")
    luis.post("/desk/queue/lanes", {"lane": ["slow"]})
    assert "Your next case comes from the lanes you chose." in luis.follow().text
    assert luis.page.count('name="lane" value="slow" checked') == 1
    assert luis.post("/desk/queue/lanes", {}).status_code == 422


def test_a_case_is_found_by_its_number(app, amira):
    site = new_site()
    case = report(app, site)
    assert site in amira.get(f"/desk/queue?text={case[:8]}").text


def suspects(app, visitor, answer="suspected", category="child"):
    """A case in which this person answered so, and which is free again."""
    site = new_site()
    case = report(app, site, category=category)
    assess(visitor, case, "propose", child_material=answer)
    visitor.get(f"/desk/cases/{case}")
    visitor.post(f"/desk/cases/{case}/hand-back")
    return site, case


@pytest.mark.long
def test_whoever_opens_a_case_knows_before_that_a_colleague_suspects_images_of_a_child(app, amira):
    luis, dora = signed_in(app), signed_in(app, Role.SENIOR)
    site, case = suspects(app, luis)
    for visitor in (amira, dora):
        assert SIGN in visitor.get(f"/desk/queue?text={site}").text
        assert "A colleague suspects sexual images of a child" in visitor.get(f"/desk/cases/{case}").text
    assert SIGN not in luis.get(f"/desk/queue?text={site}").text, "It is told of colleagues."
    luis.get(f"/desk/cases/{case}")
    amira.get(f"/desk/cases/{case}")
    amira.post(f"/desk/cases/{case}/child-material", {"child_material": "suspected"})
    assert SIGN in luis.get(f"/desk/queue?text={site}").text
    amira.get(f"/desk/cases/{case}")
    amira.post(f"/desk/cases/{case}/child-material", {"child_material": "no"})
    assert SIGN not in luis.get(f"/desk/queue?text={site}").text
    assert SIGN in dora.get(f"/desk/queue?text={site}").text


@pytest.mark.long
def test_the_sign_stands_in_its_own_row_alone_and_not_where_nobody_suspects_anything(app, amira):
    site, case = suspects(app, signed_in(app))
    report(app, category="child")
    page = amira.get("/desk/queue?lane=minors").text
    rows = [row for row in page.split("<tr>") if SIGN in row]
    assert [case in row for row in rows if site in row] == [True]
    assert SIGN not in amira.get("/desk/queue?lane=standard").text


@pytest.mark.long
def test_a_blind_seat_sees_the_sign_and_nothing_of_who_or_what_else(app, amira):
    nadia, luis = signed_in(app), signed_in(app, email="luis.blind@demo.example")
    site = new_site()
    case = report(app, site)
    assess(nadia, case, "propose")
    assess(luis, case, "confirm", child_material="suspected")
    luis.get(f"/desk/cases/{case}")
    luis.post(f"/desk/cases/{case}/hand-back")
    page = amira.get(f"/desk/queue?text={site}").text
    assert SIGN in page
    assert "Luis.blind" not in page


@pytest.mark.long
def test_what_is_sealed_and_closed_carries_no_sign(app, amira):
    luis = signed_in(app)
    _site, case = suspects(app, luis)
    claim(luis, case)
    told = {
        "outcome": "refer_hotline",
        "refer_recipient": "The national hotline",
        "refer_passed_on": "The address.",
        "refer_at": "2026-11-20",
    }
    told |= {"refer_child_material": "suspected", "note": "A reporter suspects pictures of a child.", "sent_none_of_the_reports": "1"}
    assert send(luis, case, "reject", told).status_code == 303
    page = amira.get(f"/desk/queue?text={case[:8]}").text
    assert case in page
    assert SIGN not in page
