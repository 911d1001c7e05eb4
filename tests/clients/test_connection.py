"""The page that tells whether a connection uses the list, in a real browser behind a real resolver."""

import json
import subprocess
import sys

import pytest

from config import CHECKOUT
from tests.clients.behind_resolver import WITH_LIST, WITHOUT_LIST, WITHOUT_NAMES
from tests.clients.network import LIST_NAME
from tests.clients.resolvers import program

pytestmark = pytest.mark.browser

OWN_NETWORK = ["unshare", "-rnm"]
REACHED = "You reached a test name: {}." + LIST_NAME


@pytest.fixture(scope="module", autouse=True)
def _programs():
    missing = [name for name in ("unbound", "chromium", "unshare", "ip") if program(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed; .ci/run names the packages")
    if subprocess.run([*OWN_NETWORK, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no process a network of its own (unshare -rnm)")


def seen(folder, how):
    """What a browser sees whose only name server is Unbound."""
    command = [*OWN_NETWORK, sys.executable, "-m", "tests.clients.behind_resolver", str(folder), how]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout.splitlines()[-1])


def test_behind_a_resolver_with_the_list_the_page_says_so(tmp_path):
    assert seen(tmp_path, WITH_LIST) == {"said": "enforced", "listed": "fails", "never": REACHED.format("allowtest")}


def test_behind_a_resolver_without_the_list_the_page_says_so(tmp_path):
    assert seen(tmp_path, WITHOUT_LIST) == {
        "said": "open",
        "listed": REACHED.format("blocktest"),
        "never": REACHED.format("allowtest"),
    }


def test_where_the_names_are_nowhere_the_page_does_not_pretend_to_know(tmp_path):
    assert seen(tmp_path, WITHOUT_NAMES) == {"said": "unclear", "listed": "fails", "never": "fails"}
