"""Counting together: exact over processes and threads, forgotten with the hour, and never held up by a process that was killed."""

import os
import signal
import threading
import time

import pytest

from app.counters import HOUR_SECONDS, SharedCounters, Tally

AT = 500_000 * HOUR_SECONDS
END = AT + HOUR_SECONDS


@pytest.fixture
def counters(tmp_path):
    return SharedCounters(tmp_path / "run" / "counters.lock")


def counted(counters, name=b"visitor", *, at=AT, until=END, amount=1):
    return counters.add([Tally(name, until, amount)], at=at)[0]


def in_children(count, work):
    """Run it in processes that were forked from this one; how many ended well."""
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = int(work(number) or 0)
            finally:
                os._exit(status)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def test_nothing_is_lost_when_processes_and_threads_count_at_once(counters):
    def work(_):
        threads = [threading.Thread(target=lambda: [counted(counters) for _ in range(300)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert in_children(4, work) == [0] * 4
    assert counters.counts([b"visitor"], at=AT) == [4 * 4 * 300]


def test_one_of_many_processes_is_the_first_to_spend(counters):
    assert sum(in_children(20, lambda _: counters.spend(b"solution", until=END, at=AT))) == 1


def test_a_process_that_is_killed_while_it_counts_holds_up_nobody(counters):
    child = os.fork()
    if child == 0:
        with counters._lock.held():
            time.sleep(60)
        os._exit(0)
    time.sleep(0.3)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    started = time.monotonic()
    assert counted(counters) == 1
    assert time.monotonic() - started < 5


def test_a_count_ends_with_its_window(counters):
    counted(counters, until=AT + 600)
    assert counted(counters, at=AT + 599, until=AT + 600) == 2
    assert counted(counters, at=AT + 600, until=AT + 1200) == 1


def test_every_count_is_forgotten_with_the_hour(counters):
    counted(counters, until=END + HOUR_SECONDS)
    before = bytes(counters._counted._memory)
    assert counters.counts([b"visitor"], at=END) == [0]
    assert any(before)
    assert not any(bytes(counters._counted._memory))


def test_the_key_turns_over_with_the_hour(counters):
    counted(counters)
    key = counters._key_of_the_hour(AT)
    assert counters._key_of_the_hour(END - 1) == key
    assert counters._key_of_the_hour(END) != key


def test_no_name_lies_in_the_memory(counters):
    counted(counters, b"192.0.2.77 the visitor")
    assert b"192.0.2" not in bytes(counters._counted._memory)


def test_what_is_spent_stays_spent_over_the_turn_of_the_hour(counters):
    counters.spend(b"solution", until=END + 60, at=END - 60)
    assert not counters.spend(b"solution", until=END + 60, at=END + 30)


def test_a_full_memory_still_counts_those_who_come_often(tmp_path):
    counters = SharedCounters(tmp_path / "lock", places=64)
    for number in range(50):
        counted(counters, b"all of them")
        for each in range(20):
            counted(counters, b"visitor %d of %d" % (each, number))
    assert counters.counts([b"all of them"], at=AT) == [50]


def test_a_memory_full_of_spent_ones_takes_no_more_rather_than_one_twice(tmp_path):
    counters = SharedCounters(tmp_path / "lock", places=64)
    first = [counters.spend(b"%d" % number, until=END, at=AT) for number in range(100)]
    assert sum(first) == 16
    assert not any(counters.spend(b"%d" % number, until=END, at=AT) for number, was in enumerate(first) if was)


def test_the_lock_is_an_empty_file(counters, tmp_path):
    counted(counters)
    assert [(file.name, file.stat().st_size) for file in (tmp_path / "run").iterdir()] == [("counters.lock", 0)]
