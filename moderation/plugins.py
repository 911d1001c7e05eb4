"""Finds the plug-ins of a folder: one module each, sorted by name. A module that breaks its contract stops the start."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from moderation.errors import BrokenPlugin


def discover(package: ModuleType, *, required: tuple[str, ...]) -> tuple[ModuleType, ...]:
    """Import every module of `package`, sorted by name, and check that each has the attributes `required`.

    Raises:
        BrokenPlugin: a module fails to import, lacks an attribute, or has an empty EXAMPLES.
    """
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_"))
    return tuple(_load(f"{package.__name__}.{name}", required) for name in names)


def _load(name: str, required: tuple[str, ...]) -> ModuleType:
    try:
        module = import_module(name)
    except Exception as fault:
        raise BrokenPlugin(f"{name} does not import: {fault}") from fault
    missing = [attribute for attribute in (*required, "EXAMPLES") if not hasattr(module, attribute)]
    if missing:
        raise BrokenPlugin(f"{name} lacks {', '.join(missing)}.")
    if not module.EXAMPLES:
        raise BrokenPlugin(f"{name} has no examples; a plug-in shows what it does.")
    return module


def by_identifier(modules: tuple[ModuleType, ...], key: Callable[[ModuleType], str]) -> dict[str, ModuleType]:
    """Map each plug-in's identifier to it.

    Raises:
        BrokenPlugin: two plug-ins claim one identifier.
    """
    found: dict[str, ModuleType] = {}
    for module in modules:
        identifier = key(module)
        if identifier in found:
            raise BrokenPlugin(f"{module.__name__} and {found[identifier].__name__} both claim {identifier!r}.")
        found[identifier] = module
    return found
