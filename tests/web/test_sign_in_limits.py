"""Doors that a secret opens, in a flood: failures use up what a network has; who knows the secret is held up as little as can be."""

import io
import itertools
import uuid
from datetime import timedelta

import pytest
from werkzeug.exceptions import TooManyRequests

from app import clock, create_app, limits
from app.sign_in import credentials, known_browsers, sessions
from moderation import policy
from moderation.vocabulary import Budget, RateLimit
from tests import builders
from tests.web.engineers import engineer_of
from tests.web.floods import HOME, asked
from tests.web.visitors import PASSWORD, SECRET, Visitor, add, database_of

pytestmark = pytest.mark.usefixtures("one_window")

TEN_MINUTES = timedelta(minutes=10)
FEW = RateLimit(name="few", each=Budget(2, TEN_MINUTES), together=Budget(24, TEN_MINUTES))
"""A /24 may fail six times, a /16 twelve times."""
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    """An application behind a proxy that tells it who asks."""
    url = server.create(template=template)
    settings = builders.settings(tmp_path_factory.mktemp("instance"), behind_proxy=True, client_header="X-Real-IP")
    made = create_app(settings, database_url=url)
    yield made
    made.extensions["flagstone_database"].engine.dispose()
    server.drop(url)


@pytest.fixture(autouse=True)
def few(app, monkeypatch):
    """Small numbers, and doors that no other story stood at."""
    for number in ("SIGN_INS", "NETWORK_SIGN_INS", "PARTNER_TOKENS"):
        monkeypatch.setattr(policy, number, RateLimit(name=uuid.uuid4().hex, each=FEW.each, together=FEW.together))


def address(number, network="192.88.100"):
    return f"{network}.{number}"


def browser(app, *, at, email=""):
    """A browser at this address, and in front of it somebody of the desk."""
    visitor = Visitor(app)
    visitor.email = email or f"noor{next(_numbers)}@desk.example"
    if not email:
        add(app, email=visitor.email)
    return moved(visitor, at)


def moved(visitor, at):
    visitor.client.environ_base["HTTP_X_REAL_IP"] = at
    return visitor


def enter(visitor, password=PASSWORD, *, email=""):
    """How a sign-in is answered, in a browser that was closed before; codes work once, so nobody here signs in twice within one."""
    visitor.client.delete_cookie("flagstone_desk", path="/desk")
    visitor.get("/desk/sign-in")
    code = credentials.current_code(SECRET, clock.now())
    return visitor.post("/desk/sign-in", {"email": email or visitor.email, "password": password, "code": code}).status_code


def flooded(app, limit, network="192.88.100"):
    """All that this network may fail at a door is used up, from addresses of others."""
    return asked(app, limit, [address(number, network) for number in range(100, 120)])


@pytest.mark.parametrize("door", ["/desk/sign-in", "/desk/sign-in/demo"])
def test_signing_in_is_limited_before_any_password_is_tried(app, door, monkeypatch):
    asked(app, policy.SIGN_INS, [HOME] * FEW.each.limit)
    monkeypatch.setattr(sessions, "admit", lambda *_: pytest.fail("tried"))
    visitor = moved(Visitor(app), HOME)
    email = f"demo{next(_numbers)}@desk.example"
    add(app, email=email, is_demo=True)
    visitor.get("/desk/sign-in")
    answer = visitor.post(door, {"email": email, "password": "guessed", "code": "123456"})
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)


@pytest.mark.long
def test_who_signs_in_rightly_uses_up_nothing_of_what_others_have(app):
    assert [enter(browser(app, at=address(number))) for number in range(8)] == [303] * 8


@pytest.mark.long
def test_failures_use_it_up_and_a_password_is_tried_no_more(app, monkeypatch):
    at = [address(number) for number in (1, 1, 2, 2, 3, 3, 4)]
    nobody = [browser(app, at=one, email="nobody@desk.example") for one in at]
    assert [enter(one, "guessed") for one in nobody] == [401] * 6 + [429]
    stranger = browser(app, at=address(5))
    monkeypatch.setattr(sessions, "admit", lambda *_: pytest.fail("tried"))
    assert enter(stranger) == 429


