"""Being written."""

from app.public.blueprint import page


@page("/status", "status", methods=("GET", "POST"))
def status() -> str:
    """Being written."""
    return ""
