"""A moderator's hour in a browser: forty cases of the demo, and every outcome."""

import pytest
from sqlalchemy import select

from moderation import reviewing
from moderation.models import Case, Decision, Listing, ResourceRow, Round
from moderation.states import State
from moderation.vocabulary import Outcome
from tests.journeys.hands import AMINA, ANA, LI, close, fill_in, propose, record_notice, stored, take
from tests.web.visitors import database_of, report

pytestmark = [pytest.mark.browser, pytest.mark.long]

REFERRED = {
    "refer_recipient": "The national unit",
    "refer_country": "FR",
    "refer_passed_on": "The address and what the reports say.",
    "refer_at": "day:0",
}
ASKED = {
    "takedown_recipient": "The host",
    "takedown_asked": "Take the page down.",
    "takedown_back_at": "day:5",
    "takedown_proof": "Ticket 4711",
    "takedown_sent_at": "day:-1",
}

CLOSED = {
    "https://museum.example/slavery": ("reject_lawful", {}),
    "https://www.example.com/board/thread?id=88": ("reject_lawful", {}),
    "https://offices.gov.example/news/raid": ("reject_lawful", {}),
    "https://ngo.example/helpline": ("reject_lawful", {}),
    "https://escorts.test/ad/81": ("reject_lawful", {}),
    "https://massage.example/rooms": ("reject_lawful", {}),
    "https://beg.example/team": ("reject_scope", {}),
    "https://marry.test/brides": ("reject_scope", {}),
    "https://promo.example/?page=win": ("reject_abuse", {"misuse": "Forty times the same words."}),
    "https://promo.example/?page=win2": ("reject_abuse", {}),
    "https://files.test/x": ("refer_hotline", REFERRED | {"refer_child_material": "pick:suspected"}),
    "https://kinder.test/casting": ("refer_hotline", REFERRED | {"refer_child_material": "pick:no"}),
    "https://ads.test/m15": ("refer_police", REFERRED | {"refer_hold_until": "day:20", "refer_child_material": "pick:no"}),
    "https://kidney.test/offer": ("refer_police", REFERRED),
    "https://chat.example/invite/Xk39dk": ("refer_support", REFERRED),
    "nt5bhwlfzleis2b6xlyicutatj2lhfrauiborg56zj2ckok6lycoapid.onion/market?city=3": ("refer_police", REFERRED),
    "https://jobs.test/offer/8": ("duplicate", {"duplicate_of": "https://jobs.test/offer/7"}),
    "https://freehost.example/u/agent9/offers/list.html": ("duplicate", {"duplicate_of": "https://freehost.example/u/agent9/"}),
    "https://nannies.example/board": ("monitor", {"monitor_back_at": "day:10"}),
    "https://bio.example/agent12": ("monitor", {"monitor_back_at": "day:3"}),
    "https://farm-work.example/season?lang=fr": ("more_evidence", {"evidence_where": "The other languages.", "evidence_back_at": "day:5"}),
    "workabroad-now.test": ("more_evidence", {"evidence_hand_on": "tick"}),
    "https://dentist.example/x7/": ("takedown_only", ASKED),
    "https://au-pair.test/board/12": ("takedown_only", ASKED),
}
"""What one person decides: the outcome and its few fields."""

LISTED = {
    "https://jobs.test/offer/7": "page",
    "https://hotel-staff.test/apply": "page",
    "https://freehost.example/u/agent9/": "path",
    "cyber-jobs.test": "domain",
}


def found(desk, what, *states):
    """The newest case about this that stands so; None where there is none."""
    with database_of(desk.app).reading() as session:
        query = select(Case.reference).join(ResourceRow).where(ResourceRow.canonical == what, Case.state.in_(states))
        reference = session.scalars(query.order_by(Case.id.desc()).limit(1)).one_or_none()
        return str(reference) if reference else None


def waiting(desk, what):
    """The demo's case about this, or another where the demo's own story has decided it."""
    return found(desk, what, State.WAITING) or report(desk.app)


def outcomes(desk, cases):
    """What was decided last of each case."""
    with database_of(desk.app).reading() as session:
        query = select(Case.reference, Decision.outcome).join(Decision, Decision.case_id == Case.id).order_by(Decision.id)
        decided = {str(reference): outcome for reference, outcome in session.execute(query)}
    return {case: decided.get(case) for case in cases}


def living(desk, case):
    with database_of(desk.app).reading() as session:
        query = select(Listing).join(Case, Case.id == Listing.case_id).where(Case.reference == case, Listing.ended_at.is_(None))
        return session.scalars(query).one_or_none()


def independent(desk, case, *pages):
    """Of these people, by their pages, one who did not propose this."""
    for page in pages:
        page.goto(f"/desk/cases/{case}")
        if page.locator("text=Claim this case").count():
            return page
    raise AssertionError(f"Nobody may take {case}.")


def agree(page, case, scope, **changes):
    take(page, case)
    fill_in(page, scope, **changes)
    page.click("text=Check and agree to list")
    return stored(page)


def for_a_week(page):
    page.check("[name=for_a_week]")


def closed_by_one(desk, amina):
    """What one person decides alone, each outcome with its fields."""
    expected = {}
    for what, (outcome, fields) in CLOSED.items():
        case = waiting(desk, what)
        take(amina, case)
        close(amina, outcome, **fields)
        expected[case] = outcome
    return expected


