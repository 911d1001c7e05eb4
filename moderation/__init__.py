"""The rules. Knows the database; knows no web framework, network, clock or randomness: actor, time and identifiers are passed in."""
