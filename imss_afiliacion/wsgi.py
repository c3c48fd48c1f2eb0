"""The web server's entry."""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

from common.bodies import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
portal = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Hand a request to Django, with its body whole or not at all."""
    environ["wsgi.input"] = WholeBody(
        environ["wsgi.input"],
        length=int(environ.get("CONTENT_LENGTH") or 0),
        content_type=environ.get("CONTENT_TYPE", ""),
    )
    return portal(environ, start_response)
