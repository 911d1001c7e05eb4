"""What is told to whoever started us; never fails because they have gone."""

import os
import sys


class Terminal:
    """Standard output for as long as someone reads it. A closed terminal must not keep us from ending what we started."""

    def write(self, words: str) -> None:
        try:
            sys.stdout.write(words)
            sys.stdout.flush()
        except OSError:
            drop_output()

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return sys.stdout.isatty()


def say(words: str, *, end: str = "\n") -> None:
    """Tell one thing at once."""
    Terminal().write(words + end)


def drop_output() -> None:
    """From now on, what this process prints goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
