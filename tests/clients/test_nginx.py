"""nginx loads the map from a running server, as the documentation says: what is listed is refused, and nothing beside it."""

import pytest

from tests.clients import nginx as client
from tests.clients.pages import AFTER, BLOCKED, LISTED, NAMES, NGINX, PASSES, expected, freed, names_freed
from tests.clients.starting import comes_to
from tests.clients.web import any_server, by_name_in_tls, on_the_way, through_proxy, web_server

pytestmark = pytest.mark.skipif(
    bool(client.missing()), reason=f"{', '.join(client.missing())} not installed (Debian: apt install {client.PACKAGE})"
)


@pytest.fixture(scope="module")
def nginx(network, tmp_path_factory):
    network.publish(LISTED)
    with (
        web_server() as behind,
        any_server() as behind_names,
        client.started(network, behind, behind_names, tmp_path_factory.mktemp("nginx")) as found,
    ):
        yield found


def test_what_is_listed_is_refused_on_its_way_and_nothing_beside_it(nginx):
    assert {address: on_the_way(nginx.port, address) for address in expected(NGINX)} == expected(NGINX)


def test_the_same_is_refused_where_nginx_is_the_browsers_proxy(nginx):
    # To a proxy nginx refuses an underscore in a host, whatever the list says.
    wanted = {address: verdict for address, verdict in expected(NGINX).items() if "_" not in address}
    assert {address: through_proxy(nginx.port, address) for address in wanted} == wanted


def test_a_listed_name_in_tls_leads_nowhere_and_the_host_of_a_page_onward(nginx):
    assert {name: by_name_in_tls(nginx.names_port, name) for name in NAMES} == NAMES


def test_nginx_reads_the_map_without_one_warning(nginx):
    assert not [line for line in nginx.said().splitlines() if "[warn]" in line or "[emerg]" in line]


def test_what_is_delisted_passes_again_and_nothing_else(nginx, network):
    network.publish(AFTER)
    nginx.reload()
    assert comes_to(lambda: on_the_way(nginx.port, "http://shop.example.net/"), PASSES) == PASSES, nginx.said()
    assert comes_to(lambda: {address: on_the_way(nginx.port, address) for address in freed(NGINX)}, freed(NGINX)) == freed(NGINX)
    assert {name: by_name_in_tls(nginx.names_port, name) for name in NAMES} == names_freed(NAMES)


def test_a_page_that_is_listed_anew_is_refused(nginx, network):
    address = "http://page.example.net/Ad?id=7&b=2"
    network.publish(AFTER)
    nginx.reload()
    assert comes_to(lambda: on_the_way(nginx.port, address), PASSES) == PASSES, nginx.said()
    network.publish(LISTED)
    nginx.reload()
    assert comes_to(lambda: on_the_way(nginx.port, address), BLOCKED) == BLOCKED, nginx.said()
