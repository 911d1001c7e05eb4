"""What public lists and our own short never-list say of hosts, and the way into the table. Holds no rule on what a class means."""

from app.known_hosts.loading import load_known_hosts
from app.known_hosts.packaged import SOURCES, packaged_hosts

__all__ = ["SOURCES", "load_known_hosts", "packaged_hosts"]