def listed_by_two_or_three(desk, amina, li, ana):
    """A page, a path, a domain: what two agree on, and a senior where it is wide."""
    expected = {}
    for what, scope in LISTED.items():
        case = waiting(desk, what)
        take(amina, case)
        propose(amina, scope)
        said = agree(li, case, scope)
        if "senior" in said:
            said = agree(ana, case, scope)
        assert "Listed." in said
        assert living(desk, case).scope == scope
        expected[case] = "list"
    return expected


def listed_for_a_week(desk, amina, li):
    """One page, by two who both say so."""
    week = waiting(desk, "https://cleaned.test/offer")
    take(amina, week)
    record_notice(amina)
    fill_in(amina, "page")
    for_a_week(amina)
    amina.click("text=Check and propose")
    stored(amina)
    take(li, week)
    fill_in(li, "page")
    for_a_week(li)
    li.click("text=Check and agree to list")
    stored(li)
    assert living(desk, week).temporary
    return {week: "list_temporary"}


def second_seats(desk, amina, li):
    """Whoever did not propose it agrees, or does not."""
    expected = {}
    for what, agrees in {
        "https://berries.test/season": True,
        "https://nails.example/jobs/3": False,
        "https://transport.test/border": True,
        "https://old-offer.test/2": False,
    }.items():
        case = found(desk, what, State.PROPOSED)
        page = independent(desk, case, amina, li)
        if agrees:
            agree(page, case, "page")
        else:
            take(page, case)
            assert "Where people disagree, nothing is listed" in close(page, "reject_lawful")
        expected[case] = "list" if agrees else "not_listed"
    return expected


def third_seats(desk, ana):
    """A senior agrees to a domain, and to a host of others does not."""
    expected = {}
    third = found(desk, "compound-jobs.test", State.AWAITING_THIRD)
    agree(ana, third, "domain")
    expected[third] = "list"
    third = found(desk, "https://agent9.pages.test/now", State.AWAITING_THIRD)
    take(ana, third)
    close(ana, "reject_scope")
    expected[third] = "not_listed"
    return expected


def withdrawn(desk, amina):
    """A proposal that its proposer takes back."""
    mine = report(desk.app)
    take(amina, mine)
    propose(amina, "page")
    amina.click("summary:has-text('Withdraw my proposal')")
    amina.click("text='Withdraw'")
    assert "withdrawn" in stored(amina)
    with database_of(desk.app).reading() as session:
        closed = select(Round.outcome).join(Case, Case.id == Round.case_id).where(Case.reference == mine).order_by(Round.id.desc())
        assert session.scalars(closed.limit(1)).one() == "withdrawn"
    return mine


def narrowed(desk, ana):
    """Less of a path stays on the list."""
    wide = found(desk, "https://girls.cheap-host.test/city", State.LISTED)
    ana.goto(f"/desk/cases/{wide}")
    ana.click("summary:has-text('List less of it')")
    ana.check("[name=narrow_to][value^='page|']")
    ana.fill("#narrow_because", "One page is the harm.")
    ana.click("text=Narrow now")
    assert "Narrowed" in stored(ana)
    assert living(desk, wide).scope == "page"
    return {wide: "narrow"}


def taken_off_in_an_emergency(desk, li):
    """One person, one step."""
    hurried = found(desk, "https://freehost.example/u/agent4/a", State.LISTED)
    li.goto(f"/desk/cases/{hurried}")
    li.click("summary:has-text('Emergency')")
    li.click("text='Off the list now'")
    assert stored(li)
    assert living(desk, hurried) is None
    return {hurried: "delist"}


def delisted(desk, li):
    """One person, with a reason."""
    off = found(desk, "https://work-visa.example/form", State.LISTED)
    li.goto(f"/desk/cases/{off}")
    li.click("summary:has-text('Delist')")
    li.fill("#because", "The owner took it down.")
    li.click("text=Delist now")
    assert stored(li)
    assert living(desk, off) is None
    return {off: "delist"}


def kept(desk, *people):
    """Its re-review is due, and somebody who had no part in it keeps it."""
    case = found(desk, "https://hotel-jobs.test/offer/12", State.LISTED)
    with database_of(desk.app).transaction() as session:
        due = session.scalars(select(Listing.review_at).join(Case, Case.id == Listing.case_id).where(Case.reference == case)).one()
        reviewing.bring_back(session, at=due)
    page = independent(desk, case, *people)
    take(page, case)
    page.check("[name=outcome][value=keep]")
    page.fill("[name=keep_note]", "The offer is the same.")
    page.fill("[name=keep_days]", "20")
    page.check(".part-keep [name=sent_none_of_the_reports]")
    page.click("text='Keep'")
    assert "Kept" in stored(page)
    assert living(desk, case) is not None
    return {case: "keep"}


def test_an_hour_at_the_desk_takes_forty_cases_to_every_outcome(desk, sits_down):
    amina, li, ana = sits_down(AMINA), sits_down(LI), sits_down(ANA)
    expected = closed_by_one(desk, amina)
    expected |= listed_by_two_or_three(desk, amina, li, ana)
    expected |= listed_for_a_week(desk, amina, li)
    expected |= second_seats(desk, amina, li)
    expected |= third_seats(desk, ana)
    mine = withdrawn(desk, amina)
    expected |= narrowed(desk, ana)
    expected |= taken_off_in_an_emergency(desk, li)
    expected |= delisted(desk, li)
    expected |= kept(desk, li, amina, ana)
    assert outcomes(desk, expected) == expected
    assert len(expected | {mine: "withdrawn"}) >= 40
    assert {*expected.values(), "withdrawn"} == {*Outcome}
