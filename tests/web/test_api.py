"""Reports from programs: one from anyone, many from a partner, once however often they are sent; a bad body is never our fault."""

import orjson
import pytest

from app import limits
from app.api import examples
from app.api.shapes import Batch, BatchAnswer, StatusAnswer, StatusQuestion, Stored
from app.report_fields import LABELS
from app.report_shape import GivenReport
from moderation import policy
from tests import builders
from tests.web.api import REPORTS, STATUS, counted, one, pointers, send, stored
from tests.web.visitors import database_of, new_site, one_app

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def token(app):
    """The token of an accredited partner."""
    with database_of(app).transaction() as session:
        builders.partner(session, "Hotline", token="the hotline's token")
    return "the hotline's token"


def test_anyone_can_send_a_report_and_gets_a_receipt(app):
    answer = send(app, one("hxxps://Jobs[.]test/api?utm_source=x"))
    assert answer.status_code == 201
    assert answer.json["resources"] == [{"kind": "web_page", "canonical": "https://jobs.test/api"}]
    assert stored(app, answer.json["receipt"])[0].partner_id is None


def test_everything_that_the_form_asks_can_be_told(app):
    told = {"how_known": "work", "forms": ["labour", "begging"], "stages": ["moving"]}
    details = {name: told.get(name, f"about {name}") for name in LABELS if name != "what"}
    receipt = send(app, one("https://jobs.test/all", details=details)).json["receipt"]
    report, typed = stored(app, receipt)
    # The contact is sealed by itself, to be deleted before the rest.
    assert report.contact
    del details["contact"]
    assert typed == {"what": "https://jobs.test/all", **details, "forms": "labour,begging", "stages": "moving"}


def test_a_number_given_as_the_way_to_reach_the_reporter_opens_no_case(app):
    site = new_site()
    answer = send(app, one(f"{site}\n+33 6 55 98 71 71", details={"contact": "+33655987171"}))
    assert [each["canonical"] for each in answer.json["resources"]] == [site]


def test_a_free_text_is_taken_and_its_digest_is_nobodys_business(app):
    assert send(app, one("the red door behind the station")).json["resources"] == [{"kind": "free_text", "canonical": None}]


def test_a_report_without_a_language_is_in_the_one_that_its_program_prefers(app):
    answer = send(app, one(), **{"Accept-Language": "fr"})
    assert stored(app, answer.json["receipt"])[0].language in ("fr", "en")
    assert stored(app, send(app, one(language="pt-BR")).json["receipt"])[0].language == "pt-BR"


def test_no_answer_of_the_api_sets_a_cookie_or_is_kept(app):
    for answer in (send(app, one()), send(app, b"{"), app.test_client().get("/api/docs"), app.test_client().get(STATUS)):
        assert answer.headers.getlist("Set-Cookie") == []
        assert answer.headers["Cache-Control"] == "no-store"


BAD = {
    "nothing": (b"", 400),
    "half a body": (b'{"what": "a', 400),
    "not UTF-8": (b'{"what": "\xff"}', 400),
    "half of a surrogate pair": (b'{"what": "\\ud800", "category": "child"}', 400),
    "more than a number can be": (b'{"what": 1e999}', 400),
    "no number": (b'{"what": NaN}', 400),
    "a hundred thousand lists in one another": (b"[" * 100_000 + b"]" * 100_000, 400),
    "a thousand lists in one another": (b"[" * 1_000 + b"]" * 1_000, 422),
    "a thousand objects in one another": (b'{"what":' * 1_000 + b"1" + b"}" * 1_000, 422),
    "a number": (b"7", 422),
    "a very long number": (b'{"what": ' + b"9" * 400 + b"}", 400),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "an empty object": (b"{}", 422),
    "an empty text": (b'{"what": "", "category": "child"}', 422),
    "an unseen text": (b'{"what": " \\u200b\\u0000\\n", "category": "child"}', 422),
    "too much text": (orjson.dumps({"what": "x" * 20_001, "category": "child"}), 422),
    "too many things": (orjson.dumps({"what": " ".join(f"a{n}.test" for n in range(101)), "category": "child"}), 422),
    "an unknown category": (b'{"what": "a", "category": "other"}', 422),
    "a number for yes": (b'{"what": "a", "category": "child", "danger_now": 1}', 422),
    "a language that is none": (b'{"what": "a", "category": "child", "language": "English!"}', 422),
    "a field too many": (b'{"what": "a", "category": "child", "ip": "192.0.2.1"}', 422),
    "a stage that is none": (b'{"what": "a", "category": "child", "details": {"stages": ["x"]}}', 422),
    "a batch from anyone": (b'{"reports": []}', 403),
    "a megabyte and more": (b'{"what": "' + b"x" * 1_000_001 + b'"}', 413),
}


