from django.db import migrations
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from common.bulk import insert_from_query


def write_pauses(apps, schema_editor):
    """Write the pauses of what came before they were kept: each wait that is open, and each return.

    A return becomes a pause of no length, so that its date stays as it was counted then. What has its pause already
    keeps it. While a clock stands there is no deadline.
    """
    pauses = apps.get_model("students", "ClockPause")
    for reason, rows, started_at in _open_waits(apps):
        _write(pauses, rows, reason=reason, started_at=started_at)
    written = pauses.objects.filter(enrollment=OuterRef("stay"), ended_at=OuterRef("reviewed_at"))
    returned = _acuses(apps).filter(state="RETURNED", reviewed_at__isnull=False)
    _write(
        pauses,
        returned.exclude(return_reason="IMSS_DATA_WRONG").filter(~Exists(written)),
        reason="REVIEW",
        started_at=F("reviewed_at"),
        ended_at=F("reviewed_at"),
        is_return=True,
    )
    standing = pauses.objects.filter(enrollment=OuterRef("pk"), ended_at__isnull=True)
    stays = apps.get_model("students", "Enrollment").objects
    stays.filter(Exists(standing)).update(acuse_due_on=None)


def _open_waits(apps):
    """Who has the ball, of which stays, since when; of a case that is since its report, of a baja since its line."""
    reports = apps.get_model("followup", "StudentReport").objects.filter(
        enrollment=OuterRef("enrollment"), kind__in=["SUBDELEGACION", "WRONG_DATA"]
    )
    bajas = apps.get_model("students", "TimelineEntry").objects.filter(
        enrollment=OuterRef("pk"), event="WITHDRAWN"
    )
    requests = apps.get_model("nss", "NSSRequest").objects.annotate(stay=F("enrollment_id"))
    renuncias = apps.get_model("renuncias", "Renuncia").objects.annotate(stay=F("enrollment_id"))
    withdrawn = apps.get_model("students", "Enrollment").objects.annotate(
        stay=F("pk"), since=Subquery(bajas.order_by("-at").values("at")[:1])
    )
    reported_at = Subquery(reports.order_by("-created_at").values("created_at")[:1])
    return [
        (
            "REVIEW",
            _acuses(apps).filter(state="RECEIVED"),
            Coalesce(F("sent_at"), F("created_at")),
        ),
        (
            "SUBDELEGACION",
            requests.filter(state="AT_SUBDELEGACION"),
            Coalesce(reported_at, F("created_at")),
        ),
        (
            "RENUNCIA",
            renuncias.filter(state__in=["ISSUED", "SIGNED", "ACCEPTED"]),
            F("issued_at"),
        ),
        ("WITHDRAWN", withdrawn.filter(state="WITHDRAWN", since__isnull=False), F("since")),
    ]


def _acuses(apps):
    return apps.get_model("nss", "Acuse").objects.annotate(stay=F("request__enrollment_id"))


def _write(pauses, rows, **columns):
    """In an order of its own, for the rows look into the table that is written (see insert_from_query)."""
    insert_from_query(pauses, rows.order_by("pk"), {"enrollment_id": F("stay"), **columns})


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0006_climb'),
        ('nss', '0001_initial'),
        ('renuncias', '0001_initial'),
        ('students', '0008_clock_pauses'),
    ]

    operations = [
        migrations.RunPython(write_pauses, migrations.RunPython.noop, elidable=True),
    ]
