"""Every client of the other files at once, each reduced to two acts: ask for one host, and take the list anew.

Who takes the list by zone transfer does it by itself, where a worker feeds the hidden primary: nothing tells it but the primary.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.clients import bind, dnsmasq, filters, knot_resolver, nginx, pages, powerdns, resolvers, squid, suricata, unbound, web
from tests.clients.network import Network
from tests.clients.upstream import upstream

IN_DNS = (
    unbound.ByAddress,
    unbound.ByFile,
    bind.ByFile,
    knot_resolver.ByFile,
    powerdns.ByFile,
    dnsmasq.ByServersFile,
    dnsmasq.ByHostsFile,
)
BY_TRANSFER = (unbound.ByTransfer, bind.ByTransfer, knot_resolver.ByTransfer, powerdns.ByTransfer)
ENGINES = (pages.ADBLOCK, pages.GHOSTERY, pages.UBLOCK)


@dataclass(frozen=True)
class Client:
    """One running client. `is_free` asks it for the host; `reload` does once what its timer would, if anybody has to."""

    title: str
    is_free: Callable[[], bool]
    reload: Callable[[], object]


def missing() -> list[str]:
    """What this machine lacks of all that they need."""
    wanted = {name for kind in (*IN_DNS, *BY_TRANSFER) for name in kind.NEEDS} | {*squid.NEEDS, *suricata.NEEDS}
    absent = sorted(name for name in wanted if resolvers.program(name) is None)
    return [*absent, *nginx.missing(), *filters.missing()]


@contextmanager
def running(network: Network, host: str, folder: Path) -> Iterator[list[Client]]:
    """All of them, started fresh with the list that the server has now."""
    address = f"http://{host}/"
    with ExitStack() as stack:
        above, page = stack.enter_context(upstream()), stack.enter_context(web.web_server())
        clients = []
        for kind in (*IN_DNS, *BY_TRANSFER):
            found = stack.enter_context(kind.started(network, above, _folder(folder)))
            reload = _by_itself if kind in BY_TRANSFER else found.reload
            clients.append(Client(kind.TITLE, lambda found=found: found.asks(host) == resolvers.RESOLVES, reload))
        proxy = stack.enter_context(squid.started(network, page))
        clients.append(Client("Squid", lambda: web.through_proxy(proxy.port, address) == pages.PASSES, proxy.reload))
        names = stack.enter_context(web.any_server())
        server = stack.enter_context(nginx.started(network, page, names, _folder(folder)))
        clients.append(Client("nginx", lambda: web.on_the_way(server.port, address) == pages.PASSES, server.reload))
        sensor = suricata.prepared(network, _folder(folder))
        asked = suricata.requests([address])
        clients.append(
            Client("Suricata", lambda: sensor.sees(suricata.RULES, asked) == dict.fromkeys([address], pages.PASSES), sensor.reload)
        )
        yield [*clients, *_filters(network, address, _folder(folder))]


def _filters(network: Network, address: str, folder: Path) -> Iterator[Client]:
    for engine in ENGINES:
        own = _folder(folder)

        def is_free(engine: str = engine, own: Path = own) -> bool:
            return filters.verdicts((own / "adblock.txt").read_text(), [address])[engine][address] == pages.PASSES

        def reload(own: Path = own) -> None:
            network.run("adblock.sh", own, programs=own)

        reload()
        yield Client(engine, is_free, reload)


def _by_itself() -> None:
    """At the NOTIFY, or when it asks for the serial."""


def _folder(folder: Path) -> Path:
    # Short, since the name of a control socket in it may be no longer than some 100 octets.
    made = folder / str(len(list(folder.iterdir())))
    made.mkdir()
    return made
