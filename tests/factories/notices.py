"""Synthetic notices."""

from typing import Any

import factory

from notices.models import Notice
from notices.states import NoticeState
from students.models import Enrollment
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW


class NoticeFactory(factory.django.DjangoModelFactory):
    """A notice that waits: the acuse was accepted."""

    class Meta:
        model = Notice

    key = factory.Sequence(lambda n: f"acuse:{n}:accepted")
    message = "M-09"
    about = "enrollment:1"
    plantel = factory.SubFactory(PlantelFactory)
    to_email = "ana@correo.example"
    to_name = "Ana Gómez Martínez"
    created_at = NOW
    not_before = NOW


def bounced(stay: Enrollment, **fields: Any) -> Notice:
    """Make a mail to the stay's present address that came back."""
    data = getattr(stay, "data", None)
    values = {
        "key": f"rebotado:{stay.pk}",
        "about": f"enrollment:{stay.pk}",
        "plantel": stay.plantel,
        "to_email": (data.email if data else "") or stay.roster_email,
        "state": NoticeState.FAILED,
        "error": "El buzón no recibe correo (550)",
        "bounced_at": NOW,
    }
    notice: Notice = NoticeFactory(**values | fields)
    return notice
