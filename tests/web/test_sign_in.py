"""Signing in: who gets in, who does not, where it leads, and that nothing typed is lost when it has ended."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from app import clock, create_app
from moderation import policy
from moderation.models import SignIn
from moderation.vocabulary import Role
from tests import builders
from tests.web.signing_in import at_the_door, code, enter, is_signed_in
from tests.web.visitors import Visitor, add, claim, database_of, one_app, report, signed_in


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def visitor(app):
    return at_the_door(app)


def test_password_and_code_of_the_moment_open_the_desk(visitor):
    enter(visitor)
    assert is_signed_in(visitor)


def test_an_email_may_be_typed_in_capitals_and_the_code_with_spaces(visitor):
    enter(visitor, email=f" {visitor.email.upper()} ", code_typed=f"{code()[:3]} {code()[3:]}")
    assert is_signed_in(visitor)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "another"},
        {"code_typed": "000000x"},
        {"email": "nobody@desk.example"},
        {"code_typed": "\x00"},
        {"email": "\x00noor@desk.example"},
        {"password": "\x00" * 100_000},
    ],
)
def test_whatever_is_wrong_nobody_gets_in(visitor, wrong):
    assert enter(visitor, **wrong).status_code == 401
    assert not is_signed_in(visitor)


@pytest.mark.long
def test_a_refusal_never_says_which_part_was_wrong(visitor):
    def said(**wrong):
        page = enter(visitor, **wrong).text
        return re.sub(r'value="[^"]*"', "", page)

    assert said(password="another") == said(code_typed="111111") == said(email="nobody@desk.example")


def test_a_refusal_keeps_the_email_and_never_the_password(visitor):
    page = enter(visitor, password="not this one").text
    assert f'value="{visitor.email}"' in page
    assert "not this one" not in page


def test_a_code_works_once(app, visitor):
    used = code()
    enter(visitor, code_typed=used)
    assert enter(Visitor(app), email=visitor.email, code_typed=used).status_code == 401


@pytest.mark.long
def test_after_five_wrong_codes_the_account_rests_even_for_the_right_answers(visitor):
    for _ in range(policy.SIGN_IN_ATTEMPTS):
        enter(visitor, code_typed="no code")
    assert enter(visitor).status_code == 401


def test_a_form_works_over_https_though_our_pages_send_no_referrer(tmp_path, database_url):
    app = create_app(builders.settings(tmp_path, base_url="https://flag.example.org"), database_url=database_url)
    visitor = Visitor(app)
    visitor.get("/desk/sign-in", base_url="https://flag.example.org")
    answer = visitor.post("/desk/sign-in", {"email": "a@b.example"}, base_url="https://flag.example.org")
    app.extensions["flagstone_database"].engine.dispose()
    assert answer.status_code == 401


@pytest.mark.parametrize("address", ["/", "/report", "/check", "/healthz", "/feed/v1/"])
def test_public_answers_set_no_cookie_and_depend_on_none(app, address):
    answer = app.test_client().get(address, follow_redirects=True)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_guest_is_led_to_the_page_they_wanted(visitor):
    asked = visitor.get("/desk/queue?state=proposed&text=a%20b")
    assert asked.status_code == 303
    visitor.follow()
    wanted = re.search(r'name="next" value="([^"]+)"', visitor.page)[1].replace("&amp;", "&")
    assert enter(visitor, next=wanted).headers["Location"] == "/desk/queue?state=proposed&text=a%20b"


@pytest.mark.long
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/desk",
        "/\\evil.example",
        "/desk\\..\\evil",
        "/desk/../feed/v1/",
        "/deskevil",
        "/report",
        "javascript:alert(1)",
        "/desk/sign-in?next=/desk/",
        "/desk/\r\nX: y",
        "desk/",
        "",
    ],
)
def test_signing_in_leads_nowhere_but_to_the_desk(visitor, elsewhere):
    assert enter(visitor, next=elsewhere).headers["Location"] == "/desk/"


def test_a_link_from_elsewhere_gets_one_step_so_that_the_strict_cookie_comes_along(visitor):
    answer = visitor.get("/desk/queue?mine=1", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert 'content="0; url=/desk/queue?mine=1"' in visitor.page


def test_a_program_gets_a_401_and_no_page(visitor):
    answer = visitor.get("/desk/queue", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_a_guest_cannot_make_us_draw_a_page_of_a_hundred_thousand_fields(app):
    answer = app.test_client().post("/desk/queue/next", data="a=1&" * 100_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert len(answer.data) < 100_000


@pytest.mark.long
def test_a_form_sent_after_the_sign_in_ended_gives_back_what_was_typed(app):
    moderator, case = signed_in(app), report(app)
    claim(moderator, case)
    moderator.get(f"/desk/cases/{case}")
    with database_of(app).transaction() as session:
        session.execute(update(SignIn).values(ended_at=clock.now()))
    answer = moderator.post(f"/desk/cases/{case}/propose", {"lifeline": "An hour of <b>careful</b> words.", "still_there": "same"})
    assert answer.status_code == 401
    assert "Who might lose a lifeline?</label>" in moderator.page
    assert "same</textarea>" not in moderator.page
    assert "An hour of &lt;b&gt;careful&lt;/b&gt; words." in moderator.page
    assert f"/desk/sign-in?next=%2Fdesk%2Fcases%2F{case}" in moderator.page


def test_a_form_with_an_old_token_gives_back_what_was_typed(app):
    moderator, case = signed_in(app), report(app)
    answer = moderator.post(f"/desk/cases/{case}/propose", {"csrf_token": "old", "lifeline": "Careful words."})
    assert answer.status_code == 400
    assert "Careful words." in moderator.page


def test_a_password_is_never_given_back(visitor):
    visitor.post("/desk/sign-in", {"csrf_token": "old", "email": visitor.email, "password": "my own password"})
    assert "my own password" not in visitor.page


@pytest.mark.long
@pytest.mark.parametrize(("origin", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 303)])
def test_a_form_from_another_site_is_refused_even_with_a_token(app, origin, status):
    moderator, case = signed_in(app), report(app)
    moderator.get("/desk/queue")
    assert moderator.post(f"/desk/cases/{case}/claim", headers={"Sec-Fetch-Site": origin}).status_code == status


def test_a_demo_button_walks_in_as_often_as_one_likes(app):
    add(app, email="again@demo.example", is_demo=True)
    for _ in range(2):
        visitor = Visitor(app)
        assert "again@demo.example" in visitor.get("/desk/sign-in").text
        visitor.post("/desk/sign-in/demo", {"email": "again@demo.example"})
        assert is_signed_in(visitor)


def test_the_demo_button_opens_no_other_account(visitor):
    assert visitor.post("/desk/sign-in/demo", {"email": visitor.email}).status_code == 404


@pytest.mark.parametrize("environment", ["test", "production"])
def test_outside_the_demonstration_there_is_no_demo_button(app, monkeypatch, environment):
    add(app, email=f"in-{environment}@demo.example", is_demo=True)
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], environment=environment))
    visitor = Visitor(app)
    assert "demo.example" not in visitor.get("/desk/sign-in").text
    assert visitor.post("/desk/sign-in/demo", {"email": f"in-{environment}@demo.example"}).status_code == 404


@pytest.mark.long
@pytest.mark.parametrize(
    ("role", "first_page"),
    [
        (Role.MODERATOR, "/desk/queue"),
        (Role.SENIOR, "/desk/queue"),
        (Role.AUDITOR, "/desk/audit"),
        (Role.ADMIN, "/desk/audit"),
    ],
)
def test_each_role_arrives_at_its_own_first_page(app, role, first_page):
    assert signed_in(app, role).answer.headers["Location"] == first_page


def test_a_volunteer_is_told_that_there_is_nothing_here_yet(app):
    assert "no pages at the desk yet" in signed_in(app, Role.VOLUNTEER).page
