"""How well the machine reads acuses: generated sheets over all layouts and degradations.

First goal: not one wrong NSS. Second: how many are read. Each file goes through the real limited
child process. `--layouts`, `--media` and `--seeds` narrow the run; the figures per layout go to stderr.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from stdnum import luhn
from stdnum.mx.curp import calc_check_digit

from bench.harness import Goal, report
from common.uploads import DOCUMENT, Limits, kind_of, run_child
from followup.demo.acuses import (
    DEGRADATIONS,
    LAYOUTS,
    OTHER_DOCUMENTS,
    TRAPS,
    Holder,
    draw_pdf,
    draw_photo,
    draw_scan,
)

JOB = "nss.extraction.reading:read_file"
LIMITS = Limits(wall_seconds=40)
GIVEN = ("ANA SOFÍA", "JOSÉ LUIS", "MARÍA FERNANDA", "DIEGO", "XIMENA", "ÁNGEL GABRIEL", "LUZ")
SURNAMES = ("PÉREZ", "NÚÑEZ", "GÓMEZ", "DE LA CRUZ", "IBARRA", "ZÚÑIGA", "QUIROZ", "LÓPEZ", "WONG")
CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"
DECISIVE = ("pdf", "scan")
WITHOUT = {"names": {"card_without_qr"}, "issued_date": {"card", "qr_only"}}
"""Layouts that do not print a field."""


@dataclass
class Tally:
    """What came out of the samples of one kind."""

    samples: int = 0
    nss: int = 0
    curp: int = 0
    names: int = 0
    issued_date: int = 0
    false_nss: int = 0
    false_curp: int = 0
    milliseconds: list[int] = field(default_factory=list)


def holder(chance: random.Random) -> Holder:
    """Invent one person with a valid NSS and CURP."""
    born = date(2007, 1, 1) + timedelta(days=chance.randrange(1400))
    front = f"{chance.randrange(1, 97):02}{chance.randrange(22, 27):02}{born:%y}"
    front += f"{chance.randrange(10**4):04}"
    given, first, second = chance.choice(GIVEN), chance.choice(SURNAMES), chance.choice(SURNAMES)
    plain = str.maketrans("ÁÉÍÓÚÑ", "AEIOUX")
    letters = f"{first[0]}{chance.choice('AEIOU')}{second[0]}{given[0]}".translate(plain)
    tail = "".join(chance.choices(CONSONANTS, k=3))
    state = chance.choice(("SR", "DF", "JC", "VZ", "OC", "QT"))
    curp = f"{letters}{born:%y%m%d}{chance.choice('HM')}{state}{tail}A"
    issued = date(2026, 7, 1) + timedelta(days=chance.randrange(120))
    return Holder(
        nss=front + luhn.calc_check_digit(front),
        curp=curp + calc_check_digit(curp),
        given_names=given,
        first_surname=first,
        second_surname=second,
        issued_date=issued,
    )


def samples(layouts: list[str], media: list[str], seeds: int):
    """Yield layout, medium, person and file name with content."""
    for seed in range(seeds):
        for layout in layouts:
            for medium in media:
                chance = random.Random(f"{layout}-{medium}-{seed}")  # noqa: S311 -- repeatable
                person = holder(chance)
                if medium == "pdf":
                    yield layout, medium, person, "a.pdf", draw_pdf(person, layout, seed=seed)
                elif medium == "scan":
                    content = draw_scan(person, layout, "mild", seed=seed)
                    yield layout, medium, person, "a.pdf", content
                else:
                    content = draw_photo(person, layout, medium, seed=seed)
                    yield layout, medium, person, "a.jpg", content


def measure(layouts: list[str], media: list[str], seeds: int) -> dict[tuple[str, str], Tally]:
    """Read every sample and count what is right, missing and wrong."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    with tempfile.TemporaryDirectory() as folder:
        for layout, medium, person, name, content in samples(layouts, media, seeds):
            path = Path(folder) / name
            path.write_bytes(content)
            kind = kind_of(content[:100], name, DOCUMENT)
            result = run_child(
                JOB, path, limits=LIMITS, arguments={"kind": kind.value}, wait_seconds=120
            )
            tally = tallies[layout, medium]
            tally.samples += 1
            tally.milliseconds.append(result.duration_ms)
            if not result.is_done:
                print(f"  {layout} {medium}: {result.end or result.refused}", file=sys.stderr)
                continue
            count(tally, layout, medium, person, result.value["reading"])
    return tallies


