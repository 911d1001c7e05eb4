"""What nginx in front gives to nobody, whatever the path, and how it says so."""

import re
import socket
from contextlib import suppress

import pytest

from tests.web.feeds import BEARER, TOKEN
from tests.web.nginx import ADDRESS, OFFERED, locations, nginx

# --- What does not


@pytest.mark.parametrize("path", [ADDRESS, "/feed/v1/", "/feed/v1/t/wrong/domains.txt", f"/feed/v1/r/7/{'0' * 64}/domains.txt"])
def test_without_a_token_nothing_comes(ask, path):
    answer = ask(path, token=False)
    assert (answer.status in (401, 404), b"example.net" in answer.body) == (True, False)


def test_a_wrong_token_gets_nothing(front):
    assert front.ask(ADDRESS, Authorization="Bearer wrong").status == 401


PAST_FLASK = [
    "/_feed/7/domains.txt",
    "/_feed/7/report.json",
    "/_feed/7/",
    "/_feed/",
    "/_feed",
    "//_feed/7/domains.txt",
    "/./_feed/7/domains.txt",
    "/%5ffeed/7/domains.txt",
    "/%5Ffeed/7/domains%2etxt",
    "/_feed%2f7%2fdomains.txt",
    "/_feed/7%2fdomains.txt",
    "/feed/../_feed/7/domains.txt",
    "/feed/v1/%2e%2e/%2e%2e/_feed/7/domains.txt",
    "/feed/v1/..%2f..%2f_feed/7/domains.txt",
    "/_feed../7/domains.txt",
    "/_feed/../_feed/7/domains.txt",
    "/_FEED/7/domains.txt",
]


@pytest.mark.parametrize("path", PAST_FLASK)
@pytest.mark.parametrize("token", [True, False])
def test_nothing_under_the_internal_location_can_be_fetched(ask, path, token):
    answer = ask(path, token=token)
    assert (answer.status in (400, 401, 404, 503), b"example.net" in answer.body) == (True, False)


def test_the_internal_location_is_the_only_door_to_the_files_and_it_is_closed():
    assert locations() == ["/_feed/"]
    assert len(re.findall(r"\b(?:alias|root|try_files) /", OFFERED.read_text())) == 1


@pytest.mark.parametrize(
    "name",
    [
        "report.json",
        "index.json",
        "..%2f7%2freport.json",
        "..%2f..%2fkeys%2fdesk.agekey",
        "%2e%2e/report.json",
        "%2fetc%2fpasswd",
        "domains.txt%00",
        "domains.txt%2f..%2freport.json",
    ],
)
@pytest.mark.parametrize("before", ["/feed/v1/", f"/feed/v1/t/{TOKEN}/", f"/feed/v1/r/7/{'0' * 64}/"])
def test_no_name_leads_out_of_the_files_of_a_release(ask, before, name):
    answer = ask(before + name)
    assert (answer.status in (400, 404), b"left_out" in answer.body) == (True, False)


def test_a_client_cannot_say_itself_what_nginx_sends(front):
    answer = front.ask(ADDRESS, X_Accel_Redirect="/_feed/7/domains.txt")
    assert (answer.status, b"example.net" in answer.body) == (401, False)


def test_a_file_that_is_gone_is_one_plain_line_and_no_page(ask, release):
    hidden = release.folder / "hosts.txt"
    hidden.rename(hidden.with_suffix(".hidden"))
    answer = ask("/feed/v1/hosts.txt")
    hidden.with_suffix(".hidden").rename(hidden)
    assert (answer.status, answer.headers.get_content_type(), answer.headers["Retry-After"]) == (503, "text/plain", "60")
    assert (answer.body.count(b"\n"), b"<" in answer.body, "no-store" in answer.headers.get_all("Cache-Control")) == (1, False, True)


def test_a_server_that_is_down_is_one_plain_line_and_no_page(release, tmp_path):
    with nginx(tmp_path, release.folder.parents[2], server_port=9) as front:
        for path in (ADDRESS, "/feed/v1/", "/feed/v1", "/feed/v2/x"):
            for asked in ({}, {"If_None_Match": '"other"'}, {"Range": "bytes=0-9"}):
                answer = front.ask(path, **BEARER, **asked)
                assert (answer.status, answer.headers.get_content_type(), answer.body.count(b"\n"), b"<" in answer.body) == (
                    503,
                    "text/plain",
                    1,
                    False,
                )


def test_the_index_without_its_slash_is_led_there_by_flask(ask):
    answer = ask("/feed/v1")
    assert (answer.status, answer.headers["Location"].endswith("/feed/v1/"), b"nginx" in answer.body) == (308, True, False)


# --- What nginx refuses by itself


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/feed/v1/dry-run", "POST", {"Content_Length": "2000000"}, 413),
        (ADDRESS, "POST", {"Content_Length": "2000000"}, 413),
        (f"/feed/v1/t/{'A' * 9_000}/domains.txt", "GET", {}, 414),
        (ADDRESS, "GET", {"X_Long": "a" * 9_000}, 400),
        (ADDRESS, "GET", {"Content_Length": "many"}, 400),
    ],
)
def test_what_nginx_refuses_is_one_sentence_and_no_page_that_could_pass_for_a_list(ask, path, method, headers, status):
    answer = ask(path, method=method, **headers)
    assert (answer.status, answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (status, "text/plain", "no-store")
    (line,) = answer.body.decode().splitlines()
    assert line.startswith(f"{status} ")
    assert not {".", "<", "#"} & set(line)


@pytest.mark.parametrize("path", ["/feed/v1/dry-run", ADDRESS, "/feed/v2/x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_turns_out_too_long_while_it_comes_is_refused_in_the_same_way(front, path, method):
    piece = b"10000\r\n" + bytes(65_536) + b"\r\n"
    with socket.create_connection(("127.0.0.1", front.port), 10) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\nHost: flag.example.org\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        # It may answer, and close, before it has all of it.
        with suppress(OSError):
            line.sendall(20 * piece + b"0\r\n\r\n")
        head, _, body = line.recv(65_536).partition(b"\r\n\r\n")
    assert (head.splitlines()[0].split()[1], b"Content-Type: text/plain" in head, body[:4]) == (b"413", True, b"413 ")


def test_what_flask_refuses_comes_through_as_flask_says_it(ask):
    answer = ask("/feed/v1/dry-run?since=x")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert b"serial" in answer.body
