"""QR codes as dark runs, drawn by WeasyPrint or stamped."""

import re

import segno

from common.qr import QUIET, Run, qr_runs, qr_svg

TEXT = "https://afiliacion.example/verifica/AAAAAAAAAAAAAAAAAAAAAA"


def test_qr_runs_are_the_dark_modules_inside_the_border():
    side, runs = qr_runs(TEXT)

    rows = segno.make(TEXT, error="m", mask=2, micro=False).matrix
    dark = {
        (x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, one in enumerate(row) if one
    }
    assert side == len(rows) + 2 * QUIET
    assert {(run.x + step, run.y) for run in runs for step in range(run.length)} == dark
    assert sum(run.length for run in runs) == len(dark)


def test_qr_svg_draws_the_same_runs_and_says_what_it_is():
    side, runs = qr_runs(TEXT, quiet=2)

    drawn = qr_svg(TEXT, title="Código <QR>", quiet=2)

    path = re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn)
    assert [Run(int(x), int(y), int(length)) for x, y, length in path] == runs
    assert drawn.startswith(
        f'<svg viewBox="0 0 {side} {side}"><title>Código &lt;QR&gt;</title><path d="M'
    )
