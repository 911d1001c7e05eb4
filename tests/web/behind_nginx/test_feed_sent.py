"""An engineer puts nginx in front, by our file: Flask says who gets what, nginx sends it, and nobody gets past Flask."""

import hashlib
import time

import pytest

from app import clock
from app.release.deltas import Chain, Deltas
from moderation import consumers
from moderation.vocabulary import SYSTEM
from tests.release.builders import header
from tests.release.unpacking import UNPACK
from tests.web.feeds import BEARER, TOKEN, add_consumer
from tests.web.nginx import ADDRESS


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


@pytest.mark.long
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


def test_what_was_said_of_a_state_is_not_said_where_another_condition_decides(ask, plain):
    tag = ask().headers["ETag"]
    long_ago = "Mon, 01 Jan 2001 00:00:00 GMT"
    for more, status in [
        ({}, 304),
        ({"If_Match": '"other"'}, 412),
        ({"If_Unmodified_Since": long_ago}, 412),
        ({"If_Modified_Since": long_ago}, 304),
        ({"Range": "bytes=0-1"}, 304),
        ({"method": "HEAD"}, 304),
        ({"If_Match": tag}, 304),
        ({}, 304),
    ]:
        assert (ask(If_None_Match=tag, **more).status, more) == (status, more)
    part = ask(If_None_Match='"other"', Range="bytes=10-19")
    assert (part.status, part.body) == (206, plain[10:20])
    beyond = ask(If_None_Match='"other"', Range="bytes=999999999-")
    assert (beyond.status, beyond.body.startswith(b"416 ")) == (416, True)
    for asked in ("bytes=10-19", "bytes=999999999-"):
        assert ask(If_None_Match='"other"', Range=asked, If_Range='"older"').body == plain
    # HEAD has no parts (RFC 9110, 14.2), and Flask is told that it is one.
    for more in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=999999999-"}):
        head = ask(If_None_Match='"other"', method="HEAD", **more)
        assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(plain)))


def test_a_question_too_long_to_be_kept_is_answered_all_the_same(ask, flask_asked, plain):
    tag = ask().headers["ETag"]
    asked = []

    def times(status, body, *address, **conditions):
        flask_asked.clear()
        answer = ask(*address, **conditions)
        assert (answer.status, answer.body) == (status, body)
        return len(flask_asked)

    for others in range(40, 60):
        tags = ", ".join([*(f'"{number:064x}"' for number in range(others)), tag])
        asked.append(times(304, b"", If_None_Match=tags))
        asked.append(times(200, plain, If_None_Match='"other"', If_Match=tags))
    queries = [times(200, plain, f"{ADDRESS}?{'x' * length}") for length in range(3_000, 3_600, 20)]
    assert [2 in counts for counts in (asked, queries)] == [True, True], "no question was of a length that nginx begins to keep and can't"


def test_of_the_changes_nothing_is_said_again(ask, flask_asked, release):
    """Other conditions than a file's decide there, a Range before a state."""
    deltas = Deltas(release.folder.parents[2])
    deltas.write(header(serial=7))
    deltas.reach(Chain(oldest=7, serial=7, made_at="2026-11-24T12:00:00+00:00", rules="the same"))
    since = "/feed/v1/changes?since=7"
    tag = ask(since).headers["ETag"]
    flask_asked.clear()
    answers = [ask(since, If_None_Match=tag, **more).status for more in ({}, {"Range": "bytes=0-1"}, {})]
    assert (answers, len(flask_asked)) == ([304, 206, 304], 3)


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
