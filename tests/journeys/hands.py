"""What people at the desk do in a browser: take a case, fill in its forms, send them, and read what the page says."""

from datetime import timedelta

from sqlalchemy import select

from app import clock
from moderation.models import Case, ResourceRow
from moderation.vocabulary import Category
from tests.journeys.conftest import at_rest
from tests.web.visitors import answers, database_of, report

FOCUSED = "document.activeElement.id"

AMINA, LI, ANA, ADMIN = "moderator1", "moderator2", "senior", "admin"
NOTE = "Read with care; the reports and the page say so."


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


def fill_in(page, scope, **changes):
    """Choose a listing, and type into every question that the page then asks."""
    page.check("[name=outcome][value=list]")
    page.check(f"[name=target][value^='{scope}|']")
    for name, text in answers(**changes).items():
        field = page.locator(f"[name={name}]").first
        if name.endswith("_source"):
            field.select_option(text)
        elif field.count() and field.get_attribute("type") == "radio":
            page.check(f"[name={name}][value='{text}']")
        elif name.endswith("_first_hand") or name == "sent_none_of_the_reports":
            page.locator(f".assessment [name={name}]").check()
        elif name == "still_there":
            page.check(f"[name={name}][value={text}]")
        elif name not in ("conflict", "child_material") and field.count() and field.is_visible():
            field.fill(text)


def record_notice(page):
    if not page.is_visible("[name=recipient]"):
        page.click("summary:has-text('Record a notice')")
    page.fill("[name=recipient]", "abuse@host.example")
    page.fill("[name=proof]", "Ticket 4711")
    page.fill("[name=sent_at]", f"{clock.now() - timedelta(days=4):%Y-%m-%d}")
    page.click("text='Record'")
    at_rest(page).wait_for_selector("text=Ticket 4711")


def propose(page, scope, **changes):
    record_notice(page)
    fill_in(page, scope, **changes)
    page.click("text=Check and propose")
    return stored(page)


def starts(page):
    """Notes each page that the browser starts anew from now on."""
    begun = []
    page.on("domcontentloaded", lambda _: begun.append(page.url))
    return begun


def first_row(app, page):
    """The queue with the case first in it that was reported just now."""
    case = report(app, category=Category.CHILD, danger_now=True)
    page.goto(f"/desk/queue?text={host_of(app, case)}")
    return case


def host_of(app, case):
    """The host that a case is about."""
    with database_of(app).reading() as session:
        return session.scalar(select(ResourceRow.host).join(Case, Case.resource_id == ResourceRow.id).where(Case.reference == case))
