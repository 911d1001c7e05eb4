"""A real S3 server as a process of its own, on 127.0.0.1 and a free port. It keeps everything in memory and asks for no password."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from tests.clients.resolvers import free_port

SECONDS = 60
BUCKET = "list-of-tests"


def environment(port):
    """What `flask publish --to s3://...` is given, by the usual names."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }


@contextmanager
def s3(log):
    """Run until the block ends; gives the environment that leads to it. There is one bucket."""
    port = free_port()
    with log.open("wb") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=out, stderr=out, env=dict(os.environ)
        )
        try:
            ends = time.monotonic() + SECONDS
            while not _answers(port):
                assert running.poll() is None, log.read_text()
                assert time.monotonic() < ends, "the S3 server does not answer"
                time.sleep(0.1)
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/{BUCKET}", method="PUT"))
            yield environment(port)
        finally:
            running.terminate()
            running.wait(SECONDS)


def _answers(port):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/")
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
