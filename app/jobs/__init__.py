"""The job queue's tasks, each a line or two that calls a verb; and the worker that runs them."""

from app.jobs.name_server import feed_zone, look_at_zone, restore_zone, take_keys, tend_zone
from app.jobs.releasing import make_release, overtake, show_changes, write_release
from app.jobs.tending import let_go, publish_all
from app.jobs.working import TASKS_ABOUT_ONE, work

__all__ = [
    "TASKS_ABOUT_ONE",
    "feed_zone",
    "let_go",
    "look_at_zone",
    "make_release",
    "overtake",
    "publish_all",
    "restore_zone",
    "show_changes",
    "take_keys",
    "tend_zone",
    "work",
    "write_release",
]
