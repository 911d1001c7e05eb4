"""Reports from programs: one from anyone, many from a partner, once however often they are sent; a bad body is never our fault."""

import hashlib
import itertools
import uuid

import orjson
import pytest
from sqlalchemy import event, func, select

from app import limits, sealing
from app.api import examples
from app.api.shapes import Batch, BatchAnswer, StatusAnswer, StatusQuestion, Stored
from app.report_fields import LABELS
from app.report_shape import GivenReport
from moderation import partners, policy
from moderation.models import AuditRecord, Case, CaseReport, Partner, Report, ReportKey, RequestKey, ResourceRow
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.statements import statements
from tests.web.visitors import database_of, new_site, one_app

REPORTS, STATUS = "/api/v1/reports", "/api/v1/status"
PROBLEM = "application/problem+json"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def token(app):
    """The token of an accredited partner."""
    with database_of(app).transaction() as session:
        builders.partner(session, "Hotline", token="the hotline's token")
    return "the hotline's token"


def one(what=None, **given):
    return {"what": what or new_site(), "category": "labour", **given}


def send(app, body, *, token="", key="", **headers):
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Idempotency-Key": key} if key else {}
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return app.test_client().post(REPORTS, data=raw, content_type="application/json", headers=headers)


def counted(app, what=Report):
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(what))


def stored(app, receipt):
    """The report with this receipt, and what was typed in it."""
    with database_of(app).reading() as session:
        report = session.scalars(select(Report).where(Report.receipt_digest == sealing.receipt_digest(receipt))).one()
        return report, sealing.open_sealed(report.sealed, session.get(ReportKey, report.id).wrapped, app.extensions["keys"])


def pointers(answer):
    return [each["pointer"] for each in answer.json["errors"]]


def fresh_key():
    return str(uuid.uuid4())


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


