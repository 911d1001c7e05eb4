"""Labels by group and value, as every file of this room writes them down."""

from collections.abc import Mapping
from typing import Any


def grouped(**groups: Mapping[Any, str]) -> Mapping[str, str]:
    """Each label under `group.value`."""
    return {f"{group}.{value}": text for group, labels in groups.items() for value, text in labels.items()}
