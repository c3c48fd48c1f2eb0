"""The portal as it stands behind the proxy that ended TLS; what a service worker asks for comes this way too."""

from collections.abc import Callable, Iterable
from typing import Any

from imss_afiliacion.wsgi import application as portal


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as to a request that came by https."""
    environ["HTTP_X_FORWARDED_PROTO"] = "https"
    return portal(environ, start_response)
