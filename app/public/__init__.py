"""The public pages: report, follow a report, look up an address. No cookie, no account, nothing kept about who reads them."""

from app.public import advice, checking, connecting, disowning, doors, explaining, following, networks, pages, reporting, talking
from app.public.blueprint import public

__all__ = [
    "advice",
    "checking",
    "connecting",
    "disowning",
    "doors",
    "explaining",
    "following",
    "networks",
    "pages",
    "public",
    "reporting",
    "talking",
]
