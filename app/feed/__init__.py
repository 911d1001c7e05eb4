"""The feed as networks pull it: files of the current release, by consumers' tokens. Computes nothing; renders no page."""

from app.feed import changes, dry_run, false_positives  # noqa: F401 - their routes
from app.feed.views import feed

__all__ = ["feed"]
