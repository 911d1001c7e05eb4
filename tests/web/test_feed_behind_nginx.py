"""An engineer puts nginx in front, by our file: Flask says who gets what, nginx sends it, and nobody gets past Flask."""

import hashlib
import re
import threading
import time

import pytest
from werkzeug.serving import make_server

from app import clock, create_app
from app.database import Database
from app.release.newest import bring_out
from app.release.shelf import Shelf
from moderation import consumers
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.clients.resolvers import program
from tests.release.builders import header, host
from tests.release.unpacking import UNPACK
from tests.web.feeds import BEARER, TOKEN, add_consumer
from tests.web.nginx import OFFERED, locations, nginx

pytestmark = pytest.mark.skipif(program("nginx") is None, reason="nginx is not installed (Debian: apt install nginx-light)")

ADDRESS = "/feed/v1/domains.txt"
MANY = [host(f"h{number}.example.net") for number in range(3_000)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return Shelf(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def release(shelf):
    return bring_out(shelf, header(serial=7), MANY)


@pytest.fixture(scope="module")
def flask(server, template, shelf, release):
    """The port of the application, told to let nginx send the files."""
    url = server.create(template=template)
    add_consumer(Database(url), TOKEN)
    settings = builders.settings(release.folder.parents[2], behind_proxy=True, client_header="X-Real-IP", accel="/_feed/")
    app = create_app(settings, database_url=url)
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    app.extensions["flagstone_database"].engine.dispose()
    server.drop(url)


@pytest.fixture(scope="module")
def front(flask, release, tmp_path_factory):
    with nginx(tmp_path_factory.mktemp("nginx"), release.folder.parents[2], server_port=flask.server_port) as running:
        yield running


@pytest.fixture
def ask(front):
    def asked(path=ADDRESS, *, method="GET", token=True, **headers):
        return front.ask(path, method=method, **(BEARER if token else {}), **headers)

    return asked


@pytest.fixture
def plain(release):
    return (release.folder / "domains.txt").read_bytes()


def told(answer):
    names = ("Content-Type", "Content-Length", "Content-Encoding", "ETag", "Last-Modified", "Cache-Control", "Accept-Ranges", "Vary")
    flagstone = ("X-Flagstone-Serial", "X-Flagstone-Valid-Until", "Referrer-Policy", "X-Content-Type-Options", "Content-Range")
    return {name: answer.headers.get_all(name) for name in (*names, *flagstone)}


# --- What nginx says by itself


@pytest.fixture
def flask_asked(flask, monkeypatch):
    """The requests that came through to Flask."""
    seen = []
    monkeypatch.setattr(flask, "app", lambda environ, start, app=flask.app: (seen.append(environ), app(environ, start))[1])
    return seen


def at_the_beginning_of_a_second():
    while time.time() % 1 > 0.2:
        time.sleep(0.01)


@pytest.mark.parametrize("coding", ["identity", *UNPACK])
def test_what_did_not_change_is_said_once_a_second_by_flask_and_else_by_nginx(ask, flask_asked, coding):
    tag = ask(Accept_Encoding=coding).headers["ETag"]
    at_the_beginning_of_a_second()
    flask_asked.clear()
    answers = [ask(Accept_Encoding=coding, If_None_Match=tag) for _ in range(10)]
    assert {(answer.status, answer.body, answer.headers["ETag"]) for answer in answers} == {(304, b"", tag)}
    assert len(flask_asked) <= 1


@pytest.mark.parametrize("coding", ["identity", *UNPACK])
def test_which_file_to_send_is_asked_once_a_second(ask, flask_asked, plain, coding):
    at_the_beginning_of_a_second()
    flask_asked.clear()
    answers = [ask(Accept_Encoding=coding) for _ in range(10)]
    assert {UNPACK.get(coding, bytes)(answer.body) for answer in answers} == {plain}
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) <= 2
    assert len(flask_asked) <= 1


@pytest.mark.parametrize("coding", ["identity", "br"])
def test_nginx_says_it_with_all_that_flask_says(ask, flask, coding):
    tag = ask(Accept_Encoding=coding).headers["ETag"]
    answer = ask(Accept_Encoding=coding, If_None_Match=tag)
    own = flask.app.test_client().get(
        ADDRESS, headers={**BEARER, "Accept-Encoding": coding, "If-None-Match": tag}, base_url="https://x.example"
    )
    hop = {"Date", "Server", "Connection", "Content-Type", "Strict-Transport-Security"}
    assert {name: value for name, value in answer.headers.items() if name not in hop} == {
        name: value for name, value in own.headers.items() if name not in hop
    }


def test_who_has_another_state_or_none_or_asks_otherwise_gets_the_file(ask, plain):
    tag = ask().headers["ETag"]
    for asked in ({"If_None_Match": f'"{"0" * 64}"'}, {}, {"If_None_Match": '"other"'}):
        assert (ask(**asked).status, ask(**asked).body) == (200, plain)
    assert ask(If_None_Match=f'W/{tag}, "other"').status == 304
    assert ask(If_None_Match=tag, If_Match='"other"').status == 412
    assert ask(If_None_Match=tag, method="HEAD").status == 304


def test_what_is_said_to_one_token_is_not_said_to_another(ask, front):
    tag = ask().headers["ETag"]
    assert ask(If_None_Match=tag).status == 304
    assert front.ask(ADDRESS, If_None_Match=tag).status == 401
    assert (front.ask(ADDRESS).status, front.ask(ADDRESS, Authorization="Bearer another").status) == (401, 401)
    assert front.ask(ADDRESS, If_None_Match=tag, Authorization="Bearer another").status == 401


def test_a_token_that_is_revoked_is_dead_within_a_second(ask, front, flask):
    database, token = flask.app.extensions["flagstone_database"], "a-token-that-is-revoked"
    add_consumer(database, token)
    tag = ask().headers["ETag"]
    asked = {"If_None_Match": tag, "Authorization": f"Bearer {token}"}
    whole = {"Authorization": asked["Authorization"]}
    assert (front.ask(ADDRESS, **asked).status, front.ask(ADDRESS, **whole).status) == (304, 200)
    with database.transaction() as session:
        consumers.revoke_tokens(session, consumers.consumer_called(session, f"ISP {token}"), by=SYSTEM, at=clock.now())
    # By the clock of nginx: it lasts no longer than the second in which we were asked.
    second = int(time.time())
    while int(time.time()) == second:
        time.sleep(0.02)
    assert (front.ask(ADDRESS, **asked).status, front.ask(ADDRESS, **whole).status) == (401, 401)


def test_a_client_can_not_ask_in_the_name_of_nginx(ask, plain):
    assert (ask(X_Flagstone_May_Say_Again="file").status, ask(X_Flagstone_May_Say_Again="file").body) == (200, plain)


# --- What comes through


@pytest.mark.parametrize("coding", ["identity", *UNPACK])
def test_nginx_sends_the_file_with_all_that_flask_says_of_it(ask, plain, coding):
    answer = ask(Accept_Encoding=coding)
    assert (answer.status, UNPACK.get(coding, bytes)(answer.body)) == (200, plain)
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.body).hexdigest()}"'
    assert [each for each in told(answer).values() if each and len(each) > 1] == []
    assert answer.headers.get("Content-Encoding", "identity") == coding


