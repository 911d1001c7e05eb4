"""A partner's file: looked at before anything is stored, then taken in, with a receipt for each row and nothing left lying about."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select, text

from app import clock, jobs, sealing
from moderation import partners, policy
from moderation.models import Report, Upload
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.web.visitors import database_of, new_site, one_app

TOKEN = "the token of a partner with files"
HELD = re.compile(r'name="held" value="([^"]+)"')


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    for app in one_app(server, template, tmp_path_factory.mktemp("instance")):
        with database_of(app).transaction() as session:
            builders.partner(session, "Files", token=TOKEN)
        yield app


def sheet(*rows, names="what,category"):
    return "\n".join((names, *rows)).encode()


def preview(app, content, token=TOKEN):
    return app.test_client().post("/partner/", data={"token": token, "file": (io.BytesIO(content), "reports.csv")})


def confirm(app, page):
    return app.test_client().post("/partner/send", data={"held": HELD.search(page.text)[1]})


def work(app):
    """What the worker does for each job that is due."""
    with app.app_context():
        with database_of(app).reading() as session:
            due = session.scalars(text("SELECT args->>'ref' FROM procrastinate_jobs WHERE task_name = 'flagstone.upload'")).all()
        for reference in due:
            jobs.TASKS_ABOUT_ONE["upload"](reference)


def taken(app, content):
    """The address of a file that was sent and taken in."""
    address = confirm(app, preview(app, content)).headers["Location"]
    work(app)
    return address


def results(app, address):
    answer = app.test_client().get(f"{address}/results.csv")
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


def counted(app, what=Report):
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(what))


def test_a_preview_shows_how_each_row_is_read_and_stores_nothing(app):
    before = counted(app), counted(app, Upload)
    page = preview(app, sheet("hxxps://Jobs[.]test/preview,labour", "https://x.test/,other", "a red door,unsure"))
    assert page.status_code == 200
    assert "https://jobs.test/preview" in page.text
    assert "Choose one of these" in page.text
    assert "2 rows can be sent." in page.text
    assert (counted(app), counted(app, Upload)) == before


def test_a_file_that_was_looked_at_is_taken_in_with_a_receipt_for_each_row(app):
    sites = [new_site() for _ in range(3)]
    address = taken(app, sheet(*(f"{site},labour" for site in sites), "x,nonsense"))
    told = results(app, address)
    assert [(row["row"], row["result"], row["read_as"]) for row in told] == [
        *((str(number), "stored", site) for number, site in enumerate(sites, start=2)),
        ("5", "refused", ""),
    ]
    with database_of(app).reading() as session:
        digests = [sealing.receipt_digest(row["receipt"]) for row in told if row["receipt"]]
        assert session.scalar(select(func.count()).where(Report.receipt_digest.in_(digests), Report.partner_id.is_not(None))) == 3


def test_how_far_a_file_is_can_be_seen_before_and_after(app):
    sent = confirm(app, preview(app, sheet(*(f"{new_site()},labour" for _ in range(3)))))
    address = sent.headers["Location"]
    client = app.test_client()
    assert client.get(address, headers={"Accept": "application/json"}).json == {"rows": 3, "done": 0, "is_finished": False}
    assert 'max="3" value="0"' in client.get(address).text
    work(app)
    assert client.get(address, headers={"Accept": "application/json"}).json == {"rows": 3, "done": 3, "is_finished": True}
    assert "3 rows were stored." in client.get(address).text


def test_a_file_confirmed_twice_is_taken_in_once(app):
    page = preview(app, sheet(f"{new_site()},labour"))
    first, second = confirm(app, page), confirm(app, page)
    assert first.headers["Location"] == second.headers["Location"]
    before = counted(app)
    work(app)
    work(app)
    assert counted(app) == before + 1


def test_a_job_that_is_cut_goes_on_where_it_was(app, monkeypatch):
    monkeypatch.setattr("app.uploads.ROWS_AT_ONCE", 2)
    address = confirm(app, preview(app, sheet(*(f"{new_site()},labour" for _ in range(5))))).headers["Location"]
    before, store = counted(app), partners.advance

    def cut(session, reference, *, done, refused):
        store(session, reference, done=done, refused=refused)
        if done > 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(partners, "advance", cut)
    with pytest.raises(KeyboardInterrupt):
        work(app)
    assert counted(app) == before + 2
    monkeypatch.setattr(partners, "advance", store)
    work(app)
    assert counted(app) == before + 5
    assert [row["result"] for row in results(app, address)] == ["stored"] * 5


def test_nothing_of_a_file_lies_in_clear_anywhere_and_nothing_at_all_when_it_is_taken_in(app):
    content = sheet("https://jobs.test/canary,labour,canary-words", names="what,category,more")
    address = confirm(app, preview(app, content)).headers["Location"]
    with database_of(app).reading() as session:
        waiting = session.scalars(select(Upload).order_by(Upload.id.desc()).limit(1)).one()
        assert b"canary" not in waiting.sealed
        assert address.rpartition("/")[2].encode() not in waiting.sealed + waiting.ticket_digest
    work(app)
    with database_of(app).reading() as session:
        kept = session.get(Upload, waiting.id)
        assert kept.sealed is None
        assert b"canary" not in kept.results


def test_a_preview_holds_the_file_and_the_token_for_nobody_but_us(app):
    page = preview(app, sheet("https://jobs.test/held,labour,held-words", names="what,category,more"))
    assert TOKEN not in page.text
    assert "held-words" not in page.text


def test_results_are_deleted_after_a_day(app):
    address = taken(app, sheet(f"{new_site()},labour"))
    with database_of(app).transaction() as session:
        session.execute(text("UPDATE upload SET created_at = created_at - interval '25 hours'"))
        partners.delete_old(session, at=clock.now())
    assert app.test_client().get(address).status_code == 404
    assert app.test_client().get(f"{address}/results.csv").status_code == 404


def test_a_file_whose_job_was_lost_is_taken_in_before_anything_of_it_is_deleted(app):
    confirm(app, preview(app, sheet(*(f"{new_site()},labour" for _ in range(3)))))
    before = counted(app)
    with database_of(app).transaction() as session:
        session.execute(text("UPDATE upload SET created_at = created_at - interval '25 hours' WHERE finished_at IS NULL"))
        session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'flagstone.upload'"))
    with app.app_context():
        jobs.publish_all()
    assert counted(app) == before + 3


@pytest.mark.parametrize("token", ["", "guessed", "x" * 1_000])
def test_a_token_that_is_not_good_shows_nothing_of_the_file(app, token):
    page = preview(app, sheet("https://jobs.test/,labour"), token=token)
    assert page.status_code == 422
    assert "We do not know this token" in page.text


def test_a_revoked_token_cannot_confirm_what_it_previewed(app):
    with database_of(app).transaction() as session:
        builders.partner(session, "Gone", token="gone")
    page = preview(app, sheet("https://jobs.test/,labour"), token="gone")
    with database_of(app).transaction() as session:
        partners.revoke_tokens(session, "Gone", by=SYSTEM, at=clock.now())
    assert confirm(app, page).status_code == 422


@pytest.mark.parametrize("held", ["", "nonsense", "gAAAAA", "é"])
def test_what_we_did_not_preview_is_not_taken(app, held):
    before = counted(app, Upload)
    assert app.test_client().post("/partner/send", data={"held": held}).status_code == 422
    assert counted(app, Upload) == before


def test_a_file_that_cannot_be_read_is_told_so_at_its_field(app):
    page = preview(app, b"PK\x03\x04")
    assert page.status_code == 422
    assert 'id="file-fault"' in page.text


@pytest.mark.long
def test_a_file_as_large_as_may_be_is_looked_at_and_sent(app):
    row = "https://jobs.test/large,labour," + "x" * 700
    content = sheet(*[row] * policy.UPLOAD_ROWS, names="what,category,more")
    assert len(content) > 3_000_000
    assert confirm(app, preview(app, content)).status_code == 303


def test_a_ticket_that_nobody_has_shows_nothing(app):
    assert app.test_client().get("/partner/uploads/guessed").status_code == 404


def test_no_page_for_partners_sets_a_cookie(app):
    page = preview(app, sheet("https://jobs.test/,labour"))
    for answer in (app.test_client().get("/partner/"), page, confirm(app, page)):
        assert answer.headers.getlist("Set-Cookie") == []
        assert answer.headers["Cache-Control"] == "no-store"


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["reports", "import", *map(str, arguments)])


def test_a_file_is_imported_by_a_command_once_however_often_it_is_run(app, tmp_path):
    file, receipts = tmp_path / "reports.csv", tmp_path / "receipts.csv"
    file.write_bytes(sheet(f"{new_site()},labour", "x,nonsense"))
    before = counted(app)
    first = run(app, file, "--partner", "Files", "--receipts", receipts)
    assert first.exit_code == 0
    assert "1 of 2 rows were stored." in first.output
    run(app, file, "--partner", "Files")
    assert counted(app) == before + 1
    assert receipts.read_text("utf-8-sig").count("stored") == 1


def test_a_dry_run_stores_nothing(app, tmp_path):
    file = tmp_path / "reports.csv"
    file.write_bytes(sheet(f"{new_site()},labour"))
    before = counted(app)
    assert "1 of 1 rows can be stored." in run(app, file, "--partner", "Files", "--dry-run").output
    assert counted(app) == before


def test_an_import_for_nobody_is_refused(app, tmp_path):
    file = tmp_path / "reports.csv"
    file.write_bytes(sheet("a,child"))
    assert run(app, file, "--partner", "Nobody").exit_code == 1