def test_attempts_at_the_same_moment_are_no_more_than_there_is_room_for(app):
    tried = []

    def tries(left):
        with limits.trying(policy.SIGN_INS):
            tried.append(left)
            if left:
                tries(left - 1)

    with app.test_request_context("/", headers={"X-Real-IP": HOME}), pytest.raises(TooManyRequests):
        tries(4)
    assert tried == [4, 3]


def test_a_flood_holds_up_nobody_in_a_browser_in_which_they_signed_in_before(app, monkeypatch):
    known = browser(app, at=address(1))
    assert enter(known) == 303
    flooded(app, policy.SIGN_INS)
    assert enter(browser(app, at=address(2))) == 429
    # Not even one from the address that they share with others.
    asked(app, policy.SIGN_INS, [address(1)] * 5)
    monkeypatch.setattr(sessions, "admit", lambda *_: None)
    assert enter(known) == 303


def test_a_known_browser_has_no_more_attempts_than_an_address_wherever_it_is(app):
    known = browser(app, at=address(1))
    enter(known)
    wrong = [enter(moved(known, address(number)), "guessed") for number in (1, 2, 3)]
    assert wrong == [401, 401, 429]


def test_a_known_browser_is_a_stranger_for_every_other_account(app, monkeypatch):
    known, other = browser(app, at=address(1)), browser(app, at=address(2))
    enter(known)
    flooded(app, policy.SIGN_INS)
    monkeypatch.setattr(sessions, "admit", lambda *_: pytest.fail("tried"))
    assert enter(known, email=other.email) == 429


def test_nobody_makes_such_a_browser_and_none_is_known_for_ever(app, monkeypatch):
    known = browser(app, at=address(1))
    enter(known)
    carried = known.client.get_cookie(known_browsers.COOKIE, path="/desk/sign-in").value
    assert known.email not in carried
    for made in ("", "x" * 140, "\xff", carried[:-4] + "AAAA", "y" * 5_000):
        with app.test_request_context("/desk/sign-in", headers={"Cookie": f"{known_browsers.COOKIE}={made}"}):
            assert known_browsers.number(known.email) == ""
    with app.test_request_context("/desk/sign-in", headers={"Cookie": f"{known_browsers.COOKIE}={carried}"}):
        assert known_browsers.number(f" {known.email.upper()}") != ""
        monkeypatch.setattr(policy, "BROWSER_KNOWN", timedelta(seconds=-1))
        assert known_browsers.number(known.email) == ""


def test_it_is_kept_from_scripts_and_sent_to_the_door_alone(app):
    known = browser(app, at=address(1))
    enter(known)
    (told,) = [line for line in known.answer.headers.getlist("Set-Cookie") if line.startswith(known_browsers.COOKIE)]
    assert {"HttpOnly", "SameSite=Strict", "Path=/desk/sign-in"} <= {part.strip() for part in told.split(";")}
    (told,) = [line for line in known.answer.headers.getlist("Set-Cookie") if line.startswith("flagstone_desk")]
    assert "Expires" not in told


def test_a_networks_key_opens_its_door_in_any_flood_and_what_opens_nothing_waits(app):
    key = engineer_of(app).key
    flooded(app, policy.NETWORK_SIGN_INS)

    def told(key):
        return moved(Visitor(app), address(next(_numbers) % 90)).post("/network/sign-in", {"key": key}).status_code

    assert [told("opens nothing"), told(key), told(key), told("opens nothing")] == [429, 303, 303, 429]


def test_right_keys_use_up_nothing_of_what_others_have(app):
    key = engineer_of(app).key
    for number in range(8):
        assert moved(Visitor(app), address(number)).post("/network/sign-in", {"key": key}).status_code == 303
    assert moved(Visitor(app), address(9)).post("/network/sign-in", {"key": "opens nothing"}).status_code == 401


def test_a_partners_token_is_read_in_any_flood_and_floods_no_door_of_the_desk(app):
    with database_of(app).transaction() as session:
        builders.partner(session, "Files", token="the token of a partner with files")

    def sends(token, number):
        file = io.BytesIO(b"what,category\nhttps://x.test/,labour")
        form = {"token": token, "file": (file, "reports.csv")}
        return app.test_client().post("/partner/", data=form, headers={"X-Real-IP": address(number)}).status_code

    assert [sends("opens nothing", number) for number in range(7)] == [422] * 6 + [429]
    assert sends("the token of a partner with files", 8) == 200
    assert enter(browser(app, at=address(9))) == 303
