"""Reporting for programs: JSON in, JSON out, and the page that explains it. No cookie; nothing kept about who asks."""

from app.api import docs_page, following, sending
from app.api.blueprint import api

__all__ = ["api", "docs_page", "following", "sending"]
