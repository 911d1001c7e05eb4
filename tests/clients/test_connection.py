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
REACHED = "You reached a test name: {}://{}." + LIST_NAME
SCHEMES = ("http", "https")
"""By https they come to the nginx of deploy/, as it stands there, with HTTP/2 and a certificate that only this browser takes."""


@pytest.fixture(scope="module", autouse=True)
def _programs():
    missing = [name for name in ("unbound", "chromium", "unshare", "ip", "nginx") if program(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed; .ci/run names the packages")
    if subprocess.run([*OWN_NETWORK, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no process a network of its own (unshare -rnm)")


def seen(folder, how, scheme):
    """What a browser sees whose only name server is Unbound."""
    command = [*OWN_NETWORK, sys.executable, "-m", "tests.clients.behind_resolver", str(folder), how, scheme]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.long
@pytest.mark.parametrize("scheme", SCHEMES)
def test_behind_a_resolver_with_the_list_the_page_says_so(tmp_path, scheme):
    assert seen(tmp_path, WITH_LIST, scheme) == {"said": "enforced", "listed": "fails", "never": REACHED.format(scheme, "allowtest")}


@pytest.mark.long
@pytest.mark.parametrize("scheme", SCHEMES)
def test_behind_a_resolver_without_the_list_the_page_says_so(tmp_path, scheme):
    assert seen(tmp_path, WITHOUT_LIST, scheme) == {
        "said": "open",
        "listed": REACHED.format(scheme, "blocktest"),
        "never": REACHED.format(scheme, "allowtest"),
    }


@pytest.mark.long
@pytest.mark.parametrize("scheme", SCHEMES)
def test_where_the_names_are_nowhere_the_page_does_not_pretend_to_know(tmp_path, scheme):
    assert seen(tmp_path, WITHOUT_NAMES, scheme) == {"said": "unclear", "listed": "fails", "never": "fails"}
