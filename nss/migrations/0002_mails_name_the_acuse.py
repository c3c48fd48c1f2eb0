from django.db import migrations

A_PAGE = 1000


def name_acuses(apps, schema_editor):
    """Write into the mails of before that an acuse arrived (M-06) which one it is: they lead to its receipt now."""
    acuses = apps.get_model("nss", "Acuse").objects
    mails = apps.get_model("notices", "Notice").objects
    nameless = mails.filter(message="M-06").exclude(context__has_key="acuse").order_by("pk")
    last = 0
    while page := list(nameless.filter(pk__gt=last)[:A_PAGE]):
        last = page[-1].pk
        by_folio = acuses.filter(folio__in=[mail.context["folio"] for mail in page])
        known = dict(by_folio.values_list("folio", "public_id"))
        found = [mail for mail in page if mail.context["folio"] in known]
        for mail in found:
            mail.context["acuse"] = known[mail.context["folio"]]
        mails.bulk_update(found, ["context"])


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0008_corrected_email"),
        ("nss", "0001_initial"),
    ]

    operations = [migrations.RunPython(name_acuses, migrations.RunPython.noop)]