@pytest.mark.parametrize("header", ["Bearer guessed", "Bearer", "Basic dG9rZW46", "Bearer " + "x" * 2_000])
def test_a_token_that_is_not_good_is_refused_and_never_taken_for_anyone(app, header):
    answer = app.test_client().post(REPORTS, json=one(), headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_for_uploads_alone_sends_no_report(app):
    digest = hashlib.sha256(b"uploads alone").digest()
    rights = (partners.Right.UPLOADS,)
    with database_of(app).transaction() as session:
        partners.add_partner(session, "Files", token_digest=digest, reference=uuid.uuid4(), rights=rights, by=SYSTEM, at=builders.NOON)
    assert send(app, one(), token="uploads alone").status_code == 403


def test_a_report_of_a_partner_carries_the_partner(app, token):
    report, _ = stored(app, send(app, one(), token=token).json["receipt"])
    with database_of(app).reading() as session:
        assert session.get(Partner, report.partner_id).name == "Hotline"


def test_a_partners_batch_is_stored_and_each_report_has_its_receipt(app, token):
    answer = send(app, {"reports": [one() for _ in range(5)]}, token=token)
    assert (answer.status_code, answer.json["stored"], answer.json["refused"]) == (201, 5, 0)
    assert len({each["receipt"] for each in answer.json["results"]}) == 5
    assert [each["index"] for each in answer.json["results"]] == [0, 1, 2, 3, 4]


def test_a_report_that_is_wrong_keeps_no_other_out(app, token):
    answer = send(app, {"reports": [one(), {"what": "a"}, 7, one(" "), one()]}, token=token)
    assert answer.status_code == 207
    assert [each["status"] for each in answer.json["results"]] == [201, 422, 422, 422, 201]
    assert answer.json["results"][1]["errors"] == [{"pointer": "/category", "detail": "This is missing."}]


def test_a_batch_is_in_the_record_by_its_partner_and_counts_alone(app, token):
    send(app, {"reports": [one("https://jobs.test/in-the-record"), {}]}, token=token)
    with database_of(app).reading() as session:
        sent = select(AuditRecord).where(AuditRecord.action == "reports sent").order_by(AuditRecord.id.desc()).limit(1)
        row = session.scalars(sent).one()
    assert row.subject.startswith("partner:")
    assert row.detail == {"reports": 1, "refused": 1}


@pytest.mark.parametrize("reports", [[], {}, "a", None, [{}] * 1_001])
def test_a_batch_of_none_or_too_many_is_refused_whole(app, token, reports):
    answer = send(app, {"reports": reports}, token=token)
    assert (answer.status_code, pointers(answer)) == (422, ["/reports"])


def test_a_batch_holds_nothing_but_reports(app, token):
    assert pointers(send(app, {"reports": [one()], "partner": "another"}, token=token)) == ["/partner"]


def test_the_same_request_under_the_same_key_is_stored_once_and_answered_the_same(app, token):
    key, body = fresh_key(), {"reports": [one(), {}, one()]}
    first = send(app, body, token=token, key=key)
    before = counted(app)
    again = send(app, body, token=token, key=key)
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert counted(app) == before


def test_anyone_may_send_the_same_report_again_under_a_key(app):
    key, body = fresh_key(), one()
    assert send(app, body, key=key).json == send(app, body, key=key).json


def test_another_request_under_the_same_key_is_refused(app):
    key = fresh_key()
    send(app, one(), key=key)
    assert send(app, one(), key=key).status_code == 422


def test_two_senders_with_one_key_never_meet(app, token):
    key = fresh_key()
    assert send(app, one(), key=key).status_code == 201
    assert send(app, one(), key=key, token=token).status_code == 201


def test_without_a_key_the_same_report_is_two(app):
    body = one()
    assert send(app, body).json["receipt"] != send(app, body).json["receipt"]


def test_a_refused_request_uses_up_no_key(app):
    key = fresh_key()
    assert send(app, {"what": "a"}, key=key).status_code == 422
    assert send(app, one(), key=key).status_code == 201


def test_nothing_of_a_request_is_kept_under_its_key_but_digests(app):
    key = fresh_key()
    send(app, one("https://jobs.test/kept-under-a-key"), key=key)
    with database_of(app).reading() as session:
        kept = [row.digest + row.body_digest for row in session.scalars(select(RequestKey))]
    assert all(len(each) == 64 for each in kept)
    assert not [each for each in kept if key.encode() in each or b"kept-under-a-key" in each]


@pytest.mark.parametrize("key", ["short", "x" * 129, "with a space in it!"])
def test_a_key_that_others_could_draw_too_is_refused(app, key):
    assert send(app, one(), key=key).status_code == 400


def test_a_suspended_partner_may_send_danger_alone(app):
    with database_of(app).transaction() as session:
        builders.partner(session, "Careless", token="careless token")
        partners.suspend(session, "Careless", "Sent lawful sites again after a warning.", by=SYSTEM, at=limits.clock.now())
    assert send(app, one(), token="careless token").status_code == 403
    assert send(app, {"reports": [one(danger_now=True), one()]}, token="careless token").status_code == 403
    assert send(app, {"reports": [one(danger_now=True)]}, token="careless token").status_code == 201


def test_a_thousand_reports_come_in_one_request_and_one_transaction(app, token):
    commits, engine = [], database_of(app).engine

    def note(_connection):
        commits.append(1)

    event.listen(engine, "commit", note)
    with statements(engine) as asked:
        answer = send(app, {"reports": [one() for _ in range(policy.BATCH_REPORTS)]}, token=token)
    event.remove(engine, "commit", note)
    assert answer.json["stored"] == policy.BATCH_REPORTS
    # One for each report, one for the token and one for the record.
    assert (len(asked), len(commits)) == (policy.BATCH_REPORTS + 2, 1)


def test_a_hundred_reports_of_one_thing_make_one_case(app, token):
    site = new_site()
    with statements(database_of(app).engine) as asked:
        send(app, {"reports": [one(site) for _ in range(100)]}, token=token)
    with database_of(app).reading() as session:
        cases = select(Case.id).join(ResourceRow).where(ResourceRow.canonical == site)
        assert session.scalar(select(func.count()).select_from(cases.subquery())) == 1
        joined = select(func.count()).select_from(CaseReport).where(CaseReport.case_id.in_(cases))
        assert session.scalar(joined) == 100
    assert len(asked) <= 3 * 100 + 2


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
