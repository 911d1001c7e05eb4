"""A network asks for the list, an administrator answers, and five minutes later its engineer sees what was fetched."""

import re
import uuid

import pytest
from sqlalchemy import select

from app import clock, languages, limits
from app.counters import SharedCounters
from app.feed.current import Reader
from app.feed.views import READER
from app.release.newest import write_newest
from moderation import policy, publishing
from moderation.models import ConsumerApplication
from moderation.vocabulary import Role
from tests.web.applications import FORM, applied, approved, decide
from tests.web.engineers import new_consumer, reference_of, secret_on
from tests.web.visitors import Visitor, database_of, one_app, signed_in

TYPED = ("organisation", "contact_name", "contact_email", "territory", "software", "purpose")
NEEDED = {
    "organisation": "Say which organisation you are.",
    "contact_name": "Say who answers for it.",
    "contact_email": "Give their e-mail address at work.",
    "territory": "Say where you serve people.",
    "software": "Say which software will use the list.",
    "purpose": "Say what you will use the list for.",
}
NO_ADDRESSES = ("noc", "noc@", "@nordnetz.example", "noc@nordnetz", "a b@c.example")
NUMBER = re.compile(r'class="receipt">([0-9A-F]{8})<')


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def admin(app):
    return signed_in(app, Role.ADMIN)


@pytest.fixture(autouse=True)
def nothing_was_counted(app, tmp_path):
    """How many forms come from one address, and from all together, is bounded: what other tests sent must not count here."""
    app.extensions[limits.EXTENSION] = SharedCounters(tmp_path / "counters.lock")


# --- Five minutes


