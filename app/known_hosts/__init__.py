"""What public lists, our own and operators' say of hosts, and the ways into the table. Holds no rule on what a class means."""

from app.known_hosts.loading import are_loaded, load_known_hosts
from app.known_hosts.packaged import OWN_SOURCES, SOURCES, own_hosts, packaged_hosts

__all__ = ["OWN_SOURCES", "SOURCES", "are_loaded", "load_known_hosts", "own_hosts", "packaged_hosts"]
