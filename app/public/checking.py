"""Being written."""

from app.public.blueprint import page


@page("/check", "check", methods=("GET", "POST"))
def check() -> str:
    """Being written."""
    return ""
