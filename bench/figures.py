"""What a benchmark found: a number, the limit that was promised for it, and how both are shown. Measures nothing."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. Without a limit it only informs."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    seen: str = ""
    """What it was made of, for who reads it."""

    @property
    def is_kept(self) -> bool:
        """Whether the promise holds."""
        return (self.at_least is None or self.value >= self.at_least) and (self.at_most is None or self.value <= self.at_most)

    @property
    def limit(self) -> str:
        """The promise in words; empty where none was made."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return f"at most {self.at_most:g}" if self.at_most is not None else ""

    def line(self) -> str:
        """One line for people."""
        verdict = ("ok  " if self.is_kept else "FAIL") if self.limit else "    "
        number = f"{self.value:.2f}" if abs(self.value) < 100 else f"{self.value:,.0f}"
        shown = f"{number} {self.unit}".strip()
        told = "; ".join(part for part in (self.limit, self.seen) if part)
        return f"  {verdict} {self.name}: {shown}" + (f"  ({told})" if told else "")

    def record(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "limit": self.limit,
            "kept": self.is_kept,
            "seen": self.seen,
        }


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return percentile(values, 50)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` percent lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]
