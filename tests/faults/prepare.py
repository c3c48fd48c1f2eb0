"""People and papers for a database that the test's own process is not connected to: python -m tests.faults.prepare N

Migrates the database of DATABASE_URL, makes N students who are signed in, and prints their sessions as JSON.
"""

import json
import os
import sys


def main() -> None:
    """Do it."""
    from django.core.management import call_command

    from tests.factories.students import EnrollmentFactory
    from tests.faults.people import session_of

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    stays = EnrollmentFactory.create_batch(int(sys.argv[1]), confirmed=True)
    print(json.dumps([session_of(stay.student.user) for stay in stays]))  # noqa: T201 -- its answer


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main()
