"""The walker of R16 as a program that may be killed: python -m tests.faults.walk PLAN, a file of JSON."""

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Walk as the plan says, in a process that made no file of a student before."""
    from django.conf import settings
    from django.test.utils import setup_test_environment

    from students.models import StoredFile
    from tests.factories.students import StoredFileFactory
    from tests.faults.walker import Plan, Walker

    setup_test_environment()
    settings.WHITENOISE_AUTOREFRESH = True  # else every new client reads all static files
    StoredFileFactory.reset_sequence(1_000_000 + StoredFile.objects.count(), force=True)
    Walker(Plan(**json.loads(Path(sys.argv[1]).read_text()))).walk()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main()
