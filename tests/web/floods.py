"""Many requests from many addresses, as a proxy in front tells of them. Asserts nothing."""

from app import limits

HOME, CAFE = "192.88.100.7", "198.20.0.9"
"""Two addresses of the open net."""


def asked(app, door, clients):
    """Which clients are answered at a door, one request each."""
    told = []
    for client in clients:
        with app.test_request_context("/", headers={"X-Real-IP": client}):
            told.append(limits.within(door))
    return told
