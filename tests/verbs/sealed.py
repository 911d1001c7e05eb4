"""Cases whose address is sealed for a hotline, as tests make them and look at them."""

from datetime import timedelta

from sqlalchemy import select, text

from app import intake, sealing
from app.intake import Arrival
from moderation import reviewing
from moderation.models import AuditRecord, Base, Case, Report, ReportKey, ResourceRow
from moderation.vocabulary import Category, ChildMaterial, Conclusion, Lane, Outcome, Presence, Proposed, Refused
from tests import builders
from tests.builders import NOON

WHAT, OTHER = "https://www.files.test/x/album", "https://jobs.test/offer/7"
DAY = timedelta(days=1)


def told(session, what=WHAT, more="I saw an osprey and closed it.", *, at=NOON, code=""):
    """A report as intake seals it; returns its receipt."""
    held, code = builders.desk_keys(), code or sealing.new_receipt()
    arrival = Arrival(
        typed={"what": what, "more": more, "contact": "pelican@mail.test"},
        resources=intake.read(what, held),
        category=Category.CHILD,
        danger_now=False,
        language="en",
        lane=Lane.STANDARD,
        code=code,
    )
    assert intake.take(session, arrival, held, at=at)
    return code


def case_of(session, what=WHAT):
    query = select(Case).join(ResourceRow).where(ResourceRow.canonical == what)
    return session.scalars(query.order_by(Case.id.desc()).limit(1)).one()


def report_of(session, code):
    return session.scalars(select(Report).where(Report.receipt_digest == sealing.receipt_digest(code))).one()


def opened(session, code):
    report = report_of(session, code)
    wrapped = session.scalar(select(ReportKey.wrapped).where(ReportKey.report_id == report.id))
    return sealing.open_sealed(report.sealed, wrapped, builders.desk_keys())


def holding(session, *words):
    """The tables in which any of these words can be read."""
    session.flush()
    tables = sorted(table.fullname for table in Base.metadata.tables.values())
    quoted = {name: '."'.join(name.split(".")) + '"' if "." in name else f'"{name}"' for name in tables}
    found = {name: " ".join(session.scalars(text(f"SELECT whole::text FROM {quoted[name]} AS whole"))) for name in tables}
    return [name for name, rows in found.items() if any(word in rows for word in words)]


def shown(session, reference, by):
    found = reviewing.reveal(session, reference, by=by, at=NOON)
    return [sealing.open_sealed(one.text, one.wrapped_identity, builders.desk_keys()) for one in found]


def acts(session, case):
    return list(session.scalars(select(AuditRecord.action).where(AuditRecord.subject == f"case:{case.reference}").order_by(AuditRecord.id)))


def written_about_everywhere(session, amira, dora):
    """A case in whose every field somebody wrote of the osprey at the address."""
    told(session)
    found, words = case_of(session), f"An osprey at {WHAT}"
    reviewing.write_note(session, found.reference, words, by=dora, at=NOON)
    reviewing.stand_aside(session, found.reference, words, by=builders.person(session), at=NOON)
    given = builders.answers(builders.target(WHAT), facilitation=words, lifeline=words, explained={"RS22": words})
    proposer = builders.person(session)
    assert isinstance(builders.propose(session, found, proposer, given), Proposed)
    reviewing.record_notice(session, found.reference, "abuse@www.files.test", words, NOON - DAY, by=amira, at=NOON)
    reviewing.withdraw(session, found.reference, by=proposer, at=NOON)
    reviewing.record_look(session, found.reference, Presence.REDIRECTS, words, to=WHAT, by=dora, at=NOON)
    builders.claimed(session, found, amira)
    police = Conclusion(outcome=Outcome.REFER_POLICE, **builders.referral(passed_on=words))
    reviewing.refer(session, found.reference, police, by=amira, at=NOON, version=found.version)
    refused = builders.answers(builders.target(WHAT), facilitation=words, child_material=ChildMaterial.SUSPECTED)
    assert isinstance(builders.propose(session, found, amira, refused), Refused)
    return found
