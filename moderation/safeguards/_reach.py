"""What a target would reach: a whole name, a bare address, or a part of a site. Looks nothing up and decides nothing."""

from moderation.vocabulary import N_, CaseFacts, Effect, Finding, Scope, Target


def target_missing(identifier: str) -> Finding:
    """Refuse where no target is named: nothing can be said of what it would reach."""
    return Finding(
        safeguard=identifier,
        effect=Effect.BLOCK,
        reason=N_("No target is chosen, so nothing can be said of what it would reach."),
        way_forward=N_("Choose what would be listed, the narrowest that would do."),
        field="target",
    )


def is_whole(target: Target) -> bool:
    """Whether the target takes a whole name: a host, a domain, or a path that is the root of a site."""
    return target.scope.is_wide or (target.scope is Scope.PATH and _path(target) == "")


def is_root(target: Target) -> bool:
    """Whether the target is a site's first page, or all of a site."""
    return is_whole(target) or _path(target).partition("?")[0] == ""


def name_of(facts: CaseFacts, target: Target) -> str:
    """The name the target stands on, without the root dot and in lower case."""
    name = target.text if target.scope.is_wide else facts.resource.host or ""
    return name.rstrip(".").lower()


def is_within(name: str, parent: str) -> bool:
    """Whether the name is the parent or lies below it."""
    return name == parent or name.endswith(f".{parent}")


def _path(target: Target) -> str:
    """What follows the name's slash; empty for a site's root."""
    return target.text.partition("://")[2].partition("/")[2] if "://" in target.text else target.text.partition("/")[2]
