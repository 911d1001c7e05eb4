"""The bundled PostgreSQL: who shares it, who stops it, and whom it must never touch."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from app import embedded
from app.cluster import LONGEST_SOCKET_PATH, bundled_programs
from config import Settings
from tests.machine.conftest import BARE_PACKAGE, Program, server_pid, wait_until

pytestmark = pytest.mark.long

Holder = Callable[[Path], Program]


def ask(url: str, question: str) -> object:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def modes(folder: Path) -> dict[Path, int]:
    return {above: above.stat().st_mode for above in [folder, *folder.parents]}


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


def test_the_address_leads_to_the_database_of_the_application(folder: Path) -> None:
    with embedded.open_database(folder, durable=False) as url:
        assert ask(url, "SELECT current_database()") == "flagstone"


def test_it_listens_on_no_network(data: Path) -> None:
    with embedded.open_database(data, durable=False) as url:
        server = psutil.Process(server_pid(data))
        assert [c for c in server.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
        assert ask(url, "SHOW listen_addresses") == ""


def test_only_its_own_user_may_enter_the_folder_of_its_socket(data: Path) -> None:
    with embedded.open_database(data, durable=False):
        assert (data / "postgres").stat().st_mode & 0o077 == 0


def test_writing_is_safe_in_a_power_cut_unless_asked_otherwise(data: Path) -> None:
    with embedded.open_database(data) as url:
        assert ask(url, "SHOW fsync") == "on"


def test_two_holders_share_one_server(data: Path, holder: Holder) -> None:
    assert holder(data).line() == holder(data).line()


def test_the_first_of_two_to_leave_stops_nothing(data: Path, holder: Holder) -> None:
    first, second = holder(data), holder(data)
    first.line()
    url = second.line()
    first.end()
    assert ask(url, "SELECT 1") == 1


def test_the_last_to_leave_stops_it(data: Path, holder: Holder) -> None:
    first, second = holder(data), holder(data)
    first.line()
    second.line()
    first.end()
    second.end()
    assert server_pid(data) is None


def test_a_killed_holder_keeps_nothing_up(data: Path, holder: Holder) -> None:
    killed, other = holder(data), holder(data)
    killed.line()
    other.line()
    killed.kill()
    other.end()
    assert server_pid(data) is None


def test_a_server_whose_only_holder_was_killed_is_joined_again(data: Path, holder: Holder) -> None:
    killed = holder(data)
    killed.line()
    left_behind = server_pid(data)
    killed.kill()
    with embedded.open_database(data, durable=False) as url:
        assert server_pid(data) == left_behind
        assert ask(url, "SELECT 1") == 1
    assert server_pid(data) is None


def test_many_that_start_at_once_share_one_server(folder: Path, holder: Holder) -> None:
    holders = [holder(folder) for _ in range(5)]
    assert len({each.line() for each in holders}) == 1
    assert [each.end()[0] for each in holders] == [0] * 5
    assert server_pid(folder) is None


def test_a_stale_pid_file_with_a_number_used_again_harms_nobody(data: Path, bystander: subprocess.Popen[bytes]) -> None:
    with embedded.open_database(data, durable=False):
        pid_file = (data / "postgres" / "postmaster.pid").read_text().splitlines()
    (data / "postgres" / "postmaster.pid").write_text("\n".join([str(bystander.pid), *pid_file[1:]]) + "\n")
    with embedded.open_database(data, durable=False) as url:
        assert ask(url, "SELECT 1") == 1
    assert bystander.poll() is None


def test_a_copied_folder_neither_joins_nor_stops_the_server_of_its_original(folder: Path) -> None:
    original = embedded.join(folder / "original", durable=False)
    shutil.copytree(folder / "original", folder / "copy", ignore=shutil.ignore_patterns(".s.PGSQL*"))
    if os.geteuid() == 0:
        owner = (folder / "original" / "postgres").stat()
        for path in (folder / "copy" / "postgres", *(folder / "copy" / "postgres").rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
    with embedded.open_database(folder / "copy", durable=False) as url:
        ask(url, "CREATE TABLE only_in_the_copy ()")
    assert ask(original.url, "SELECT to_regclass('only_in_the_copy') IS NULL") is True
    original.leave()


def test_an_unreadable_pid_file_is_no_obstacle(data: Path) -> None:
    (data / "postgres" / "postmaster.pid").write_text("")
    with embedded.open_database(data, durable=False) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_stale_socket_lock_with_a_number_used_again_is_no_obstacle(data: Path, bystander: subprocess.Popen[bytes]) -> None:
    (data / "postgres" / ".s.PGSQL.5432.lock").write_text(f"{bystander.pid}\n{data}\n0\n5432\n.\n")
    with embedded.open_database(data, durable=False) as url:
        assert ask(url, "SELECT 1") == 1
    assert bystander.poll() is None


def test_what_was_committed_survives_a_killed_server(data: Path, holder: Holder) -> None:
    killed = holder(data)
    url = killed.line()
    ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(server_pid(data), signal.SIGKILL)
    wait_until(lambda: server_pid(data) is None, "PostgreSQL is dead")
    with embedded.open_database(data, durable=False) as again:
        assert ask(again, "SELECT number FROM kept") == 7


def test_an_interrupted_first_start_is_started_afresh(folder: Path) -> None:
    (folder / "postgres.new").mkdir()
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    with embedded.open_database(folder, durable=False) as url:
        assert ask(url, "SELECT 1") == 1


def test_two_data_folders_do_not_meet(folder: Path) -> None:
    with embedded.open_database(folder / "one", durable=False) as one, embedded.open_database(folder / "two", durable=False) as two:
        ask(one, "CREATE TABLE mine ()")
        assert ask(two, "SELECT to_regclass('mine') IS NULL") is True


def test_stopping_one_folders_server_leaves_the_others_running(folder: Path) -> None:
    with embedded.open_database(folder / "one", durable=False) as one:
        embedded.join(folder / "two", durable=False).leave()
        assert ask(one, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_serves_all_the_same(folder: Path) -> None:
    data = folder / ("a" * LONGEST_SOCKET_PATH)
    with embedded.open_database(data, durable=False) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_folder_closed_to_others_serves_all_the_same(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with embedded.open_database(closed / "data", durable=False) as url:
        assert ask(url, "SELECT 1") == 1


def test_no_existing_folder_changes_its_mode(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed) | modes(bundled_programs())
    embedded.join(closed / "data", durable=False).leave()
    assert modes(closed) | modes(bundled_programs()) == before


def test_a_forked_child_does_not_give_up_its_parents_claim(data: Path) -> None:
    bundled = embedded.join(data, durable=False)
    child = os.fork()
    if child == 0:
        bundled.leave()
        os._exit(0)
    os.waitpid(child, 0)
    assert ask(bundled.url, "SELECT 1") == 1
    bundled.leave()


def test_leaving_twice_is_harmless(data: Path) -> None:
    bundled = embedded.join(data, durable=False)
    bundled.leave()
    bundled.leave()
    assert server_pid(data) is None


USER_OF_THE_SETTINGS = f"""{BARE_PACKAGE}
from app import embedded
from config import Settings
print(embedded.database_url(Settings.from_env({{"FLAGSTONE_DATA": sys.argv[1]}})))
print(embedded.database_url(Settings.from_env({{"FLAGSTONE_DATA": sys.argv[1]}})))
"""


def test_a_process_that_asks_for_its_database_leaves_when_it_ends(data: Path, program: Callable[..., Program]) -> None:
    status, said = program(USER_OF_THE_SETTINGS, data).end()
    assert status == 0, said
    assert server_pid(data) is None


def test_a_database_of_the_operators_own_is_used_instead(folder: Path) -> None:
    settings = Settings.from_env({"FLAGSTONE_DATA": str(folder), "DATABASE_URL": "postgres://me:p%40ss@db.example/list?sslmode=require"})
    assert embedded.database_url(settings) == "postgresql+psycopg://me:p%40ss@db.example/list?sslmode=require"


def test_where_it_cannot_start_one_sentence_tells_why_and_the_way_out(data: Path) -> None:
    with (data / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(embedded.EmbeddedUnavailable, match=r"^[^\n]*configuration file[^\n]*set DATABASE_URL [^\n]*\.$"):
        embedded.join(data, durable=False)


def test_a_data_folder_that_is_a_file_is_told_in_one_sentence(folder: Path) -> None:
    (folder / "taken").touch()
    with pytest.raises(embedded.EmbeddedUnavailable, match=r"^[^\n]*taken[^\n]*set DATABASE_URL [^\n]*\.$"):
        embedded.join(folder / "taken", durable=False)


def test_a_failed_start_leaves_nothing_running(data: Path) -> None:
    (data / "postgres" / "pg_hba.conf").write_text("local all all reject\n")
    with pytest.raises(embedded.EmbeddedUnavailable):
        embedded.join(data, durable=False)
    assert server_pid(data) is None


def test_a_socket_path_of_the_longest_allowed_length_is_one_the_kernel_takes(folder: Path) -> None:
    path = folder / ("s" * (LONGEST_SOCKET_PATH - len(str(folder)) - 1))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
    assert path.is_socket()
