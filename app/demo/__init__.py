"""Sample people and cases, so that a newcomer sees the desk at work. Everything goes through the verbs; nothing here is true of anyone."""

from app.demo.guard import refuse_demo_people
from app.demo.people import DEMO_PEOPLE, add_people, are_here
from app.demo.playing import play

__all__ = ["DEMO_PEOPLE", "add_people", "are_here", "play", "refuse_demo_people"]
