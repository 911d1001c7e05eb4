"""One running server a test file: each client under test pulls from it as a network's own software does."""

from collections.abc import Iterator

import pytest

from tests.clients.network import Network, serving


@pytest.fixture(scope="module")
def network(server, template, tmp_path_factory) -> Iterator[Network]:
    """A network with a token, and the server that it pulls from; no release is out yet."""
    url = server.create(template=template)
    with serving(url, tmp_path_factory.mktemp("data")) as found:
        yield found
    server.drop(url)
