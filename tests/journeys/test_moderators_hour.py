"""A moderator's hour in a browser: forty cases of the demo, every outcome, and what goes wrong between people at one desk."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, demo
from moderation import reviewing
from moderation.models import Case, Decision, Listing, ResourceRow, Round
from moderation.states import State
from moderation.vocabulary import Category, Outcome, Role
from tests.journeys.conftest import at_rest, opened, served, sideways, violations
from tests.journeys.test_moderator import fill_in, record_notice
from tests.web.visitors import add, database_of, new_site, report

pytestmark = [pytest.mark.browser, pytest.mark.long]

AMINA, LI, ANA, ADMIN = "moderator1", "moderator2", "senior", "admin"
NOTE = "Read with care; the reports and the page say so."

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


@pytest.fixture(scope="module")
def desk(server, template, tmp_path_factory):
    """A served application with the demo's people and cases, as `flask seed --demo` leaves it."""
    for site in served(server, template, tmp_path_factory.mktemp("hour")):
        keys = site.app.extensions["keys"]
        with database_of(site.app).transaction() as session:
            demo.add_people(session, keys, at=clock.now())
            demo.play(session, keys, at=clock.now())
        yield site


@pytest.fixture
def sits_down(desk, browser):
    """Opens a browser of one's own for a person, signed in by the demo's button."""
    contexts = []

    def sit(name, **how):
        contexts.append(opened(browser, desk, **{"viewport": {"width": 1280, "height": 900}, **how}))
        page = contexts[-1].new_page()
        page.goto("/desk/")
        page.click(f"button[value='{name}@demo.example']")
        page.wait_for_url("**/desk/**")
        return page

    yield sit
    for context in contexts:
        context.close()


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


def say(page, name, text):
    """Fill a field as a person would: `day:5` is the date in five days."""
    kind, _, number = text.partition(":")
    if text == "tick":
        page.check(f"[name={name}]")
    elif kind == "pick":
        page.check(f"[name={name}][value={number}]")
    else:
        page.fill(f"[name={name}]", f"{clock.now() + timedelta(days=int(number)):%Y-%m-%d}" if kind == "day" else text)


def take(page, case):
    page.goto(f"/desk/cases/{case}")
    page.click("text=Claim this case")
    at_rest(page).wait_for_selector("text=Hand back")


def close(page, outcome, **fields):
    """Choose what should become of the case that is open, and fill in what the choice opens."""
    page.check(f"[name=outcome][value={outcome}]")
    for name, text in fields.items():
        say(page, name, text)
    page.fill(".closings [name=note]", NOTE)
    page.check(".closings [name=sent_none_of_the_reports]")
    page.click(".closings .ends button")
    return stored(page)


def stored(page):
    """What the page says once it is stored; what stands in the way, where it is not."""
    at_rest(page).wait_for_selector(".note.good, #errors")
    assert page.locator("#errors").count() == 0, page.inner_text("#errors")
    return page.inner_text(".note.good")


def propose(page, scope, **changes):
    record_notice(page)
    fill_in(page, scope, **changes)
    page.click("text=Check and propose")
    return stored(page)


def agree(page, case, scope, **changes):
    take(page, case)
    fill_in(page, scope, **changes)
    page.click("text=Check and agree to list")
    return stored(page)


def for_a_week(page):
    page.check("[name=for_a_week]")


def independent(desk, case, *pages):
    """Of these people, by their pages, one who did not propose this."""
    for page in pages:
        page.goto(f"/desk/cases/{case}")
        if page.locator("text=Claim this case").count():
            return page
    raise AssertionError(f"Nobody may take {case}.")


