"""Requests whose uploads stay in memory while they are read: a report's file must not lie on a disk in clear. Limits no size itself."""

from io import BytesIO
from typing import IO

from flask import Request


class InMemoryRequest(Request):
    """The framework's request, which would write a file of more than 500 kB to the temporary folder."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        # MAX_CONTENT_LENGTH bounds what this can grow to.
        return BytesIO()