def count(tally: Tally, layout: str, medium: str, person: Holder, reading: dict) -> None:
    """Add one reading to the tally of its kind."""
    found = {key: (reading[key] or {}).get("value") for key in ("nss", "curp")}
    may_be_read = layout in LAYOUTS
    tally.nss += found["nss"] == person.nss
    tally.curp += found["curp"] == person.curp
    tally.names += ((reading["names"] or {}).get("value") or "") == person.names
    day = (reading["issued_date"] or {}).get("value")
    tally.issued_date += day == person.issued_date.isoformat()
    if found["nss"] and (found["nss"] != person.nss or not may_be_read):
        tally.false_nss += 1
        print(f"  FALSE NSS {layout} {medium}: {found} for {person}", file=sys.stderr)
    if found["curp"] and found["curp"] != person.curp:
        tally.false_curp += 1
        print(f"  false CURP {layout} {medium}: {found} for {person.curp}", file=sys.stderr)


def table(tallies: dict[tuple[str, str], Tally], by: int) -> None:
    """Print the figures per layout (`by` 0) or per medium (1)."""
    groups: dict[str, list[Tally]] = defaultdict(list)
    for key, tally in tallies.items():
        groups[key[by]].append(tally)
    for name, group in groups.items():
        total = sum(tally.samples for tally in group)
        shares = " ".join(
            f"{key} {sum(getattr(tally, key) for tally in group):3}/{total}"
            for key in ("nss", "curp", "names", "issued_date", "false_nss", "false_curp")
        )
        times = sorted(ms for tally in group for ms in tally.milliseconds)
        print(f"{name:16} {shares}  median {times[len(times) // 2]} ms", file=sys.stderr)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--layouts", nargs="*", default=[*LAYOUTS, *OTHER_DOCUMENTS, *TRAPS])
    parser.add_argument("--media", nargs="*", default=[*DECISIVE, *DEGRADATIONS])
    options = parser.parse_args()
    started = time.monotonic()
    tallies = measure(options.layouts, options.media, options.seeds)
    for by in (0, 1):
        table(tallies, by)
    report(
        "reading",
        figures={**totals(tallies), "seconds": round(time.monotonic() - started)},
        ratios=shares_read(tallies),
        goals=[
            Goal("samples", at_least=200),
            Goal("false_nss", at_most=0),
            Goal("nss_of_pdfs", at_least=0.98),
            Goal("nss_of_photos", at_least=0.9),
            Goal("names_of_text", at_least=0.95),
            Goal("issued_date_of_text", at_least=0.95),
        ],
    )


def totals(tallies: dict[tuple[str, str], Tally]) -> dict[str, int]:
    """Return what all samples gave together; times in milliseconds."""
    times = sorted(ms for tally in tallies.values() for ms in tally.milliseconds)
    return {
        "samples": sum(tally.samples for tally in tallies.values()),
        "false_nss": sum(tally.false_nss for tally in tallies.values()),
        "false_curp": sum(tally.false_curp for tally in tallies.values()),
        "median_ms": times[len(times) // 2],
        "p95_ms": times[int(len(times) * 0.95)],
    }


def shares_read(tallies: dict[tuple[str, str], Tally]) -> dict[str, float]:
    """Return which part of the acuses was read, by medium and field."""
    acuses = {key: tally for key, tally in tallies.items() if key[0] in LAYOUTS}
    printed = {
        name: [t for key, t in acuses.items() if key[1] == "pdf" and key[0] not in without]
        for name, without in WITHOUT.items()
    }
    return {
        "nss_of_pdfs": share([tally for key, tally in acuses.items() if key[1] in DECISIVE]),
        "nss_of_photos": share([tally for key, tally in acuses.items() if key[1] not in DECISIVE]),
        "names_of_text": share(printed["names"], "names"),
        "issued_date_of_text": share(printed["issued_date"], "issued_date"),
    }


def share(group: list[Tally], field: str = "nss") -> float:
    """Return which part of the acuses gave their NSS, or another field."""
    total = sum(tally.samples for tally in group)
    return round(sum(getattr(tally, field) for tally in group) / total, 4) if total else 0.0


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main()
