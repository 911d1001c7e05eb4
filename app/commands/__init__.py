"""The flask command line. Each command calls a verb and prints what came of it; none holds a rule."""

from flask import Flask

from app.commands.audit import audit
from app.commands.consumers import consumers
from app.commands.database import db
from app.commands.dns import dns
from app.commands.doctor import doctor
from app.commands.hosts import hosts
from app.commands.hotlines import hotlines_group
from app.commands.keys import keys_group
from app.commands.lists import list_group, publish, worker
from app.commands.partners import partners
from app.commands.people import people
from app.commands.reports import reports
from app.commands.resources import resources
from app.commands.retention import retention_group
from app.commands.seed import seed
from app.commands.translations import translations


def init_app(app: Flask) -> None:
    """Add every command."""
    for command in (
        audit,
        consumers,
        db,
        dns,
        doctor,
        hosts,
        hotlines_group,
        keys_group,
        list_group,
        partners,
        people,
        publish,
        reports,
        resources,
        retention_group,
        seed,
        translations,
        worker,
    ):
        app.cli.add_command(command)