def test_an_hour_at_the_desk_takes_forty_cases_to_every_outcome(desk, sits_down):
    amina, li, ana = sits_down(AMINA), sits_down(LI), sits_down(ANA)
    expected = {}
    for what, (outcome, fields) in CLOSED.items():
        case = waiting(desk, what)
        take(amina, case)
        close(amina, outcome, **fields)
        expected[case] = outcome
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
    expected[week] = "list_temporary"

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

    third = found(desk, "compound-jobs.test", State.AWAITING_THIRD)
    agree(ana, third, "domain")
    expected[third] = "list"
    third = found(desk, "https://agent9.pages.test/now", State.AWAITING_THIRD)
    take(ana, third)
    close(ana, "reject_scope")
    expected[third] = "not_listed"

    mine = report(desk.app)
    take(amina, mine)
    propose(amina, "page")
    amina.click("summary:has-text('Withdraw my proposal')")
    amina.click("text='Withdraw'")
    assert "withdrawn" in stored(amina)
    with database_of(desk.app).reading() as session:
        closed = select(Round.outcome).join(Case, Case.id == Round.case_id).where(Case.reference == mine).order_by(Round.id.desc())
        assert session.scalars(closed.limit(1)).one() == "withdrawn"

    wide = found(desk, "https://girls.cheap-host.test/city", State.LISTED)
    ana.goto(f"/desk/cases/{wide}")
    ana.click("summary:has-text('List less of it')")
    ana.check("[name=narrow_to][value^='page|']")
    ana.fill("#narrow-because", "One page is the harm.")
    ana.click("text=Narrow now")
    assert "Narrowed" in stored(ana)
    assert living(desk, wide).scope == "page"

    hurried = found(desk, "https://freehost.example/u/agent4/a", State.LISTED)
    li.goto(f"/desk/cases/{hurried}")
    li.click("summary:has-text('Emergency')")
    li.click("text='Off the list now'")
    assert stored(li)
    assert living(desk, hurried) is None

    off = found(desk, "https://work-visa.example/form", State.LISTED)
    li.goto(f"/desk/cases/{off}")
    li.click("summary:has-text('Delist')")
    li.fill("#because", "The owner took it down.")
    li.click("text=Delist now")
    assert stored(li)
    assert living(desk, off) is None

    kept = found(desk, "https://hotel-jobs.test/offer/12", State.LISTED)
    with database_of(desk.app).transaction() as session:
        due = session.scalars(select(Listing.review_at).join(Case, Case.id == Listing.case_id).where(Case.reference == kept)).one()
        reviewing.bring_back(session, at=due)
    page = independent(desk, kept, li, amina, ana)
    take(page, kept)
    page.check("[name=outcome][value=keep]")
    page.fill("[name=keep_note]", "The offer is the same.")
    page.fill("[name=keep_days]", "20")
    page.check(".part-keep [name=sent_none_of_the_reports]")
    page.click("text='Keep'")
    assert "Kept" in stored(page)
    assert living(desk, kept) is not None

    expected |= {wide: "narrow", hurried: "delist", off: "delist", kept: "keep"}
    assert outcomes(desk, expected) == expected
    assert len(expected | {mine: "withdrawn"}) >= 40
    assert {*expected.values(), "withdrawn"} == {*Outcome}


def test_two_browsers_that_race_for_one_case_have_one_winner_and_a_clear_sentence(desk, sits_down):
    case = report(desk.app)
    both = [sits_down(AMINA), sits_down(LI)]
    for page in both:
        page.goto(f"/desk/cases/{case}")
    for page in both:
        page.click("text=Claim this case", no_wait_after=True)
    for page in both:
        at_rest(page).wait_for_selector(":is(form[action$='hand-back'], [role=alert])")
    winners = [page for page in both if page.locator("form[action$='hand-back']").count()]
    losers = [page for page in both if page not in winners]
    assert (len(winners), len(losers)) == (1, 1)
    assert "holds this case until" in losers[0].inner_text("[role=alert]")


def test_whoever_is_disabled_in_mid_case_is_told_and_the_case_is_free_at_once(desk, sits_down):
    add(desk.app, Role.MODERATOR, email="nour@demo.example", is_demo=True)
    case = report(desk.app)
    nour, li = sits_down("nour"), sits_down(LI)
    take(nour, case)
    nour.check("[name=outcome][value=reject_lawful]")
    nour.fill(".closings [name=note]", "A hotel like any other.")
    desk.app.test_cli_runner().invoke(args=["people", "disable", "nour@demo.example"])
    take(li, case)
    nour.click(".closings .ends button")
    at_rest(nour).wait_for_selector("text=What you wrote")
    assert "A hotel like any other." in [each.input_value() for each in nour.locator("textarea").all()]
    close(li, "reject_scope")


def test_a_refused_proposal_shows_each_check_beside_its_field_and_loses_nothing(desk, sits_down):
    page = sits_down(AMINA, viewport={"width": 360, "height": 720})
    take(page, report(desk.app, category=Category.LABOUR, danger_now=True))
    fill_in(page, "page", lifeline=" ", facilitation=" ", provision=" ")
    typed = {name: page.input_value(f"[name={name}]") for name in ("evidence_act", "evidence_purpose", "statement_facts")}
    page.click("text=Check and propose")
    at_rest(page).wait_for_selector("#errors")
    named = [link.get_attribute("href") for link in page.locator("#errors a").all()]
    assert {"#lifeline", "#facilitation", "#provision", "#referral"} <= set(named)
    for field in named:
        page.click(f"#errors a[href='{field}'] >> nth=0")
        assert page.evaluate("document.activeElement.id") == field[1:]
        assert page.locator(f"{field}-fault").is_visible()
    assert {name: page.input_value(f"[name={name}]") for name in typed} == typed


