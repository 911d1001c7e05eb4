"""What a sign-in is worth, and for how long: its cookie, its token, and how it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock, create_app
from moderation import people, policy
from moderation.models import SignIn
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.web.signing_in import at_the_door, enter, is_signed_in
from tests.web.visitors import Visitor, add, database_of, one_app

NEWEST = select(SignIn).order_by(SignIn.id.desc()).limit(1)


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def visitor(app):
    return at_the_door(app)


@pytest.mark.long
def test_a_sign_in_gets_a_new_token_and_ends_the_one_before(app, visitor):
    enter(visitor)
    before = visitor.cookie.value
    add(app, email="second@desk.example", is_demo=True)
    visitor.get("/desk/queue")
    visitor.post("/desk/sign-in/demo", {"email": "second@desk.example"})
    assert visitor.cookie.value != before
    assert not is_signed_in(with_cookie(app, before))


def with_cookie(app, value):
    thief = Visitor(app)
    thief.client.set_cookie("flagstone_desk", value, path="/desk")
    return thief


def test_a_session_from_before_the_sign_in_is_worth_nothing_after_it(app, visitor):
    planted = visitor.cookie.value
    enter(visitor)
    assert not is_signed_in(with_cookie(app, planted))


def test_signing_out_ends_the_sign_in_for_a_copy_of_the_cookie_too(app, visitor):
    enter(visitor)
    copy = visitor.cookie.value
    visitor.get("/desk/queue")
    visitor.post("/desk/sign-out")
    assert not is_signed_in(with_cookie(app, copy))


def test_signing_out_needs_a_form_of_ours(app, visitor):
    enter(visitor)
    assert visitor.client.post("/desk/sign-out").status_code == 400
    assert is_signed_in(visitor)


@pytest.mark.long
@pytest.mark.parametrize(
    "changes",
    [
        {"seen_at": clock.now() - policy.SESSION_IDLE - timedelta(minutes=1)},
        {"ends_at": clock.now() - timedelta(seconds=1)},
        {"ended_at": clock.now()},
    ],
    ids=["idle too long", "over its absolute limit", "revoked"],
)
def test_a_sign_in_ends(app, visitor, changes):
    enter(visitor)
    with database_of(app).transaction() as session:
        session.execute(update(SignIn).values(**changes))
    assert not is_signed_in(visitor)


def test_work_keeps_a_sign_in_alive(app, visitor):
    enter(visitor)
    almost = clock.now() - policy.SESSION_IDLE + timedelta(minutes=2)
    with database_of(app).transaction() as session:
        session.execute(update(SignIn).values(seen_at=almost))
    is_signed_in(visitor)
    with database_of(app).reading() as session:
        assert session.scalar(NEWEST.with_only_columns(SignIn.seen_at)) > almost + timedelta(minutes=1)


def test_who_is_disabled_is_out_at_once(app, visitor):
    enter(visitor)
    with database_of(app).transaction() as session:
        people.disable(session, visitor.email, by=SYSTEM, at=clock.now())
    assert not is_signed_in(visitor)


def test_the_database_never_sees_the_token(app, visitor):
    enter(visitor)
    with visitor.client.session_transaction(path="/desk") as cookie:
        token = cookie["_user_id"]
    with database_of(app).reading() as session:
        kept = session.scalar(NEWEST.with_only_columns(SignIn.token_digest))
    assert len(token) >= 43
    assert token.encode() not in kept


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_public_pages(visitor):
    enter(visitor)
    set_cookie = next(value for name, value in visitor.answer.headers if name == "Set-Cookie")
    assert all(part in set_cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/desk"))


def test_over_https_the_cookie_is_secure(tmp_path, database_url):
    app = create_app(builders.settings(tmp_path, base_url="https://flag.example.org"), database_url=database_url)
    answer = app.test_client().get("/desk/sign-in", base_url="https://flag.example.org")
    app.extensions["flagstone_database"].engine.dispose()
    assert "Secure" in answer.headers["Set-Cookie"]
