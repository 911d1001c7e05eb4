"""A network asks for the list, an administrator answers, and five minutes later its engineer sees what was fetched."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, languages, limits
from app.counters import SharedCounters
from app.feed.current import Reader
from app.feed.views import READER
from app.release.newest import write_newest
from moderation import consumers, policy, publishing, webhooks
from moderation.errors import AlreadyExists
from moderation.models import AuditRecord, Consumer, ConsumerApplication
from moderation.vocabulary import SYSTEM, Role
from tests.web.engineers import engineer_of, new_consumer, reference_of, secret_on
from tests.web.visitors import Visitor, database_of, one_app, signed_in

FORM = {
    "organisation": "Nordnetz eG",
    "contact_name": "Imke Petersen",
    "contact_email": "noc@nordnetz.example",
    "territory": "Norddeutschland",
    "software": "Unbound 1.19, Squid",
    "formats": ["rpz.zone", "squid-urls.txt"],
    "purpose": "We protect 40,000 homes. Who meets an entry sees a page that names the list.",
    "accepted": "y",
}
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


def applied(app, **changes):
    """A form that was sent by a new organisation; the reference of its application."""
    name = changes.pop("organisation", "") or f"Organisation {uuid.uuid4().hex[:8]}"
    answer = app.test_client().post("/en/networks", data=FORM | {"organisation": name} | changes)
    assert answer.status_code == 200, answer.text
    with database_of(app).reading() as session:
        newest = select(ConsumerApplication).where(ConsumerApplication.organisation == name).order_by(ConsumerApplication.id.desc())
        return session.scalars(newest.limit(1)).one()


def decide(admin, application, what, **form):
    admin.get("/desk/consumers")
    return admin.post(f"/desk/consumers/applications/{application.reference}/{what}", form)


def approved(app, admin, **changes):
    application = applied(app, **changes)
    decide(admin, application, "approve", name=application.organisation)
    return application.organisation, secret_on(admin)


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


# --- What the administrator says


def test_approving_makes_the_network_with_what_it_said_and_is_on_record(app, admin):
    application = applied(app)
    decide(admin, application, "approve", name=f"{application.organisation} (north)")
    with database_of(app).reading() as session:
        made = session.scalars(select(Consumer).where(Consumer.name == f"{application.organisation} (north)")).one()
        assert (made.contact, made.territory, made.formats) == (FORM["contact_email"], FORM["territory"], FORM["formats"])
        assert made.address_formats == []
        actions = session.scalars(select(AuditRecord.action).where(AuditRecord.subject == f"consumer:{made.reference}")).all()
    assert actions == ["consumer approved", "consumer invited"]


def test_approving_twice_makes_one_network(app, admin):
    application = applied(app)
    assert decide(admin, application, "approve", name=application.organisation).status_code == 200
    assert decide(admin, application, "approve", name=f"{application.organisation} again").status_code == 409


@pytest.mark.parametrize("name", ["", "x" * 201, "taken"])
def test_a_network_needs_a_name_of_its_own(app, admin, name):
    application = applied(app)
    name = new_consumer(app) if name == "taken" else name
    answer = decide(admin, application, "approve", name=name)
    assert (answer.status_code, "fault" in answer.text) == (422, True)
    assert f'value="{name}"' in answer.text


LIKE = (str.upper, str.casefold, lambda name: name.replace(" ", "\u00a0"), lambda name: name.replace(" ", " \u200b "))
LIKE = (*LIKE, lambda name: f"\u202e{name}", lambda name: name.replace(" ", "\u3164"), lambda name: name.replace("O", "\uff2f"))
LIKE = (*LIKE, lambda name: f"{name}\u034f\ufe0f", lambda name: name.replace(" ", "\n"))


@pytest.mark.parametrize("like", LIKE)
def test_no_network_is_named_so_that_it_is_taken_for_another(app, admin, like):
    known, _ = approved(app, admin)
    application = applied(app)
    assert decide(admin, application, "approve", name=like(known)).status_code == 422
    with database_of(app).transaction() as session, pytest.raises(AlreadyExists):
        publishing.add_consumer(
            session, like(known), token_digest=b"x" * 32, reference=uuid.uuid4(), address_formats=(), by=SYSTEM, at=clock.now()
        )


@pytest.mark.parametrize("unseen", ["\u200b", "\u3164", "\u2800\u00a0", "\u034f", "\ufe0f\u202e"])
def test_a_name_that_nobody_sees_is_none(app, admin, unseen):
    assert decide(admin, applied(app), "approve", name=unseen).status_code == 422
    assert app.test_client().post("/en/networks", data=FORM | {"organisation": unseen}).status_code == 422


def test_declining_needs_a_reason_which_goes_on_record(app, admin):
    application = applied(app)
    assert decide(admin, application, "decline", reason="no").status_code == 422
    assert decide(admin, application, "decline", reason="Nobody at this organisation knows of it.").status_code == 303
    assert application.organisation not in admin.get("/desk/consumers").text
    with database_of(app).reading() as session:
        rows = session.scalars(select(AuditRecord).where(AuditRecord.subject == f"application:{application.reference}")).all()
    assert [row.action for row in rows] == ["consumer applied", "consumer declined"]
    assert rows[-1].detail["reason"] == "Nobody at this organisation knows of it."


def test_a_declined_application_is_deleted_after_its_time(app, admin):
    application = applied(app)
    decide(admin, application, "decline", reason="Nobody at this organisation knows of it.")
    with database_of(app).transaction() as session:
        assert consumers.forget_old_applications(session, at=clock.now() + policy.APPLICATION_KEPT - timedelta(hours=1)) == 0
        assert consumers.forget_old_applications(session, at=clock.now() + policy.APPLICATION_KEPT + timedelta(hours=1)) >= 1
        assert session.scalars(select(ConsumerApplication).where(ConsumerApplication.reference == application.reference)).all() == []


def test_an_application_that_nobody_decides_is_deleted_after_its_time(app):
    application = applied(app)
    key = select(ConsumerApplication.id).where(ConsumerApplication.reference == application.reference)
    with database_of(app).transaction() as session:
        consumers.forget_old_applications(session, at=application.created_at + policy.APPLICATION_WAITS)
        assert session.scalar(key) is not None
    with database_of(app).transaction() as session:
        consumers.forget_old_applications(session, at=application.created_at + policy.APPLICATION_WAITS + timedelta(hours=1))
        assert session.scalar(key) is None


def last_page(admin):
    """The last page of the applications that wait, and its number."""
    page = admin.get("/desk/consumers?page=9999").text
    return page, re.search(r'name="page" value="(\d+)"', page)[1]


def test_an_honest_application_is_found_behind_a_page_of_junk(app, admin, monkeypatch):
    monkeypatch.setattr(policy, "APPLICATIONS_SHOWN", 3)
    junk = [applied(app) for _ in range(4)]
    honest = applied(app)
    page, number = last_page(admin)
    assert honest.organisation in page
    assert int(number) >= 2
    assert 'rel="prev"' in page
    first = admin.get("/desk/consumers").text
    assert 'rel="next"' in first
    assert honest.organisation not in first
    admin.post("/desk/consumers/applications/decline", {"application": [str(one.reference) for one in junk[:3]], "reason": "It is junk."})
    left = admin.get("/desk/consumers?page=9999").text + admin.get("/desk/consumers").text
    assert not [one for one in junk[:3] if one.organisation in left]


def test_several_are_declined_for_one_reason_and_each_is_on_record(app, admin):
    ones = [applied(app) for _ in range(3)]
    decide(admin, ones[0], "approve", name=ones[0].organisation)
    admin.get("/desk/consumers")
    reason = "Nobody at these organisations knows of it."
    answer = admin.post("/desk/consumers/applications/decline", {"application": [str(one.reference) for one in ones], "reason": reason})
    assert answer.status_code == 303
    assert "2 applications are declined." in admin.get("/desk/consumers").text
    with database_of(app).reading() as session:
        told = [
            [row.action for row in session.scalars(select(AuditRecord).where(AuditRecord.subject == f"application:{one.reference}"))]
            for one in ones
        ]
    assert told == [["consumer applied"], *[["consumer applied", "consumer declined"]] * 2]


@pytest.mark.parametrize(("ticked", "reason"), [(True, "no"), (False, "It is junk, all of it."), (None, "It is junk, all of it.")])
def test_several_are_not_declined_without_a_reason_or_without_one_chosen(app, admin, ticked, reason):
    application = applied(app)
    admin.get("/desk/consumers")
    chosen = {True: [str(application.reference)], False: [], None: ["everything"]}[ticked]
    answer = admin.post("/desk/consumers/applications/decline", {"application": chosen, "reason": reason, "page": last_page(admin)[1]})
    assert (answer.status_code, 'class="fault"' in answer.text) == (422, True)
    assert f">\n{reason}</textarea>" in answer.text
    assert not ticked or f'value="{application.reference}" autocomplete="off" checked' in answer.text


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SENIOR, Role.AUDITOR])
def test_networks_are_for_administrators_alone(app, role):
    visitor = signed_in(app, role)
    assert visitor.get("/desk/consumers").status_code == 403
    assert "/desk/consumers" not in visitor.get("/desk/", follow_redirects=True).text


# --- Closing and opening


def feed_status(app, token):
    return app.test_client().get("/feed/v1/", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_closed_network_opens_nothing_and_goes_on_where_it_was_when_opened(app, admin, monkeypatch):
    monkeypatch.setattr(policy, "AUTHORISATION_HELD", timedelta())
    engineer = engineer_of(app)
    engineer.get("/network/tokens")
    engineer.post("/network/tokens", {"label": "", "lifetime": "30"})
    token, reference = secret_on(engineer), reference_of(app, engineer.name)
    assert feed_status(app, token) != 401
    admin.get(f"/desk/consumers/{reference}")
    admin.post(f"/desk/consumers/{reference}/close")
    assert feed_status(app, token) == 401
    assert engineer.get("/network/").status_code == 303
    admin.get(f"/desk/consumers/{reference}")
    assert admin.post(f"/desk/consumers/{reference}/invite").status_code == 403
    admin.get(f"/desk/consumers/{reference}")
    admin.post(f"/desk/consumers/{reference}/open")
    assert feed_status(app, token) != 401
    # Its key ended with it: an administrator invites again.
    assert engineer.get("/network/").status_code == 303
    assert Visitor(app).post("/network/sign-in", {"key": engineer.key}).status_code == 401
    admin.get(f"/desk/consumers/{reference}")
    admin.post(f"/desk/consumers/{reference}/invite")
    assert Visitor(app).post("/network/sign-in", {"key": secret_on(admin)}).status_code == 200


def test_an_administrator_ends_all_tokens_and_the_command_line_does_too(app, admin, monkeypatch):
    monkeypatch.setattr(policy, "AUTHORISATION_HELD", timedelta())
    engineer = engineer_of(app)
    for way in ("desk", "command line"):
        engineer.get("/network/tokens")
        engineer.post("/network/tokens", {"label": "", "lifetime": "30"})
        token, reference = secret_on(engineer), reference_of(app, engineer.name)
        assert feed_status(app, token) != 401
        if way == "desk":
            admin.get(f"/desk/consumers/{reference}")
            admin.post(f"/desk/consumers/{reference}/revoke-tokens")
        else:
            said = app.test_cli_runner().invoke(args=["consumers", "revoke", engineer.name]).output
            assert f"tokens of {engineer.name} ended." in said
        assert feed_status(app, token) == 401


@pytest.mark.parametrize("way", ["desk", "command line"])
def test_an_administrator_sees_and_ends_all_that_a_network_has(app, admin, way):
    engineer = engineer_of(app)
    reference = reference_of(app, engineer.name)
    engineer.get("/network/tools")
    engineer.post("/network/webhooks", {"url": "https://turned.example/hook"})
    engineer.get("/network/transfer")
    engineer.post("/network/transfer", {"algorithm": "hmac-sha256", "notify": ""})
    with database_of(app).reading() as session:
        (key,) = publishing.transfer_keys_of(session, reference)
    page = admin.get(f"/desk/consumers/{reference}").text
    assert "https://turned.example/hook" in page
    assert key.name in page
    if way == "desk":
        admin.post(f"/desk/consumers/{reference}/revoke-tokens")
    else:
        said = app.test_cli_runner().invoke(args=["consumers", "revoke", engineer.name]).output
        assert "1 transfer keys ended, 1 webhooks removed." in said
    with database_of(app).reading() as session:
        assert webhooks.all_of(session, reference) == ()
        assert [one.revoked_at is None for one in publishing.transfer_keys_of(session, reference)] == [False]
        query = select(AuditRecord.action).where(AuditRecord.subject == f"consumer:{reference}")
        acts = set(session.scalars(query))
    assert {"tokens revoked", "transfer keys revoked", "webhook ended"} <= acts
    page = admin.get(f"/desk/consumers/{reference}").text
    assert "turned.example" not in page
    assert key.name not in page


def test_the_command_line_lists_networks(app):
    name = new_consumer(app)
    said = app.test_cli_runner().invoke(args=["consumers", "list"]).output
    assert name in said


def test_a_guest_is_told_the_same_of_a_network_that_is_here_and_of_one_that_is_not(app):
    stranger, here = app.test_client(), reference_of(app, new_consumer(app))
    assert {stranger.get(f"/desk/consumers/{reference}").status_code for reference in (here, uuid.uuid4())} == {303}
