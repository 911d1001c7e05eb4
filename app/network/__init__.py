"""A network's own pages: tokens, addresses, what its software carries. Each engineer sees what is their network's; decides nothing."""

from flask import Blueprint

network = Blueprint("network", __name__, url_prefix="/network", template_folder="templates")

from app.network import (  # noqa: E402 - the routes need the blueprint
    addresses_page,  # noqa: F401
    entry_page,  # noqa: F401
    frame,  # noqa: F401
    routes,  # noqa: F401
    setup_page,  # noqa: F401
    tokens_page,  # noqa: F401
    tools_page,  # noqa: F401
    transfer_page,  # noqa: F401
)
