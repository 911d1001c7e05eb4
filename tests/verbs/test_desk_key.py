"""The desk's key: by file or environment, kept from public processes, changed without losing a report; and what a backup may open."""

import subprocess
import uuid

import pytest
from pyrage import x25519
from sqlalchemy import select, text

from app import age_text, clock, create_app, intake, keys, sealing
from app.database import Database
from app.intake import Arrival
from config import Settings, SettingsError
from moderation import conversing, partners, rewrapping
from moderation.models import ContactKey, Report, ReportKey
from moderation.vocabulary import Category, Lane
from tests import builders
from tests.postgresql import plain, programs

PRODUCTION = {
    "FLAGSTONE_ENV": "production",
    "FLAGSTONE_LIST_NAME": "list.example.org",
    "FLAGSTONE_OPERATOR": "Operator",
    "FLAGSTONE_CONTACT": "contact@example.org",
    "FLAGSTONE_BASE_URL": "https://flag.example.org",
    "FLAGSTONE_SECRET_KEY": "x" * 40,
    "FLAGSTONE_SURFACES": "public",
}


def new_key():
    return str(x25519.Identity.generate())


def arrival(code, what="https://jobs.test/offer/7"):
    return Arrival(
        typed={"what": what, "more": "A heron.", "contact": "pelican@mail.test"},
        resources=builders.submission(what).resources,
        category=Category.LABOUR,
        danger_now=False,
        language="en",
        lane=Lane.STANDARD,
        code=code,
    )


def take(database, held, code=None):
    code = code or sealing.new_receipt()
    with database.transaction() as session:
        assert intake.take(session, arrival(code), held, at=clock.now())
    return code


def opened(database, held):
    """Text and contact of each report, as these keys open them."""
    with database.reading() as session:
        query = select(Report, ReportKey.wrapped, ContactKey.wrapped).order_by(Report.id)
        rows = session.execute(
            query.outerjoin(ReportKey, ReportKey.report_id == Report.id).outerjoin(ContactKey, ContactKey.report_id == Report.id)
        ).all()
    return [
        (sealing.open_sealed(row.sealed, key, held)["more"], sealing.open_sealed(row.contact, contact, held)["contact"])
        for row, key, contact in rows
    ]


def run(app, *arguments, **given):
    return app.test_cli_runner().invoke(args=["keys", *arguments], **given)


def test_a_secret_written_as_an_age_identity_is_that_secret():
    identity = str(x25519.Identity.generate())
    # Read back by hand: 52 signs of five bits, of which the last four bits are filling; six signs are the checksum.
    bits = "".join(f"{'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.index(sign):05b}" for sign in identity.lower().rpartition("1")[2][:52])
    secret = int(bits[:256], 2).to_bytes(32, "big")
    assert str(age_text.from_octets(secret)) == identity


def test_the_receipts_key_is_the_same_however_the_code_was_typed(settings):
    held = keys.load(settings)
    assert str(sealing.receipt_identity("BOIB-2345", held)) == str(sealing.receipt_identity(" b0ib 2345", held))


def test_the_receipts_key_is_another_at_another_instance(settings, tmp_path):
    here, there = keys.load(settings), keys.load(builders.settings(tmp_path / "elsewhere"))
    assert str(sealing.receipt_identity("BOIB-2345", here)) != str(sealing.receipt_identity("BOIB-2345", there))


def test_the_desks_key_is_taken_from_the_environment(tmp_path):
    given = new_key()
    held = keys.load(builders.settings(tmp_path, desk_key=given))
    assert (held.desk_identity, held.desk_recipient) == (given, keys.recipient_of(given))
    assert not (tmp_path / "keys" / "desk.agekey").exists()


def test_what_is_no_key_is_refused_without_showing_it(tmp_path):
    with pytest.raises(SettingsError, match="FLAGSTONE_DESK_KEY: holds something that is no age identity") as refused:
        keys.load(builders.settings(tmp_path, desk_key="hunter2"))
    assert "hunter2" not in str(refused.value)


def test_a_public_process_in_production_refuses_the_desks_key_in_its_environment(tmp_path):
    with pytest.raises(SettingsError, match="FLAGSTONE_DESK_KEY is set here"):
        Settings.from_env({**PRODUCTION, "FLAGSTONE_DATA": str(tmp_path), "FLAGSTONE_DESK_KEY": new_key()})


@pytest.mark.parametrize("named", [True, False], ids=["in a file that it is given", "in the folder that it shares"])
def test_a_public_process_in_production_refuses_to_start_where_it_can_read_the_desks_key(tmp_path, named):
    file = tmp_path / "desk.key" if named else tmp_path / "keys" / "desk.agekey"
    file.parent.mkdir(exist_ok=True)
    file.write_text(new_key())
    given = {"FLAGSTONE_DESK_KEY_FILE": str(file)} if named else {}
    with pytest.raises(SettingsError, match="can read the desk's key"):
        Settings.from_env({**PRODUCTION, "FLAGSTONE_DATA": str(tmp_path), **given})


def test_a_public_process_with_the_recipient_alone_takes_a_report_and_opens_nothing(tmp_path, database_url, database):
    recipient = keys.recipient_of(new_key())
    settings = Settings.from_env({**PRODUCTION, "FLAGSTONE_DATA": str(tmp_path), "FLAGSTONE_DESK_RECIPIENT": recipient})
    app = create_app(settings, database_url=database_url)
    answer = app.test_client().post("/en/report", data={"what": "https://jobs.test/offer/7", "category": "labour", "more": "A heron."})
    assert answer.status_code == 200
    held = app.extensions["keys"]
    assert (held.desk_identity, held.former_identities) == (None, ())
    assert "AGE-SECRET-KEY" not in repr(app.extensions) + "".join(file.read_text() for file in (tmp_path / "keys").iterdir())
    with pytest.raises(sealing.CannotOpen):
        opened(database, held)
    app.extensions["flagstone_database"].engine.dispose()


