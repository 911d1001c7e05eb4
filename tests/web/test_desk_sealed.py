"""What goes to a hotline as suspected images of a child, on the desk's pages: sealed, shown once to who must send it, destroyed."""

import re
import subprocess
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import clock, sealing
from moderation import policy, retention
from moderation.models import AuditRecord
from moderation.vocabulary import Role
from tests.postgresql import programs
from tests.web.sealed import HOTLINE, NOTE, SUMMARY, referral_of, referred, send_receipt
from tests.web.visitors import assess, claim, database_of, new_site, one_app, report, send, signed_in


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app, email="amira.seal@demo.example")


@pytest.fixture(scope="module")
def luis(app):
    return signed_in(app, email="luis.seal@demo.example")


@pytest.fixture(scope="module")
def dora(app):
    return signed_in(app, Role.SENIOR, email="dora.seal@demo.example")


@pytest.mark.long
def test_what_is_not_said_of_a_child_is_asked_beside_its_field(app, amira):
    what = new_site()
    case = report(app, what, category="child")
    claim(amira, case)
    answered = send(amira, case, "reject", {**NOTE, **HOTLINE, "refer_child_material": ""})
    assert answered.status_code == 422
    assert 'id="refer_child_material-fault"' in amira.page
    assert "#refer_child_material" in SUMMARY.search(amira.page)[0]
    assert HOTLINE["refer_passed_on"] in amira.page


@pytest.mark.long
def test_what_was_said_in_a_refused_proposal_is_chosen_already(app, amira):
    case = report(app, category="child")
    assert re.search(r'name="refer_child_material" value="\w+" checked', amira.get(f"/desk/cases/{case}").text) is None
    assess(amira, case, "propose", child_material="suspected")
    assert re.search(r'name="refer_child_material" value="suspected" checked', amira.get(f"/desk/cases/{case}").text)


@pytest.mark.long
def test_from_the_referral_on_no_page_shows_the_address_or_what_was_written(app, amira, dora):
    what = new_site()
    host = what.split("/")[2]
    case = referred(app, amira, what)
    assert "The address is sealed. Write down the hotline’s receipt" in amira.follow().text
    pages = [dora.get(address).text for address in (f"/desk/cases/{case}", "/desk/queue?state=referred", f"/desk/queue?q={host}")]
    assert [word for word in (host, "osprey", HOTLINE["refer_passed_on"], NOTE["note"]) if any(word in page for page in pages[:2])] == []
    assert f"/desk/cases/{case}" in pages[1]
    assert f"/desk/cases/{case}" not in pages[2]
    assert "An address that is sealed for a hotline" in pages[0]


def test_who_passed_it_on_has_it_shown_once_and_stands_in_the_record(app, amira):
    what = new_site()
    case = referred(app, amira, what)
    amira.get(f"/desk/cases/{case}")
    answered = amira.post(f"/desk/cases/{case}/address")
    assert (answered.status_code, answered.headers["Cache-Control"]) == (200, "no-store")
    for word in (what, HOTLINE["refer_passed_on"], NOTE["note"]):
        assert word in answered.text
    assert re.search(rf'(?:href|src|action)="[^"]*{re.escape(what.split("/")[2])}', answered.text) is None
    assert what not in amira.get(f"/desk/cases/{case}").text
    with database_of(app).reading() as session:
        acts = session.scalars(select(AuditRecord.action).where(AuditRecord.subject == f"case:{case}")).all()
    assert acts.count("sealed address shown") == 1


def test_a_colleague_who_did_not_pass_it_on_asks_a_senior(app, amira, luis, dora):
    what = new_site()
    case = referred(app, amira, what)
    assert f"/desk/cases/{case}/address" not in luis.get(f"/desk/cases/{case}").text
    assert luis.post(f"/desk/cases/{case}/address").status_code == 403
    assert what not in luis.page
    dora.get(f"/desk/cases/{case}")
    assert what in dora.post(f"/desk/cases/{case}/address").text


@pytest.mark.long
def test_the_receipt_destroys_it_a_week_later_unless_a_senior_strikes_it(app, amira, luis, dora):
    case = referred(app, amira, new_site())
    typed = {"receipt_reference": "H-2207", "receipt_at": f"{clock.now():%Y-%m-%d}"}
    assert send_receipt(app, amira, case, **typed).status_code == 403
    assert send_receipt(app, luis, case, **typed).status_code == 303
    page = luis.follow().text
    assert "The sealed address is destroyed on" in page
    assert "Strike the receipt" not in page
    assert f"/desk/cases/{case}/receipt" not in page
    strike = f"/desk/cases/{case}/referrals/{referral_of(app, case)}/strike"
    assert luis.post(strike).status_code == 403
    assert "Strike the receipt" in dora.get(f"/desk/cases/{case}").text
    assert dora.post(strike).status_code == 303
    assert "The receipt is struck" in dora.follow().text
    assert send_receipt(app, luis, case, **typed).status_code == 303
    with database_of(app).transaction() as session:
        while retention.run(session, at=clock.now() + policy.SEALED_KEPT_AFTER_RECEIPT + timedelta(hours=1)):
            pass
    page = luis.get(f"/desk/cases/{case}").text
    assert "An address that is destroyed" in page
    assert "H-2207" in page
    amira.get(f"/desk/cases/{case}")
    assert amira.post(f"/desk/cases/{case}/address").status_code == 409


