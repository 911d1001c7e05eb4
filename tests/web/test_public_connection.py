"""The page about a connection lets in two pictures from the two test names, and nothing else from anywhere."""

import pytest

from app import create_app
from app.security import CONTENT_SECURITY_POLICY
from tests import builders

LISTED, NEVER = "http://blocktest.list.example:8000", "http://allowtest.list.example:8000"


def test_the_page_may_load_pictures_from_the_two_test_names_and_nothing_more(standing_app):
    policy = standing_app.test_client().get("/en/check-connection").headers["Content-Security-Policy"]
    assert policy == CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self' {LISTED} {NEVER}")


def test_the_picture_may_be_shown_by_another_origin_and_is_kept_by_nobody(standing_app):
    answer = standing_app.test_client().get("/check-connection/picture.svg", headers={"Host": "blocktest.list.example"})
    told = [answer.headers[name] for name in ("Content-Type", "Cross-Origin-Resource-Policy", "Cache-Control")]
    assert told == ["image/svg+xml; charset=utf-8", "cross-origin", "no-store"]
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize(
    ("host", "heading"),
    [
        ("blocktest.list.example:8000", "this connection does not use the list"),
        ("ALLOWTEST.list.example.", "as you should"),
        ("flag.example.org", "This is no test name"),
        ('evil"onload=alert(1)', "This is no test name"),
        ("[::1", "This is no test name"),
    ],
)
def test_the_page_behind_the_links_says_which_name_was_reached(standing_app, host, heading):
    answer = standing_app.test_client().get("/en/check-connection/reached", headers={"Host": host})
    assert heading in f"{answer.status_code} {answer.text}"
    assert "onload" not in answer.text


def test_where_people_come_by_https_the_pictures_do_too(server, template, tmp_path):
    url = server.create(template=template)
    app = create_app(builders.settings(tmp_path, base_url="https://flag.example.org"), database_url=url)
    page = app.test_client().get("/en/check-connection").text
    assert page.count('src="https://blocktest.list.example/check-connection/picture.svg"') == 1
    app.extensions["flagstone_database"].engine.dispose()
    server.drop(url)
