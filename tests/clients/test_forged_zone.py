"""A policy zone with answers in it is still only a refusal, where the resolver can be told so. Unbound: test_unbound_tls.py."""

import pytest

from tests.clients import bind, powerdns
from tests.clients.names import FORGED_ZONE, IN_FORGED_ZONE
from tests.clients.network import Network
from tests.clients.resolvers import BLOCKED, program
from tests.clients.upstream import upstream


class Forged(Network):
    """A network where such a zone lies in the folder, as if no script had looked at it."""

    def run(self, name, folder, *, programs):
        (folder / "rpz.zone").write_text(FORGED_ZONE)


@pytest.mark.long
@pytest.mark.parametrize("client", [bind.ByFile, powerdns.ByFile], ids=lambda client: client.TITLE)
def test_a_zone_with_answers_in_it_still_only_denies(client, tmp_path):
    missing = [name for name in client.NEEDS if program(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed (Debian: apt install {client.PACKAGE})")
    with upstream() as above, client.started(Forged(tmp_path, 0), above, tmp_path) as resolver:
        assert resolver.comes_to(IN_FORGED_ZONE[0], BLOCKED), resolver.said()
        assert {name: resolver.asks(name) for name in IN_FORGED_ZONE} == dict.fromkeys(IN_FORGED_ZONE, BLOCKED)
