"""`flask resources parse`: what an address, however messy, is taken for."""

import sys

import orjson
from flask.cli import AppGroup

from app import instance, sealing
from moderation import resources as kinds

resources = AppGroup("resources", help="What can be flagged.")


@resources.command("parse")
def parse() -> None:
    """Read one resource a line from standard input; write one JSON line for each that is found in it."""
    keys = instance.keys()
    output = sys.stdout.buffer
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        for found in kinds.describe(line, text_digest=lambda text: sealing.text_digest(keys, text)):
            output.write(orjson.dumps(found) + b"\n")
    output.flush()
