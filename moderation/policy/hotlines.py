"""How long a hotline's number is shown after somebody read it."""

from datetime import timedelta
from typing import Final

HOTLINE_READ_AGAIN: Final = timedelta(days=548)
"""A line's number is due to be read again in its source after eighteen months †."""

HOTLINE_SHOWN_FOR: Final = timedelta(days=731)
"""A number that nobody has read for two years is no longer shown †: a wrong one costs more than none."""
