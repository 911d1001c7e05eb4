"""How a network's engineers reach their own pages, and how nobody else does."""

import hashlib
import logging
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock, secrets_shown
from app.network import sessions
from app.network.fields import NAMES
from moderation import policy
from moderation.models import Consumer, ConsumerKey, ConsumerSignIn
from moderation.vocabulary import Role
from tests.web.engineers import engineer_of, invited, new_consumer, reference_of, secret_on
from tests.web.visitors import Visitor, database_of, one_app, signed_in


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def engineer(app):
    return engineer_of(app)


def cookie(visitor):
    found = visitor.client.get_cookie(sessions.COOKIE, path="/network")
    return found and found.value


def enters(app, key):
    """Whether a fresh browser comes in with this."""
    visitor = Visitor(app)
    visitor.post("/network/sign-in", {"key": key})
    return visitor.get("/network/").status_code == 200


def test_an_invitation_opens_the_pages_once_and_gives_a_key_that_opens_them_again(app):
    name = new_consumer(app)
    invitation = invited(app, name)
    visitor = Visitor(app)
    key = visitor.post("/network/sign-in", {"key": invitation}) and secret_on(visitor)
    assert name in visitor.get("/network/").text
    assert not enters(app, invitation)
    assert enters(app, key)


def test_of_many_who_bring_the_same_invitation_at_once_one_comes_in(app):
    invitation, came = invited(app, new_consumer(app)), []

    def comes():
        came.append(Visitor(app).post("/network/sign-in", {"key": invitation}).status_code)

    at_once = [threading.Thread(target=comes) for _ in range(8)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert sorted(came) == [200] + [401] * 7


def test_the_key_is_on_no_other_page_and_the_database_has_its_digest_alone(app, engineer):
    assert engineer.key not in engineer.get("/network/").text
    with database_of(app).reading() as session:
        stored = session.query(ConsumerKey.digest).filter(ConsumerKey.digest == hashlib.sha256(engineer.key.encode()).digest())
        assert stored.one()


@pytest.mark.parametrize("wrong", ["", " ", "wrong", "x" * 5_000, "\x00", "\ud800"])
def test_what_opens_nothing_is_told_in_one_sentence_and_repeated_nowhere(app, wrong):
    visitor = Visitor(app)
    answer = visitor.post("/network/sign-in", {"key": wrong.encode("utf-8", "surrogatepass").decode("utf-8", "replace")})
    assert (answer.status_code, cookie(visitor)) == (401, None)
    assert "This opens nothing" in answer.text
    assert "wrong" not in answer.text
    assert "xxxx" not in answer.text


def test_a_token_of_the_feed_is_no_key(app):
    name = new_consumer(app)
    assert not enters(app, name)


@pytest.mark.parametrize("ends", ["too old", "another one came", "closed"])
def test_an_invitation_ends(app, ends):
    name = new_consumer(app)
    invitation = invited(app, name)
    with database_of(app).transaction() as session:
        if ends == "too old":
            old = clock.now() - policy.INVITATION_LIFETIME - timedelta(seconds=1)
            session.execute(
                update(ConsumerKey)
                .where(ConsumerKey.digest == secrets_shown.digest(invitation))
                .values(created_at=old, expires_at=clock.now())
            )
        if ends == "closed":
            session.execute(update(Consumer).where(Consumer.name == name).values(disabled_at=clock.now()))
    if ends == "another one came":
        invited(app, name)
    assert not enters(app, invitation)


def test_a_new_invitation_takes_the_place_of_a_lost_key(app, engineer):
    finder = Visitor(app)
    finder.post("/network/sign-in", {"key": engineer.key})
    again = Visitor(app)
    again.post("/network/sign-in", {"key": invited(app, engineer.name)})
    assert finder.get("/network/").status_code == 303
    assert not enters(app, engineer.key)
    assert enters(app, secret_on(again))


def test_a_new_key_ends_the_old_one_and_every_other_sign_in_but_not_this_one(app, engineer):
    other = Visitor(app)
    other.post("/network/sign-in", {"key": engineer.key})
    assert other.get("/network/").status_code == 200
    engineer.post("/network/key")
    key = secret_on(engineer)
    assert engineer.get("/network/").status_code == 200
    assert other.get("/network/").status_code == 303
    assert (enters(app, engineer.key), enters(app, key)) == (False, True)


# --- The sign-in itself


def test_a_sign_in_is_a_cookie_of_this_room_that_no_script_and_no_other_site_gets(app):
    visitor = Visitor(app)
    visitor.post("/network/sign-in", {"key": invited(app, new_consumer(app))})
    told = visitor.answer.headers["Set-Cookie"]
    assert all(part in told for part in ("HttpOnly", "SameSite=Strict", "Path=/network"))
    assert "Max-Age" not in told
    assert "Expires" not in told


def test_whoever_planted_a_cookie_before_is_not_signed_in_with_it(app):
    visitor = Visitor(app)
    visitor.client.set_cookie(sessions.COOKIE, "planted-by-somebody-else", path="/network")
    visitor.post("/network/sign-in", {"key": invited(app, new_consumer(app))})
    assert cookie(visitor) != "planted-by-somebody-else"
    stranger = app.test_client()
    stranger.set_cookie(sessions.COOKIE, "planted-by-somebody-else", path="/network")
    assert stranger.get("/network/").status_code == 303


def test_signing_in_again_ends_what_the_browser_had_before(app, engineer):
    before = cookie(engineer)
    engineer.post("/network/sign-in", {"key": engineer.key})
    stranger = app.test_client()
    stranger.set_cookie(sessions.COOKIE, before, path="/network")
    assert stranger.get("/network/").status_code == 303
    assert engineer.get("/network/").status_code == 200


def test_signing_out_ends_it_for_a_copy_of_the_cookie_too(app, engineer):
    copied = cookie(engineer)
    answer = engineer.post("/network/sign-out")
    assert (answer.status_code, cookie(engineer)) == (303, None)
    assert "You are signed out." in engineer.follow().text
    stranger = app.test_client()
    stranger.set_cookie(sessions.COOKIE, copied, path="/network")
    assert stranger.get("/network/").status_code == 303


@pytest.mark.parametrize("ends", ["idle", "absolute", "closed"])
def test_a_sign_in_ends_by_itself(app, engineer, ends):
    now, digest = clock.now(), secrets_shown.digest(cookie(engineer))
    with database_of(app).transaction() as session:
        this = update(ConsumerSignIn).where(ConsumerSignIn.token_digest == digest)
        long_ago = now - policy.SESSION_ABSOLUTE - timedelta(seconds=1)
        if ends == "idle":
            session.execute(this.values(created_at=long_ago, seen_at=now - policy.SESSION_IDLE - timedelta(seconds=1)))
        if ends == "absolute":
            session.execute(this.values(created_at=long_ago, ends_at=now - timedelta(seconds=1)))
        if ends == "closed":
            session.execute(update(Consumer).where(Consumer.name == engineer.name).values(disabled_at=now))
    assert engineer.get("/network/").status_code == 303


def test_signing_in_leads_to_a_page_of_a_networks_own_and_nowhere_else(app, engineer):
    for wanted in ("https://elsewhere.example/", "//elsewhere.example", "/desk/", "/network//elsewhere", "/network/sign-in", "/network\\x"):
        engineer.post("/network/sign-in", {"key": engineer.key, "next": wanted})
        assert engineer.answer.headers["Location"] == "/network/"


def test_the_desk_and_a_network_know_nothing_of_each_other(app, engineer):
    assert engineer.get("/desk/").status_code == 303
    moderator = signed_in(app, Role.ADMIN)
    assert moderator.get("/network/").status_code == 303


# --- Forms


def test_a_form_without_its_token_is_refused(app, engineer):
    assert engineer.client.post("/network/key").status_code == 400
    assert engineer.client.post("/network/key", data={"csrf_token": "0" * 64}).status_code == 400
    assert enters(app, engineer.key)


def test_another_networks_token_opens_no_form(app, engineer):
    other = engineer_of(app)
    engineer.page = other.page
    assert engineer.post("/network/key").status_code == 400


@pytest.mark.parametrize(
    "told", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_a_form_that_comes_from_another_site_is_refused_even_with_a_good_token(app, engineer, told):
    assert engineer.post("/network/key", headers=told).status_code == 400


@pytest.mark.parametrize("told", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_no_other_site_signs_somebody_in(app, engineer, told):
    visitor = Visitor(app)
    assert visitor.post("/network/sign-in", {"key": engineer.key}, headers=told).status_code == 400
    assert cookie(visitor) is None


@pytest.mark.parametrize("told", [{}, {"Origin": "null"}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "none"}])
def test_a_form_of_our_own_passes_whatever_the_browser_tells(app, engineer, told):
    assert engineer.post("/network/key", headers=told).status_code == 200


def test_a_guest_is_led_to_the_door_from_every_page_and_keeps_what_was_typed(app):
    visitor = Visitor(app)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/network/") and rule.endpoint not in ("network.door", "network.enter") and not rule.arguments:
            method = "GET" if "GET" in rule.methods else "POST"
            answer = visitor.client.open(rule.rule, method=method, data={"why": "typed for long"})
            assert answer.status_code == (303 if method == "GET" else 401), rule.rule
            assert method == "GET" or "typed for long" in answer.text


def test_what_was_typed_comes_back_under_the_names_of_its_fields_in_the_readers_language(app):
    typed = {"why": "typed for long", "format": "domains.txt", "csrf_token": "0" * 64}
    page = app.test_client().post("/network/false-positives", data=typed, headers={"Accept-Language": "fr"}).text
    assert "Qu’est-ce qui ne va pas" in page
    assert ("typed for long" in page, "domains.txt" in page, "0" * 64 in page) == (True, False, False)


def test_a_key_is_never_given_back(app):
    visitor = Visitor(app)
    visitor.post("/network/sign-in", {"key": "my own key", "why": "typed for long"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert ("typed for long" in visitor.page, "my own key" in visitor.page) == (True, False)


def test_every_field_that_an_engineer_types_into_has_a_name_to_be_given_back_under(engineer):
    typed = re.compile(r'<(?:textarea|input(?![^>]*type="(?:hidden|checkbox|file|password)"))[^>]* name="(\w+)"')
    pages = [engineer.get(f"/network/{page}").text for page in ("tokens", "addresses", "transfer", "setup", "tools")]
    assert {name for page in pages for name in typed.findall(page)} == set(NAMES)


def test_no_page_may_be_kept_and_none_tells_where_somebody_came_from(engineer):
    answer = engineer.get("/network/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_link_from_another_site_takes_one_step_at_our_own(app):
    answer = app.test_client().get("/network/", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, 'url=/network/"' in answer.text) == (200, True)


def test_no_key_is_in_any_log(app, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    name = new_consumer(app)
    invitation = invited(app, name)
    visitor = Visitor(app)
    visitor.post("/network/sign-in", {"key": invitation})
    visitor.post("/network/sign-in", {"key": "wrong-key-of-somebody"})
    said = caplog.text + "".join(capfd.readouterr())
    assert [each for each in (invitation, "wrong-key-of-somebody") if each in said] == []


def test_the_command_line_invites_too(app):
    name = new_consumer(app)
    said = app.test_cli_runner().invoke(args=["consumers", "invite", name]).output
    assert enters(app, said.partition("UTC): ")[2].split()[0])
    assert app.test_cli_runner().invoke(args=["consumers", "invite", "nobody"]).exit_code != 0
    assert reference_of(app, name)
