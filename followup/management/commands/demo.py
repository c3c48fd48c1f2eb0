"""`manage.py demo`: a made-up school system to try the portal with."""

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from followup.demo import sign_ins
from followup.demo.guard import (
    Content,
    DemoRefused,
    check_is_loaded,
    check_may_load,
    check_not_production,
    content,
    has_demo,
)
from followup.demo.load import load_demo
from followup.demo.oficios import add_oficios
from followup.demo.papers import add_papers
from followup.demo.plan import DRAWN, FEWEST
from school.models import Plantel

LOADED_BEFORE = "La demostración ya está cargada; no se cambió nada."


class Command(BaseCommand):
    """Load the demo, or say how to enter it."""

    help = "Loads a made-up school system; refused where the database holds anything else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size and the seed, or what to say about the demo that is there."""
        parser.add_argument("--students", type=int, default=1_200, help=f"at least {FEWEST}")
        parser.add_argument("--seed", type=int, default=5, help="same seed, same demo")
        parser.add_argument("--today", type=date.fromisoformat, help="as if today were YYYY-MM-DD")
        parser.add_argument("--if-empty", action="store_true", help="else do nothing, say nothing")
        parser.add_argument("--code", metavar="ROLE", help="print the current code of a role")
        parser.add_argument("--sign-ins", action="store_true", help="print how to enter")

    def handle(self, *_args: object, **options: Any) -> None:
        """Do what was asked; a refusal ends with its sentence and status 1."""
        try:
            if options["code"]:
                self._say_code(options["code"])
            elif options["sign_ins"]:
                self._say_sign_ins()
            else:
                self._load(**options)
        except DemoRefused as refused:
            raise CommandError(refused.sentence) from None

    def _load(self, *, students: int, seed: int, if_empty: bool, **options: Any) -> None:
        check_not_production()
        if if_empty and content() is not Content.NOTHING:
            return
        check_may_load()
        if content() is Content.DEMO:
            self.stdout.write(LOADED_BEFORE)
            return
        if students < FEWEST:
            raise CommandError(f"Una demostración necesita al menos {FEWEST} estudiantes.")
        span = "alrededor de un minuto" if students <= DRAWN else "varios minutos"
        self.stdout.write(f"Cargando la demostración: tarda {span}…")
        started = time.monotonic()
        today = options["today"] or timezone.localdate()
        loaded = load_demo(students=students, seed=seed, today=today)
        planteles = list(Plantel.objects.order_by("number"))
        add_oficios(planteles, today=today)
        add_papers(planteles, today=today)
        self.stdout.write(
            f"{loaded.students} estudiantes y {loaded.acuses} acuses en "
            f"{time.monotonic() - started:.0f} segundos; "
            f"{loaded.drawn} archivos dibujados, {loaded.photos} como foto."
        )
        if loaded.shared:
            self.stdout.write(
                f"Otros {loaded.shared} acuses comparten archivos de muestra de una persona "
                "inventada: al abrirlos no se ven los datos de su estudiante."
            )

    def _say_code(self, who: str) -> None:
        check_is_loaded()
        self.stdout.write(sign_ins.current_code(sign_ins.staff_member(who)))

    def _say_sign_ins(self) -> None:
        if content() is Content.OTHER and not has_demo():
            return  # script/server asks at each start, of a real school system too
        check_is_loaded()
        for line in sign_ins.lines(now=timezone.now()):
            self.stdout.write(line)
