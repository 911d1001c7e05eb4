"""How long a hotline's number is shown after somebody read it, and how long its receipt is waited for."""

from datetime import timedelta
from typing import Final

HOTLINE_READ_AGAIN: Final = timedelta(days=548)
"""A line's number is due to be read again in its source after eighteen months †."""

HOTLINE_SHOWN_FOR: Final = timedelta(days=731)
"""A number that nobody has read for two years is no longer shown †: a wrong one costs more than none."""

HOTLINE_RECEIPT_OVERDUE: Final = timedelta(days=7)
"""A hotline that sent no receipt for a week is told of †: it may not have what was passed on, and until then the address is kept."""

SEALED_KEPT_AFTER_RECEIPT: Final = timedelta(days=7)
"""A sealed address is destroyed a week after the hotline's receipt was written down †: until then a senior can strike a false one."""