@pytest.mark.long
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"receipt_reference": "", "receipt_at": "2026-11-21"}, "receipt_reference"),
        ({"receipt_reference": "see https://files.test/x", "receipt_at": "2026-11-21"}, "receipt_reference"),
        ({"receipt_reference": "H-77", "receipt_at": ""}, "receipt_at"),
        ({"receipt_reference": "H-77", "receipt_at": "soon"}, "receipt_at"),
        ({"receipt_reference": "H-77", "receipt_at": "2026-11-19"}, "receipt_at"),
        ({"receipt_reference": "H-77", "receipt_at": "2126-11-19"}, "receipt_at"),
    ],
)
def test_what_is_wrong_with_a_receipt_stands_beside_its_field_and_nothing_is_lost(app, amira, luis, typed, field):
    case = referred(app, amira, new_site())
    assert send_receipt(app, luis, case, **typed).status_code == 422
    assert f'id="{field}-fault"' in luis.page
    assert f'href="#{field}"' in SUMMARY.search(luis.page)[0]
    for value in typed.values():
        assert f'value="{value}"' in luis.page
    assert "The address is sealed" in luis.page


def test_of_two_hotlines_one_is_chosen(app, amira):
    case = report(app, category="child")
    claim(amira, case)
    first = {**NOTE, **HOTLINE, "refer_child_material": "no", "refer_recipient": "The hotline for the young", "refer_go_on": "1"}
    assert send(amira, case, "reject", first).status_code == 303
    assert send(amira, case, "reject", {**NOTE, **HOTLINE}).status_code == 303
    page = amira.get(f"/desk/cases/{case}").text
    choices = re.findall(r'name="receipt_of" value="([^"]+)"', page)
    assert len(choices) == 2
    typed = {"receipt_reference": "H-1", "receipt_at": f"{clock.now():%Y-%m-%d}"}
    assert amira.post(f"/desk/cases/{case}/receipt", typed).status_code == 422
    assert 'id="receipt_of-fault"' in amira.page
    assert amira.post(f"/desk/cases/{case}/receipt", {**typed, "receipt_of": choices[1]}).status_code == 303
    assert "The address is sealed" in amira.follow().text


def test_a_silent_hotline_stands_on_the_overview(app, amira, dora):
    case = referred(app, amira, new_site())
    with database_of(app).transaction() as session:
        session.execute(text("UPDATE referral SET referred_at = referred_at - interval '30 days'"))
    assert "/desk/overview/cases/receipts" in dora.get("/desk/overview").text
    page = dora.get("/desk/overview/cases/receipts").text
    assert f"/desk/cases/{case}" in page
    assert "An address that is sealed for a hotline" in page


def test_its_reporter_reads_that_the_address_is_sealed(app, amira):
    what, code = new_site(), sealing.new_receipt()
    case = report(app, what, category="child", code=code)
    claim(amira, case)
    send(amira, case, "reject", {**NOTE, **HOTLINE})
    page = app.test_client().post("/en/status", data={"code": code}).text
    assert "An address that we have sealed" in page
    assert what not in page


def dumped(app):
    """Everything that a dump of the database holds."""
    url = database_of(app).engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ran = subprocess.run([programs(url) / "pg_dump", f"--dbname={url}"], check=True, capture_output=True, text=True)
    return ran.stdout


def test_a_dump_of_the_database_never_holds_it_again(app, amira, luis):
    what = new_site()
    case = report(app, what, more="I saw an ibis there.", category="child")
    assert what in dumped(app)
    claim(amira, case)
    send(amira, case, "reject", {**NOTE, **HOTLINE})
    host = what.split("/")[2]
    held, after = app.extensions["keys"], dumped(app)
    assert [word for word in (host, "ibis", HOTLINE["refer_passed_on"]) if word in after] == []
    sealed, wrapped = both_halves(after)
    assert sealing.open_sealed(sealed, wrapped, held)["address"] == what
    assert send_receipt(app, luis, case, receipt_reference="H-9", receipt_at=f"{clock.now():%Y-%m-%d}").status_code == 303
    with database_of(app).transaction() as session:
        while retention.run(session, at=clock.now() + policy.SEALED_KEPT_AFTER_RECEIPT + timedelta(hours=1)):
            pass
    gone = dumped(app)
    assert [half for half in (sealed, wrapped) if half.hex() in gone] == []


def both_halves(dump):
    """The newest sealed address in a dump, and the key that opens it."""
    rows = {name: re.search(rf"COPY {re.escape(name)} .*?;\n(.*?)\\\.", dump, re.DOTALL)[1].splitlines() for name in SEALED}
    sealed = {row.split("\t")[0]: row.split("\t")[2] for row in rows[SEALED[0]]}
    wrapped = {row.split("\t")[0]: row.split("\t")[1] for row in rows[SEALED[1]]}
    newest = max(sealed, key=int)
    return tuple(bytes.fromhex(one[newest].removeprefix("\\\\x")) for one in (sealed, wrapped))


SEALED = ("public.sealed_address", "sealed_keys.address_key")