def test_a_missing_notice_leads_to_the_form_that_records_it(desk, sits_down):
    page = sits_down(AMINA)
    take(page, report(desk.app))
    fill_in(page, "page")
    page.click("text=Check and propose")
    at_rest(page).wait_for_selector("#errors")
    page.click("#errors a[href='#notice']")
    assert page.evaluate("document.activeElement.id") == "notice"
    assert page.is_visible("[name=recipient]")
    record_notice(page)
    assert page.input_value("[name=evidence_act]").startswith("We collect you")
    page.click("text=Check and propose")
    assert "A second person must agree" in stored(page)


def test_only_what_was_chosen_is_asked(desk, sits_down):
    page = sits_down(LI)
    take(page, report(desk.app))
    shown = ["#note", "#refer_recipient", "#monitor_back_at", "#lifeline"]

    def asked(outcome):
        page.check(f"[name=outcome][value={outcome}]")
        return [field for field in shown if page.is_visible(field)]

    assert [field for field in shown if page.is_visible(field)] == []
    assert asked("monitor") == ["#note", "#monitor_back_at"]
    assert asked("refer_police") == ["#note", "#refer_recipient"]
    assert asked("reject_lawful") == ["#note"]
    assert asked("list") == ["#lifeline"]


def test_colleagues_leave_notes_hand_over_and_stand_aside_without_scripts_on_a_phone(desk, sits_down):
    phone = {"viewport": {"width": 360, "height": 720}, "java_script_enabled": False}
    amina, li = sits_down(AMINA, **phone), sits_down(LI, **phone)
    case = report(desk.app)
    take(amina, case)
    amina.click("summary:has-text('Write a note')")
    amina.fill("[name=note_text]", "The host answers within a day.")
    amina.click("text=Keep the note")
    amina.click("summary:has-text('Give it to a colleague')")
    amina.select_option("#colleague", label="Li Chen, moderator")
    amina.click("text='Hand over'")
    assert "with your colleague" in stored(amina)
    li.goto(f"/desk/cases/{case}")
    assert "The host answers within a day." in li.inner_text(".evidence")
    li.click("summary:has-text('I have an interest of my own')")
    li.click("text='Stand aside'")
    assert "A colleague will take it" in stored(li)
    li.goto(f"/desk/cases/{case}")
    assert li.locator("text=Claim this case").count() == 0
    take(amina, case)
    amina.check("[name=outcome][value=monitor]")
    amina.click(".closings .ends button")
    assert amina.is_checked("[name=outcome][value=monitor]")
    assert amina.is_visible("#note-fault")
    close(amina, "monitor", monitor_back_at="day:4")


@pytest.mark.parametrize("width", [320, 1280])
def test_no_state_of_a_case_has_a_barrier_in_either_direction(desk, sits_down, width):
    look = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
    amina, li, ana, admin = (sits_down(name, **look) for name in (AMINA, LI, ANA, ADMIN))
    site = f"{new_site()}/{'x' * 120}"
    case, wrong = report(desk.app, site, more="لا أحد " * 40, language="ar"), {}

    def look_at(page, name):
        for direction in ("rtl", "ltr"):
            at_rest(page).evaluate(f"document.documentElement.dir = '{direction}'")
            wide = sideways(page)
            wrong[f"{name} {direction}"] = [*violations(page), *([f"{wide} px too wide"] if wide > 0 else [])]

    for page, name in ((amina, "queue"), (amina, "shortcuts"), (ana, "overview"), (admin, "growth")):
        page.goto(f"/desk/{name}")
        look_at(page, name)
    take(amina, case)
    look_at(amina, "mine")
    for outcome in ("takedown_only", "refer_police", "list"):
        amina.check(f"[name=outcome][value={outcome}]")
        look_at(amina, outcome)
    propose(amina, "page")
    look_at(amina, "my proposal")
    take(li, case)
    look_at(li, "second seat")
    fill_in(li, "page")
    li.click("text=Check and agree to list")
    stored(li)
    look_at(li, "listed")
    assert {name: found for name, found in wrong.items() if found} == {}