def test_from_sign_up_to_what_is_carried(app, admin):
    with database_of(app).transaction() as session:
        publishing.release(session, at=clock.now())
    write_newest(database_of(app), app.extensions["settings"], clock.now())
    app.extensions[READER] = Reader(app.extensions["settings"].data)
    name, invitation = approved(app, admin)

    engineer = Visitor(app)
    engineer.post("/network/sign-in", {"key": invitation})
    assert "Nothing was pulled yet." in engineer.get("/network/").text
    engineer.get("/network/tokens")
    engineer.post("/network/tokens", {"label": "resolvers", "lifetime": "365"})
    token = secret_on(engineer)

    software = app.test_client()
    answer = software.get("/feed/v1/rpz.zone", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200

    page = engineer.get("/network/").text
    assert "Nothing was pulled yet." not in page
    assert ">rpz.zone<" in page
    assert answer.headers["X-Flagstone-Serial"] in page
    assert "resolvers" in page
    overview = admin.get("/desk/consumers").text
    assert re.search(rf"{name}</bdi></a></th>\s*<td><span class=\"tag good\">well", overview)
    assert ">rpz.zone<" in admin.get(f"/desk/consumers/{reference_of(app, name)}").text


# --- Signing up


def test_the_form_sets_no_cookie_and_says_what_is_promised(app):
    answer = app.test_client().get("/en/networks")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "publish it nowhere" in answer.text


@pytest.mark.long
@pytest.mark.parametrize("tag", languages.COMPLETE)
def test_the_form_speaks_every_language(app, tag):
    page = app.test_client().get(f"/{tag}/networks").text
    assert f'lang="{tag}"' in page
    assert ("publish it nowhere" in page) == (tag == "en")


def test_who_signs_up_is_given_a_number_that_the_administrator_sees_too(app, admin):
    name = f"Organisation {uuid.uuid4().hex[:8]}"
    number = NUMBER.search(app.test_client().post("/en/networks", data=FORM | {"organisation": name}).text)[1]
    page = admin.get("/desk/consumers").text
    assert number in page[page.index(name) :][:600]
    assert all(value in page for value in (FORM["contact_name"], FORM["contact_email"], FORM["territory"], "40,000 homes"))


@pytest.mark.parametrize(
    ("field", "bad", "said"),
    [
        *((field, "", said) for field, said in NEEDED.items()),
        ("organisation", "x" * 201, "“Your organisation” has 201 characters; 200 is the most."),
        ("purpose", "x" * 2001, "“What will you use it for?” has 2,001 characters; 2,000 is the most."),
        ("purpose", " \n ", NEEDED["purpose"]),
        ("organisation", "\x00", NEEDED["organisation"]),
        *(
            ("contact_email", bad, "Write an e-mail address")
            for bad in ("noc", "noc@", "@nordnetz.example", "noc@nordnetz", "a b@c.example")
        ),
        ("formats", [], "Choose at least one format."),
        ("formats", ["everything.exe"], "Choose at least one format."),
        ("accepted", "", "accept the terms"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(app, field, bad, said):
    answer = app.test_client().post("/en/networks", data=FORM | {field: bad})
    assert answer.status_code == 422
    assert said in answer.text
    for name, value in FORM.items():
        if name not in (field, "formats", "accepted"):
            assert str(value) in answer.text, name
    assert field == "formats" or 'value="rpz.zone" autocomplete="off" checked' in answer.text
    assert field == "accepted" or re.search(r'name="accepted"[^>]* checked', answer.text)


def test_a_form_as_large_as_nothing_real_is_turned_away(app):
    assert app.test_client().post("/en/networks", data=FORM | {"purpose": "x" * 2_000_000}).status_code == 413


@pytest.mark.parametrize("unseen", ["\x00", "\x1b", "\u202e", "\u2066", "\u200b", "\ufeff"])
def test_nothing_unseen_in_a_form_reaches_the_administrator(app, unseen):
    name = f"Organisation {uuid.uuid4().hex[:8]}"
    answer = app.test_client().post("/en/networks", data=FORM | {"organisation": f"{unseen}{name[:5]}{unseen}{name[5:]}"})
    assert answer.status_code == 200
    with database_of(app).reading() as session:
        assert session.scalars(select(ConsumerApplication.organisation).where(ConsumerApplication.organisation == name)).all() == [name]


@pytest.mark.parametrize("what", ["approve", "decline"])
def test_a_null_byte_from_an_administrator_breaks_nothing(app, admin, what):
    answer = decide(admin, applied(app), what, name=f"\x00{uuid.uuid4().hex}", reason="Nobody knows\x00 of it there.")
    assert answer.status_code in (200, 303)


def test_markup_in_a_name_stays_text(app, admin):
    name = f"<b>Net</b> {uuid.uuid4().hex[:8]}"
    applied(app, organisation=name)
    assert name not in admin.get("/desk/consumers").text


def test_what_fills_the_field_nobody_sees_is_told_the_same_and_kept_nowhere(app):
    name = f"Robot {uuid.uuid4().hex[:8]}"
    answer = app.test_client().post("/en/networks", data=FORM | {"organisation": name, "subject": "spam"})
    assert NUMBER.search(answer.text)
    with database_of(app).reading() as session:
        assert session.scalars(select(ConsumerApplication).where(ConsumerApplication.organisation == name)).all() == []


def test_nobody_learns_by_signing_up_whether_a_network_is_here(app):
    known = new_consumer(app)
    known_answer, other = (
        app.test_client().post("/en/networks", data=FORM | {"organisation": name}) for name in (known, f"Other {uuid.uuid4().hex[:8]}")
    )
    assert known_answer.status_code == other.status_code == 200
    assert NUMBER.sub("", known_answer.text) == NUMBER.sub("", other.text)


def test_a_flood_of_forms_must_wait_but_the_page_stays_open(app):
    client = app.test_client()
    at = {"REMOTE_ADDR": "203.0.113.77"}
    answers = [client.post("/en/networks", data={}, environ_overrides=at).status_code for _ in range(policy.APPLICATIONS.each.limit + 1)]
    assert answers == [422] * policy.APPLICATIONS.each.limit + [429]
    assert client.get("/en/networks", environ_overrides=at).status_code == 200


@pytest.mark.parametrize("tag", languages.COMPLETE)
@pytest.mark.parametrize("typed", [{}, dict.fromkeys(TYPED, "x" * 2001)], ids=["nothing", "too much"])
def test_each_fault_is_told_apart_in_the_list_at_the_top(app, tag, typed):
    at = {"REMOTE_ADDR": f"198.18.{languages.COMPLETE.index(tag)}.{len(typed) + 1}"}
    page = app.test_client().post(f"/{tag}/networks", data=typed, environ_overrides=at).text
    told = re.findall(r'<li><a href="#[\w-]+">([^<]+)</a></li>', page)
    assert len(told) == len(set(told)) == 8
