from zoneinfo import ZoneInfo

from django.db import migrations

EACH = 2_000


def write_bajas(apps, schema_editor):
    """Write a baja definitiva for each stay that a list ended, of the day and by whom its history says.

    Where nobody's line says it, there is none: who ended it and when is not known.
    """
    bajas = apps.get_model("students", "Baja").objects
    stays = apps.get_model("students", "Enrollment").objects.filter(state="WITHDRAWN", bajas=None)
    lines = apps.get_model("students", "TimelineEntry").objects
    said = lines.filter(event="WITHDRAWN", by__isnull=False, enrollment__in=stays)
    newest = {line.enrollment_id: line for line in said.order_by("at", "pk").iterator(EACH)}
    zones = dict(stays.values_list("pk", "plantel__time_zone"))
    bajas.bulk_create(
        (
            bajas.model(
                enrollment_id=pk,
                kind="DEFINITIVE",
                left_from="ACTIVE",
                on_date=line.at.astimezone(ZoneInfo(zones[pk])).date(),
                at=line.at,
                by_id=line.by_id,
            )
            for pk, line in newest.items()
        ),
        batch_size=EACH,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('students', '0012_bajas_and_batches'),
    ]

    operations = [
        migrations.RunPython(write_bajas, migrations.RunPython.noop, elidable=True),
    ]
