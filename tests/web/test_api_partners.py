"""Reports from partners' programs: by token, many at once, each with its receipt."""

import hashlib
import uuid

import pytest
from sqlalchemy import event, func, select

from app import limits
from moderation import partners, policy
from moderation.models import AuditRecord, Case, CaseReport, Partner, ResourceRow
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.statements import statements
from tests.web.api import REPORTS, one, pointers, send, stored
from tests.web.visitors import database_of, new_site, one_app


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def token(app):
    """The token of an accredited partner."""
    with database_of(app).transaction() as session:
        builders.partner(session, "Hotline", token="the hotline's token")
    return "the hotline's token"


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


def test_a_suspended_partner_may_send_danger_alone(app):
    with database_of(app).transaction() as session:
        builders.partner(session, "Careless", token="careless token")
        partners.suspend(session, "Careless", "Sent lawful sites again after a warning.", by=SYSTEM, at=limits.clock.now())
    assert send(app, one(), token="careless token").status_code == 403
    assert send(app, {"reports": [one(danger_now=True), one()]}, token="careless token").status_code == 403
    assert send(app, {"reports": [one(danger_now=True)]}, token="careless token").status_code == 201


@pytest.mark.long
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
