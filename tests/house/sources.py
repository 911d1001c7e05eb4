"""The project's own source, parsed, for tests that hold the house to its rules. Asserts nothing."""

import ast
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("app", "moderation", "bench", "deploy")
ALONE = ("config.py", "wsgi.py")


@cache
def modules() -> tuple[Path, ...]:
    """Every module that we wrote, but tests and migrations; relative to the checkout, sorted."""
    found = [path for room in ROOMS for path in (CHECKOUT / room).rglob("*.py")] + [CHECKOUT / name for name in ALONE]
    return tuple(sorted(path.relative_to(CHECKOUT) for path in found))


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse((CHECKOUT / module).read_text(encoding="utf-8"), filename=str(module))


@cache
def nodes(kind: type[ast.AST]) -> tuple[tuple[str, ast.AST], ...]:
    """Each node of this kind in any module, with the module's name."""
    return tuple((str(module), node) for module in modules() for node in ast.walk(tree(module)) if isinstance(node, kind))


def called(call: ast.Call) -> str:
    """The last name of what is called: `session.commit()` is `commit`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


@cache
def templates() -> tuple[Path, ...]:
    """Every template, relative to the checkout."""
    found = [path for ending in ("html", "svg") for path in (CHECKOUT / "app").rglob(f"templates/**/*.{ending}")]
    return tuple(sorted(path.relative_to(CHECKOUT) for path in found))


@cache
def stories() -> tuple[Path, ...]:
    """Every module of the tests, relative to the checkout, sorted; not the programs that a package manager put beside them."""
    found = (path.relative_to(CHECKOUT) for path in (CHECKOUT / "tests").rglob("*.py"))
    return tuple(sorted(path for path in found if "node_modules" not in path.parts))
