"""Being written."""

from app.public.blueprint import page


@page("/report", "report", methods=("GET", "POST"))
def report() -> str:
    """Being written."""
    return ""
