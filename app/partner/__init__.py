"""Where partners send files of reports. No account and no cookie: a token opens it, and a ticket shows how far a file is."""

from app.partner.uploading import partner

__all__ = ["partner"]