@pytest.mark.parametrize("what", BAD)
def test_a_body_that_cannot_be_taken_is_refused_in_a_form_that_programs_read(app, what):
    raw, status = BAD[what]
    before = counted(app)
    answer = send(app, raw)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert answer.json["detail"]
    assert counted(app) == before


def test_what_is_wrong_is_told_place_by_place(app):
    given = {"what": "", "danger_now": "yes", "details": {"stages": ["moving", "x"], "a/b": 1}}
    assert set(pointers(send(app, given))) == {"/what", "/category", "/danger_now", "/details/stages/1", "/details/a~1b"}


def test_no_refusal_repeats_what_was_typed(app):
    answer = send(app, {"what": "typed-in-the-api", "category": "typed-in-the-api", "details": {"more": ["typed-in-the-api"]}})
    assert "typed-in-the-api" not in answer.text


def test_signs_that_cannot_be_seen_keep_no_report_away(app):
    assert send(app, one("https://jobs.test/nul\u0000", details={"more": "\u0000\U0001f600"})).status_code == 201


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_not_said_to_be_json_is_refused(app, content_type):
    answer = app.test_client().post(REPORTS, data=orjson.dumps(one()), content_type=content_type)
    assert (answer.status_code, answer.mimetype) == (415, PROBLEM)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_method_that_is_not_there_is_told_which_ones_are(app, method):
    answer = app.test_client().open(REPORTS, method=method)
    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert "POST" in answer.headers["Allow"]


def follow(app, receipt):
    return app.test_client().post(STATUS, json={"receipt": receipt})


def test_a_receipt_tells_how_far_a_report_is(app):
    site = new_site()
    answer = follow(app, send(app, one(site)).json["receipt"].lower().replace("-", " "))
    assert answer.status_code == 200
    assert answer.json["resources"] == [{"kind": "web_page", "canonical": site, "stage": "received", "outcome": None}]
    assert answer.json["received_at"].endswith(":00:00+00:00")


def test_a_receipt_that_nobody_has_is_not_found(app):
    assert (follow(app, "AAAA-BBBB").status_code, follow(app, "AAAA-BBBB").mimetype) == (404, PROBLEM)


@pytest.mark.parametrize("body", [{}, [], {"receipt": 7}, {"receipt": ""}, {"receipt": "a", "more": 1}, {"receipt": "x" * 201}])
def test_a_question_without_a_receipt_is_refused(app, body):
    assert app.test_client().post(STATUS, json=body).status_code == 422


def test_what_may_be_sent_can_be_asked(app):
    told = app.test_client().get(STATUS).json
    assert told["categories"] == ["sexual", "labour", "child", "moved", "unsure"]
    assert told["limits"]["batch_reports"] == policy.BATCH_REPORTS


def test_reports_over_a_budget_are_taken_in_the_slower_lane(app, monkeypatch):
    seen = []
    monkeypatch.setattr(limits, "lane_for", lambda channel, **given: seen.append((str(channel), given.get("reports", 1))) or "slow")
    assert stored(app, send(app, one()).json["receipt"])[0].lane == "slow"
    assert seen == [("api", 1)]


EXAMPLES = [
    *((GivenReport, each["value"]) for each in examples.REPORT.values()),
    *((Batch, each["value"]) for each in examples.BATCH.values()),
    *((Stored, each["value"]) for each in examples.STORED.values()),
    *((BatchAnswer, each["value"]) for each in (*examples.BATCH_STORED.values(), *examples.BATCH_IN_PART.values())),
    *((StatusQuestion, each["value"]) for each in examples.STATUS_QUESTION.values()),
    *((StatusAnswer, each["value"]) for each in examples.STATUS.values()),
]


@pytest.mark.parametrize(("shape", "example"), EXAMPLES)
def test_an_example_is_what_it_is_an_example_of(shape, example):
    shape.model_validate_json(orjson.dumps(example))


def test_the_page_tells_every_call_and_every_field(app):
    document, page = app.test_client().get("/api/openapi.json").json, app.test_client().get("/api/docs").text
    fields = {field for schema in document["components"]["schemas"].values() for field in schema.get("properties", {})}
    assert [name for name in (*document["paths"], *fields) if name not in page] == []
