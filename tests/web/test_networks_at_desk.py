"""What an administrator says to networks that ask for the list, and to those that have it."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, limits
from app.counters import SharedCounters
from moderation import consumers, policy, publishing, webhooks
from moderation.errors import AlreadyExists
from moderation.models import AuditRecord, Consumer, ConsumerApplication
from moderation.vocabulary import SYSTEM, Role
from tests.web.applications import FORM, applied, approved, decide
from tests.web.engineers import engineer_of, new_consumer, reference_of, secret_on
from tests.web.visitors import Visitor, database_of, one_app, signed_in


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
        consumers.add_consumer(
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


@pytest.mark.long
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SENIOR, Role.AUDITOR])
def test_networks_are_for_administrators_alone(app, role):
    visitor = signed_in(app, role)
    assert visitor.get("/desk/consumers").status_code == 403
    assert "/desk/consumers" not in visitor.get("/desk/", follow_redirects=True).text


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
