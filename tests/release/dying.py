"""A writer that is killed at a step of its work, and that nothing half is seen of it."""

import os
import random
import secrets
import signal
import sys
import uuid

from app.release import index
from app.release.newest import bring_out
from app.release.shelf import Shelf
from tests.release.builders import header
from tests.release.unpacking import UNPACK

WATCHED = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.chmod", "shutil.rmtree"}


def steps_at_random():
    """Each run kills at other steps; over some runs, at all of them. What was drawn is in the output of a run that fails."""
    seed = secrets.randbits(32)
    print("seed", seed)
    draw = random.Random(seed)
    step = 0
    while True:
        step += draw.randint(1, 12)
        yield step


def assert_nothing_half(shelf):
    current = shelf.current()
    assert current is not None
    assert index.is_whole(shelf.folder(current))
    visible = [folder for folder in shelf.folder(current).parent.iterdir() if not folder.name.startswith(".")]
    assert all(index.is_whole(folder) for folder in visible)
    for form in index.read(shelf.folder(current)).formats:
        plain = (shelf.folder(current) / form.file).read_bytes()
        assert {
            coding: UNPACK[coding]((shelf.folder(current) / copy.file).read_bytes()) == plain for coding, copy in form.packed.items()
        } == {
            "gzip": True,
            "br": True,
            "zstd": True,
        }


def die_at(step, work):
    """Run `work`, and be killed just before its step of this number; a step is anything that touches the file system."""
    steps = 0

    def hook(event, _):
        nonlocal steps
        if event in WATCHED:
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    work()


def in_child(work):
    """Run `work` in a process of its own; whether it came to its end."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFEXITED(os.waitpid(pid, 0)[1])


def shown_and_killed(shelf, serial, entries):
    """A writer that is killed when its release is live and not on the disk yet."""
    in_child(lambda: show_and_die(serial, lambda: bring_out(shelf, header(serial=serial), entries)))


def show_and_die(serial, work):
    """Run `work`, and be killed when it waits until the disk has this release."""
    settle = Shelf.settle

    def deadly(shelf, number):
        if number == serial:
            os.kill(os.getpid(), signal.SIGKILL)
        settle(shelf, number)

    Shelf.settle = deadly
    work()


def start_another_kernel(data):
    """What the next kernel finds: the pointer of the one before it."""
    for pointer in (data / "feed").glob("live-*"):
        pointer.rename(pointer.with_name(f"live-{uuid.uuid4()}"))
