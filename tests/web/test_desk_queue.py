"""Several cases in one step, a person's own lanes, and looking for a case: each by plain forms and addresses."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.web.visitors import new_site, one_app, report, signed_in

TOMORROW = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"


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
    answer = amira.post("/desk/queue/several", {"case": [case], "act": "park", "until": TOMORROW, "because": "soon"})
    assert answer.status_code == 422
    assert "Write what this case waits for" in amira.page
    assert 'value="soon"' in amira.page
    amira.post("/desk/queue/several", {"case": [case], "act": "park", "until": TOMORROW, "because": "We wait for the hotline."})
    assert site in amira.get("/desk/queue?lane=parked").text


def test_ticked_cases_are_merged_and_a_merge_that_cannot_be_keeps_what_was_typed(app, amira):
    kept = new_site()
    stays, case = report(app, kept), report(app)
    amira.get("/desk/queue")
    given = {"case": [case], "act": "merge", "into": kept, "merge_note": "Both sites show the same advert."}
    answer = amira.post("/desk/queue/several", given)
    assert answer.status_code >= 400
    assert "Tick that you sent none" in amira.page
    assert "This was not done." in amira.page
    assert f'value="{kept}"' in amira.page
    assert 'value="Both sites show the same advert."' in amira.page
    amira.post("/desk/queue/several", given | {"sent_none": "1"})
    assert "Done for 1 case." in amira.follow().text
    assert "duplicate" in amira.get(f"/desk/cases/{case}").text.lower()
    assert stays in amira.get("/desk/queue").text


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
