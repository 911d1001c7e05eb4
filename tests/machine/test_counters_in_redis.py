"""Counting in a real Redis: together over machines, forgotten with the hour, and alone while it is away."""

import shutil
import socket
import subprocess
import threading
import time
from datetime import timedelta

import pytest
from redis import Redis, RedisError

from app import create_app, limits
from app.counters import HOUR_SECONDS, SharedCounters, Tally
from app.counters_in_redis import RedisCounters
from moderation.vocabulary import Budget, RateLimit
from tests import builders
from tests.machine.conftest import wait_until

AT = int(time.time())
END = (AT // HOUR_SECONDS + 1) * HOUR_SECONDS


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory):
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(tmp_path_factory.mktemp("redis")),
    ]
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    client = Redis(port=port)

    def answers():
        try:
            return client.ping()
        except RedisError:
            return False

    wait_until(answers, "Redis answers")
    yield port
    process.terminate()
    process.wait(20)


@pytest.fixture
def machines(redis_port, tmp_path):
    """Two machines that count in one Redis."""
    Redis(port=redis_port).flushall()
    return [RedisCounters(f"redis://127.0.0.1:{redis_port}/0", SharedCounters(tmp_path / name)) for name in ("one", "two")]


def test_two_machines_count_as_one(machines):
    def work(machine):
        for _ in range(200):
            machine.add([Tally(b"visitor", END), Tally(b"all", END, 2)], at=AT)

    threads = [threading.Thread(target=work, args=(machine,)) for machine in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [machine.counts([b"visitor", b"all", b"nobody"], at=AT) for machine in machines] == [[400, 800, 0]] * 2


def test_what_a_door_refuses_one_client_uses_up_nothing_of_what_all_have(redis_port, tmp_path, database_url):
    Redis(port=redis_port).flushall()
    app = create_app(builders.settings(tmp_path, redis_url=f"redis://127.0.0.1:{redis_port}/0"), database_url=database_url)
    door = RateLimit(name="greedy", each=Budget(2, timedelta(hours=1)), together=Budget(5, timedelta(hours=1)))
    with app.test_request_context("/"):
        assert [limits.within(door, who="one") for _ in range(20)] == [True] * 2 + [False] * 18
        assert limits.within(door, who="another")
    app.extensions["flagstone_database"].engine.dispose()


def test_a_solution_is_spent_on_both(machines):
    one, two = machines
    assert one.spend(b"solution", until=END, at=AT)
    assert two.is_spent(b"solution", at=AT)
    assert not two.spend(b"solution", until=END, at=AT)


def test_both_sign_with_one_key(machines):
    assert machines[0].signing_key() == machines[1].signing_key()


def test_all_that_lies_there_ends_with_its_hour_and_names_nobody(machines, redis_port):
    machines[0].add([Tally(b"from 192.0.2.77", END)], at=AT)
    client = Redis(port=redis_port)
    names = client.keys("*")
    assert len(names) == 2
    assert [name for name in names if b"192" in name] == []
    assert all(0 < client.ttl(name) <= HOUR_SECONDS for name in names)


def test_while_redis_is_away_a_machine_counts_alone_and_no_solution_is_taken(tmp_path):
    alone = RedisCounters("redis://127.0.0.1:1/0", SharedCounters(tmp_path / "lock"))
    assert [alone.add([Tally(b"visitor", END)], at=AT) for _ in range(2)] == [[1], [2]]
    assert not alone.spend(b"solution", until=END, at=AT)
    assert alone.is_spent(b"solution", at=AT)
