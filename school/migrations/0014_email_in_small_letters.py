from django.db import migrations, models
from django.db.models.functions import Lower


def write_small(apps, schema_editor):
    """Write the e-mail of staff, which is their user name too, as the sign-in looks for it."""
    users = apps.get_model('school', 'User').objects.exclude(email=Lower('email'))
    users.update(email=Lower('email'), username=Lower('email'))


class Migration(migrations.Migration):

    dependencies = [
        ('school', '0013_cycle_says_when_clinics_open'),
    ]

    operations = [
        migrations.AlterModelManagers(
            name='user',
            managers=[
            ],
        ),
        migrations.RunPython(write_small, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email', Lower('email'))), name='school_user_email_in_small_letters'),
        ),
    ]
