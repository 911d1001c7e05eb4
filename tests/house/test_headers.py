"""Every answer, however it came about, carries the same guards, and no public one leaves a trace in the browser."""

import hashlib

import pytest

from app import audience, clock
from app.release.newest import write_newest
from app.security import CONTENT_SECURITY_POLICY
from moderation import publishing
from tests import builders
from tests.web.visitors import database_of, one_app, report, signed_in

TYPED = "what a reporter typed"
TOKEN = "a-token-for-tests-0123456789"

GUARDS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

PUBLIC = {
    "a page": ("GET", "/en/report", 200),
    "a page without a body": ("HEAD", "/en/report", 200),
    "what a page allows": ("OPTIONS", "/en/report", 200),
    "a step to another page": ("GET", "/report", 302),
    "a form that says nothing": ("POST", "/en/report", 422),
    "a page that is not there": ("GET", "/nowhere", 404),
    "a way that a page cannot be used": ("POST", "/en/about", 405),
    "a fault of ours": ("GET", "/broken", 500),
    "a static file": ("GET", "/static/house.css", 200),
    "a static file that is not there": ("GET", "/static/nothing.css", 404),
    "the feed without a token": ("GET", "/feed/v1/", 401),
    "a feed's address with a wrong token": ("GET", "/feed/v1/t/wrong/domains.txt", 404),
    "what programs may send": ("GET", "/api/v1/status", 200),
    "a report of a program that says nothing": ("POST", "/api/v1/reports", 415),
    "a page for programmers": ("GET", "/api/docs", 200),
    "a call that is not there": ("GET", "/api/v1/nowhere", 404),
    "a word for robots": ("GET", "/robots.txt", 200),
    "the way out": ("GET", "/exit", 303),
    "whether we live": ("GET", "/healthz", 200),
    "whether we are ready": ("GET", "/readyz", 200),
}
STYLESHEET = "/static/house.css"
each_public = pytest.mark.parametrize("what", PUBLIC)


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    """The application, with a page that breaks, and a release to pull."""

    @audience.audience(audience.PUBLIC)
    def broken():
        raise ValueError(TYPED)

    for app in one_app(server, template, tmp_path_factory.mktemp("instance")):
        app.add_url_rule("/broken", "broken", broken)
        pull(app)
        yield app


def pull(app):
    """Add somebody who may pull, and something to pull."""
    digest = hashlib.sha256(TOKEN.encode()).digest()
    with database_of(app).transaction() as session:
        builders.consumer(session, token=digest, at=clock.now())
        publishing.release(session, at=clock.now())
    write_newest(database_of(app), app.extensions["settings"], clock.now())


def asked(app, what):
    method, address, status = PUBLIC[what]
    answer = app.test_client().open(address, method=method)
    assert answer.status_code == status
    return answer


def guards(answer):
    return {name: answer.headers.get(name) for name in GUARDS}


@each_public
def test_every_answer_carries_the_guards(app, what):
    assert guards(asked(app, what)) == GUARDS


@each_public
def test_no_public_answer_sets_a_cookie_or_depends_on_one(app, what):
    answer = asked(app, what)
    assert answer.headers.getlist("Set-Cookie") == []
    assert "Cookie" not in answer.headers.get("Vary", "")


@each_public
def test_no_answer_tells_what_serves_it(app, what):
    assert {"Server", "X-Powered-By"} & set(asked(app, what).headers.keys()) == set()


@pytest.mark.parametrize("what", [what for what, (_, address, _) in PUBLIC.items() if address != STYLESHEET])
def test_nothing_but_static_files_is_kept(app, what):
    assert asked(app, what).headers["Cache-Control"] == "no-store"


def test_a_fault_of_ours_gives_a_reference_and_nothing_of_itself(app, capsys):
    answer = asked(app, "a fault of ours")
    assert "quote this reference" in answer.text
    assert TYPED not in answer.text
    assert TYPED not in capsys.readouterr().out


@pytest.mark.parametrize("address", ["/feed/v1/", "/feed/v1/domains.txt", "/feed/v1/nothing.txt"])
def test_the_feed_carries_the_guards_and_no_cookie_for_who_may_pull(app, address):
    answer = app.test_client().get(address, headers={"Authorization": f"Bearer {TOKEN}"})
    assert guards(answer) == GUARDS
    assert answer.headers.getlist("Set-Cookie") == []


def test_a_list_is_asked_for_anew_each_time_and_kept_by_nobody_between(app):
    answer = app.test_client().get("/feed/v1/domains.txt", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-cache")


@pytest.fixture(scope="module")
def moderator(app):
    return signed_in(app)


@pytest.mark.parametrize("address", ["/desk/", "/desk/queue", "/desk/listings", "/desk/audit", "/desk/nowhere", "/desk/cases/{case}"])
def test_every_answer_of_the_desk_carries_the_guards_and_is_never_kept(app, moderator, address):
    answer = moderator.get(address.format(case=report(app)))
    assert guards(answer) == GUARDS
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_guest_at_the_desk_is_turned_away_with_the_guards(app):
    answer = app.test_client().get("/desk/queue")
    assert guards(answer) == GUARDS
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_for_the_desk_alone_and_out_of_reach(app):
    (cookie,) = app.test_client().get("/desk/sign-in").headers.getlist("Set-Cookie")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "SameSite=Strict", "Path=/desk"}


def test_who_is_signed_in_sends_no_cookie_to_public_pages(moderator):
    answer = moderator.client.get("/en/about")
    assert "Cookie" not in answer.request.headers
    assert answer.headers.getlist("Set-Cookie") == []


def test_over_https_the_browser_is_told_to_stay_there(app):
    over = app.test_client().get("/en/about", base_url="https://127.0.0.1")
    assert over.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in app.test_client().get("/en/about").headers


def test_no_source_of_scripts_or_styles_is_unsafe():
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")
    assert {word for part in CONTENT_SECURITY_POLICY.split("; ") for word in part.split()[1:]} == {"'none'", "'self'"}
