"""gunicorn's log without its visitors: what it says of a request that fails would hold an address, a path, or what was typed."""

import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger


class ServerLog(Logger):  # type: ignore[misc]
    """What the master says is kept, for it knows of processes alone. Workers tell the kind and the place of a fault, and nothing else."""

    def __init__(self, settings: Any) -> None:  # noqa: ANN401 - gunicorn's own
        super().__init__(settings)
        self._master = os.getpid()

    def warning(self, message: Any, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Kept of the master. A worker warns of malformed requests, with the address that they came from."""
        if os.getpid() == self._master:
            super().warning(message, *arguments, **named)

    def exception(self, message: Any, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Kept whole of the master, where it is about starting; of a worker without its words, which name the request."""
        if os.getpid() == self._master:
            super().exception(message, *arguments, **named)
        else:
            self.error("A request failed: %s", _kind_and_place())

    def access(self, *_: object) -> None:
        """There is no access log, whatever the command line says."""


def _kind_and_place() -> str:
    kind, _, trace = sys.exc_info()
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{kind.__name__ if kind else 'unknown'}{place}"