def test_a_public_process_without_a_recipient_says_what_it_needs(tmp_path):
    with pytest.raises(SettingsError, match="flask keys show"):
        keys.load(builders.settings(tmp_path, surfaces="public"))


def test_showing_the_key_shows_no_secret(app):
    told = run(app, "show").output
    assert app.extensions["keys"].desk_recipient in told
    assert "SECRET" not in told


def test_a_rotated_key_opens_every_report_and_the_old_one_opens_none(app, settings, database):
    before = app.extensions["keys"]
    take(database, before)
    assert run(app, "rotate").exit_code == 0
    after = keys.load(settings)
    assert after.desk_recipient != before.desk_recipient
    assert (settings.data / "keys" / "desk.recipient").read_text().strip() == after.desk_recipient
    assert opened(database, after) == [("A heron.", "pelican@mail.test")]
    with pytest.raises(sealing.CannotOpen):
        opened(database, before)


def test_a_rotation_that_was_cut_short_goes_on_with_the_same_key(app, settings, database, monkeypatch):
    monkeypatch.setattr(rewrapping, "AT_ONCE", 2)
    for _ in range(5):
        take(database, app.extensions["keys"])
    wrapped = []

    def dies(one, held):
        wrapped.append(one)
        if len(wrapped) > 4:
            raise KeyboardInterrupt
        return sealing.rewrap(one, held)

    monkeypatch.setattr("app.commands.keys._wrapped", dies)
    run(app, "rotate")
    cut = keys.load(settings)
    assert len(opened(database, cut)) == 5
    monkeypatch.undo()
    assert "going on with it" in run(app, "rotate").output
    assert keys.load(settings).desk_recipient == cut.desk_recipient
    with database.reading() as session:
        assert rewrapping.left(session, cut.desk_key) == 0


def test_the_old_key_opens_what_came_in_during_a_rotation_until_it_is_retired(app, settings, database):
    stale = app.extensions["keys"]
    run(app, "rotate")
    take(database, stale)
    assert opened(database, keys.load(settings)) == [("A heron.", "pelican@mail.test")]
    refused = run(app, "retire", "--yes")
    assert refused.exit_code == 1
    assert "was not restarted" in refused.output
    assert run(app, "retire", "--yes").exit_code == 0
    held = keys.load(settings)
    assert held.former_identities == ()
    assert opened(database, held) == [("A heron.", "pelican@mail.test")]


def test_an_old_key_is_kept_while_files_of_partners_wait_under_it(app, settings, database):
    run(app, "rotate")
    with database.transaction() as session:
        sender = builders.partner(session)
        given = {"ticket_digest": b"t" * 32, "sealed": b"sealed to the old key", "rows": 1, "reference": uuid.uuid4()}
        partners.keep(session, sender, **given, at=builders.NOON)
    refused = run(app, "retire", "--yes")
    assert refused.exit_code == 1
    assert "1 files of partners wait" in refused.output
    assert len(keys.desk_identities(settings)) == 2


def test_an_old_key_is_destroyed_only_once_somebody_says_that_all_was_restarted(app, settings):
    run(app, "rotate")
    refused = run(app, "retire", input="n\n")
    assert refused.exit_code == 1
    assert len(keys.desk_identities(settings)) == 2
    assert run(app, "retire", input="y\n").exit_code == 0
    assert len(keys.desk_identities(settings)) == 1


def test_nothing_is_retired_where_nothing_was_rotated(app):
    assert run(app, "retire", "--yes").exit_code == 1


def program(url, name, *arguments):
    ran = subprocess.run([programs(url) / name, f"--dbname={plain(url)}", *arguments], check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def dump(url, file, *which):
    program(url, "pg_dump", "--format=custom", f"--file={file}", *which)


def test_a_backup_from_before_the_reporter_withdrew_opens_nothing_when_it_is_restored(
    app, settings, database, database_url, server, tmp_path
):
    held, backup = app.extensions["keys"], tmp_path / "yesterday.dump"
    code = take(database, held)
    dump(database_url, backup, "--exclude-table-data=sealed_keys.*")
    with database.transaction() as session:
        conversing.withdraw(session, sealing.receipt_digest(code), at=clock.to_the_hour(clock.now()))
    url = server.create()
    try:
        program(url, "pg_restore", "--no-owner", str(backup))
        restored = Database(url)
        with restored.reading() as session:
            assert session.scalars(select(Report.sealed)).one() is not None
            assert session.execute(text("SELECT count(*) FROM sealed_keys.report_key")).scalar() == 0
        with pytest.raises(sealing.CannotOpen):
            opened(restored, held)
        take(restored, held)
        restored.engine.dispose()
    finally:
        server.drop(url)


def test_a_backup_with_the_newest_copy_of_the_keys_opens_what_was_not_shredded(app, database, database_url, server, tmp_path):
    held, backup, newest = app.extensions["keys"], tmp_path / "yesterday.dump", tmp_path / "keys.dump"
    take(database, held)
    dump(database_url, backup, "--exclude-table-data=sealed_keys.*")
    dump(database_url, newest, "--data-only", "--schema=sealed_keys")
    url = server.create()
    try:
        for file in (backup, newest):
            program(url, "pg_restore", "--no-owner", str(file))
        restored = Database(url)
        assert opened(restored, held) == [("A heron.", "pelican@mail.test")]
        restored.engine.dispose()
    finally:
        server.drop(url)
