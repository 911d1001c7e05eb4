"""Every label of the desk, and how one is found."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.desk.words import assessing, outcomes, queue, record, resources

LABELS: Mapping[str, str] = {**queue.LABELS, **resources.LABELS, **assessing.LABELS, **outcomes.LABELS, **record.LABELS}


def label(value: object, group: str) -> str:
    """The words for a value; a plug-in's identifier that has none yet is shown as it is."""
    text = LABELS.get(f"{group}.{value}")
    return _(text) if text else str(value).replace("_", " ")
