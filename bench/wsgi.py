"""The application as it is served, with the bench's own routes beside the others."""

from app import create_app
from bench.empty import add_routes

app = create_app()
add_routes(app)
