"""`manage.py import_roster FILE --plantel CLAVE`: the wizard's rules without its screens."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.uploads import Limits, NoSlot, run_child
from school.models import Plantel, SchoolCycle
from school.queries.planteles import cycle_on
from students.actions.import_rows import Imported
from students.actions.roster import COMMAND_ROWS, NoCycle, import_file
from students.queries.roster import plan_import
from students.roster_file import (
    FIELDS,
    JOB,
    REQUIRED,
    Checked,
    Finding,
    Table,
    check_rows,
    count_bad,
    guess_columns,
)

LIMITS = Limits(memory_mb=2048, cpu_seconds=120, wall_seconds=300, file_mb=128)
NOTHING_IMPORTED = "{} filas con error; no se importó nada"
OTHERS_WERE_FASTER = (
    "Otras personas cambian a los mismos estudiantes en este momento; no se importó nada. "
    "Intentar otra vez en un minuto"
)


class Command(BaseCommand):
    help = (
        "Import a roster (XLSX or CSV) into one plantel. Columns are matched by their headers. Prints "
        "counts and every error; with errors nothing is written and the exit status is 1, unless "
        "--skip-errors."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--plantel", required=True, metavar="CLAVE", help="its CCT")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument(
            "--skip-errors",
            action="store_true",
            help="import the correct rows, leave out the others",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        plantel = self._plantel(options["plantel"])
        today = timezone.localdate(timezone.now(), plantel.zone)
        cycle = cycle_on(today)
        if cycle is None:
            raise CommandError(NoCycle.sentence)
        table = self._table(options["file"])
        matching = self._matching(table)
        checked = check_rows(table.lines, table.rows, matching, today=today)
        found = self._preview(checked, plantel, cycle)
        bad = count_bad(found)
        if options["dry_run"] or (bad and not options["skip_errors"]):
            if bad:
                raise CommandError(NOTHING_IMPORTED.format(bad), returncode=1)
            return
        folio, imported = self._import(
            plantel, cycle, checked, found, skip_errors=options["skip_errors"]
        )
        self.stdout.write(
            f"Folio {folio}: {len(imported.created):,} nuevos, {imported.changed:,} cambiados, "
            f"{imported.same:,} iguales"
        )

    def _plantel(self, clave: str) -> Plantel:
        plantel = Plantel.objects.filter(clave=clave, is_active=True).first()
        if plantel is None:
            raise CommandError(f"No hay ningún plantel activo con la clave {clave}")
        return plantel

    def _table(self, path: Path) -> Table:
        if not path.is_file():
            raise CommandError(f"No existe el archivo {path}")
        try:
            result = run_child(JOB, path, limits=LIMITS, arguments={"max_rows": COMMAND_ROWS})
        except NoSlot as error:
            raise CommandError("Otros archivos se están leyendo; intentar en un minuto") from error
        if result.refused is not None:
            raise CommandError(result.refused.sentence(table=True))
        if not result.is_done:
            raise CommandError(f"El archivo no se pudo leer ({result.end})")
        return Table.from_json(result.value)

    def _matching(self, table: Table) -> dict[str, int]:
        columns = guess_columns(table.headers, table.rows)
        matching = {column.field: column.index for column in columns if column.field}
        missing = [FIELDS[key].label for key in REQUIRED if key not in matching]
        if missing:
            raise CommandError(f"No encontramos la columna de: {', '.join(missing)}")
        return matching

    def _preview(self, checked: Checked, plantel: Plantel, cycle: SchoolCycle) -> list[Finding]:
        """Print the counts and every finding, and return the findings."""
        plan = plan_import(plantel, cycle, checked.rows)
        findings = [*checked.findings, *plan.findings]
        self.stdout.write(
            f"{len(plan.new):,} nuevos · {len(plan.changes):,} cambian · {plan.same:,} iguales · "
            f"{count_bad(findings):,} con error"
        )
        if checked.marked:
            self.stdout.write(
                f"{len(checked.marked):,} vienen como baja: registrarlas en el portal"
            )
        self._tell(findings)
        return findings

    def _import(
        self,
        plantel: Plantel,
        cycle: SchoolCycle,
        checked: Checked,
        told: Sequence[Finding],
        *,
        skip_errors: bool,
    ) -> tuple[str, Imported]:
        """Import, unless others left errors meanwhile that nobody was told of and that are not skipped."""
        now = timezone.now()
        today = timezone.localdate(now, plantel.zone)
        try:
            with transaction.atomic():
                done = import_file(plantel, cycle, checked.rows, now=now, today=today)
                fresh = [finding for finding in done[1].findings if finding not in told]
                self._tell(fresh)
                if fresh and not skip_errors:
                    raise CommandError(NOTHING_IMPORTED.format(count_bad(fresh)), returncode=1)
        except IntegrityError as error:
            raise CommandError(OTHERS_WERE_FASTER) from error
        return done

    def _tell(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            kind = "Error" if finding.blocks else "Aviso"
            label = FIELDS[finding.field].label
            self.stderr.write(
                f"{kind} · Fila {finding.line} · {label} · {finding.value} · {finding.problem} · {finding.remedy}"
            )