def test_the_body_comes_from_nginx_and_not_from_flask(ask, flask, plain):
    direct = flask.app.test_client().get(ADDRESS, headers=BEARER)
    assert (direct.data, direct.headers["X-Accel-Redirect"]) == (b"", "/_feed/7/domains.txt")
    answer = ask()
    assert (answer.body, "X-Accel-Redirect" in answer.headers) == (plain, False)


@pytest.mark.parametrize("asked", [{}, {"Accept_Encoding": "gzip"}, {"Accept_Encoding": "br"}])
def test_head_tells_what_get_sends(ask, asked):
    head, get = ask(method="HEAD", **asked), ask(**asked)
    assert (head.status, head.body, told(head)) == (200, b"", told(get))


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-0", slice(0, 1)), ("bytes=10-", slice(10, None)), ("bytes=-7", slice(-7, None)), ("bytes=100-199", slice(100, 200))],
)
def test_a_part_comes_as_it_lies_in_the_file(ask, plain, asked, part):
    answer = ask(Range=asked)
    start, stop, _ = part.indices(len(plain))
    assert (answer.status, answer.body, answer.headers["Content-Range"]) == (206, plain[part], f"bytes {start}-{stop - 1}/{len(plain)}")
    assert answer.headers["ETag"] == ask().headers["ETag"]


def test_several_parts_bring_the_whole_file_and_a_part_beyond_the_end_is_refused(ask, plain):
    whole, beyond = ask(Range="bytes=0-1,5-6"), ask(Range="bytes=999999999-")
    assert (whole.status, whole.body) == (200, plain)
    assert (beyond.status, beyond.headers["Content-Range"], beyond.body.startswith(b"416 ")) == (416, f"bytes */{len(plain)}", True)


@pytest.mark.parametrize(
    ("state", "status"),
    [("{tag}", 206), ('"other"', 200), ("W/{tag}", 200), ("{date}", 206), ("Tue, 24 Nov 2026 11:59:59 GMT", 200), ("nonsense", 200)],
)
def test_a_broken_download_goes_on_only_with_the_state_it_began_with(ask, state, status):
    whole = ask()
    asked = state.format(tag=whole.headers["ETag"], date=whole.headers["Last-Modified"])
    assert ask(Range="bytes=10-", If_Range=asked).status == status


def test_who_has_it_already_gets_a_304_and_who_has_another_gets_it(ask, plain):
    tag, date = ask().headers["ETag"], ask().headers["Last-Modified"]
    had = [ask(If_None_Match=tag), ask(If_None_Match=f'"x", W/{tag}'), ask(If_None_Match="*"), ask(If_Modified_Since=date)]
    assert [(answer.status, answer.body) for answer in had] == [(304, b"")] * 4
    another = [ask(If_None_Match='"other"'), ask(If_None_Match='"other"', If_Modified_Since=date)]
    assert [(answer.status, answer.body) for answer in another] == [(200, plain)] * 2


def test_other_conditions_are_judged_by_flask(ask, plain):
    tag = ask().headers["ETag"]
    assert [ask(If_Match=asked).status for asked in (tag, "*", '"other"')] == [200, 200, 412]
    assert ask(If_Match=tag).body == plain


def test_an_address_with_a_token_and_a_fixed_name_work_too(ask, release, plain):
    by_address = ask(f"/feed/v1/t/{TOKEN}/rpz.zone", token=False)
    fixed = ask(f"/feed/v1/r/7/{hashlib.sha256(plain).hexdigest()}/domains.txt")
    assert (by_address.status, by_address.body) == (200, (release.folder / "rpz.zone").read_bytes())
    assert (fixed.body, fixed.headers["Cache-Control"]) == (plain, "private, max-age=7200, immutable")


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
        answer = front.ask(ADDRESS, **BEARER)
    assert (answer.status, answer.headers.get_content_type(), answer.body.count(b"\n"), b"<" in answer.body) == (
        503,
        "text/plain",
        1,
        False,
    )


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


def test_what_flask_refuses_comes_through_as_flask_says_it(ask):
    answer = ask("/feed/v1/dry-run?since=x")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert b"serial" in answer.body
