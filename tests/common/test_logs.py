"""Logs and error reports: CURP, NSS and e-mail never leave."""

import logging
import sys

import pytest
import structlog
from django.test import RequestFactory

from common.logs import MaskingFormatter, ReporterWithoutLocals, mask

CURP = "GOMC080214MDFMRRA1"
NSS = "12345678903"


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (f"curp={CURP}", "curp=<curp>"),
        (f"curp={CURP.lower()}.", "curp=<curp>."),
        (f"NSS {NSS}, 2", "NSS <nss>, 2"),
        ("NSS 12 34 56 7890 3", "NSS <nss>"),
        ("NSS 12-34-56-7890-3", "NSS <nss>"),
        ("para ana.lopez+a@correo.example", "para <email>"),
        (f"Key (curp)=({CURP}) already exists", "Key (curp)=(<curp>) already exists"),
    ],
)
def test_mask_hides(line, masked):
    assert mask(line) == masked


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-23T02:59:27.254012Z",
        "123456789012",
        "batch 1234567890",
        "request_id=6fa459ea-ee8a-3ca4-894e-db77e160355e",
        "quick@host",
    ],
)
def test_mask_leaves_alone(line):
    assert mask(line) == line


def formatted(message: str, *arguments: object, exc_info: object = None) -> str:
    """Format a record as the portal's handler does."""
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, message, arguments, exc_info)
    formatter = MaskingFormatter(
        processor=structlog.processors.JSONRenderer(ensure_ascii=False),
        foreign_pre_chain=[
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.format_exc_info,
        ],
    )
    return formatter.format(record)


def test_formatter_masks_arguments():
    assert formatted("no se guardó %s", NSS) == '{"event": "no se guardó <nss>"}'


def test_formatter_masks_the_message_of_an_exception():
    try:
        raise ValueError(CURP)
    except ValueError:
        line = formatted("falló", exc_info=sys.exc_info())

    assert "<curp>" in line
    assert CURP not in line


def test_error_report_shows_no_value_of_a_variable():
    try:
        secret = NSS
        raise ValueError(f"no es de {CURP} {len(secret)}")
    except ValueError:
        reporter = ReporterWithoutLocals(RequestFactory().get("/"), *sys.exc_info())

    for report in (reporter.get_traceback_html(), reporter.get_traceback_text()):
        assert NSS not in report
        assert CURP not in report
        assert "ValueError" in report
