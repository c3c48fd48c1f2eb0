"""What leaves the portal as a log line or an error report, with personal data masked."""

import logging
import re
from typing import Any

from django.views.debug import ExceptionReporter
from structlog.stdlib import ProcessorFormatter

_PERSONAL = re.compile(
    r"""
    (?P<email> [\w.+-]+ @ [\w-]+ (?: \. [\w-]+ )+ )
    | (?P<curp> (?<![A-Z0-9]) [A-Z]{4} \d{6} [HMX] [A-Z]{5} [A-Z0-9] \d (?![A-Z0-9]) )
    | (?P<nss> (?<!\d) \d{2} (?: [ -]? \d{2} ){3} [ -]? \d{2} [ -]? \d (?!\d) )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def mask(text: str) -> str:
    """Replace every e-mail address, CURP and NSS (plain or grouped) by the name of what it was."""
    return _PERSONAL.sub(lambda found: f"<{found.lastgroup}>", text)


class MaskingFormatter(ProcessorFormatter):
    """Formats a record and masks the whole line, traceback and message of the exception included."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class ReporterWithoutLocals(ExceptionReporter):
    """Reports an error without the values of variables: they are other people's data."""

    def get_traceback_frames(self) -> list[dict[str, Any]]:
        frames = super().get_traceback_frames()
        return [{**frame, "vars": []} for frame in frames]

    def get_traceback_data(self) -> dict[str, Any]:
        data = super().get_traceback_data()
        return {**data, "exception_value": mask(str(data.get("exception_value", "")))}
