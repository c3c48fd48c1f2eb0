"""The web server's entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
# One slow page must not hold a worker; commands and tasks have their own limits.
os.environ.setdefault("STATEMENT_TIMEOUT", "5")
application = get_wsgi_application()
