"""Where students are enrolled, and the IMSS office that serves the place."""

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from school.states import PlantelKind

check_number = RegexValidator(
    r"^[A-Z0-9]{1,4}\Z",
    "Escribir de 1 a 4 números o letras mayúsculas, sin acentos ni signos: va en los folios",
)
check_registro_patronal = RegexValidator(
    r"^[A-Z0-9]{11}\Z", "Escribir los 11 números y letras mayúsculas, sin guiones"
)


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless the name is in the time-zone database."""
    if name not in available_timezones():
        raise ValidationError(
            "Elegir una zona horaria de la lista, por ejemplo America/Mexico_City"
        )


class Subdelegacion(models.Model):
    """The IMSS office where the responsable asks for an NSS that could not be had online."""

    name = models.CharField("nombre", max_length=120, unique=True)
    address = models.CharField("domicilio", max_length=250, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "subdelegación"
        verbose_name_plural = "subdelegaciones"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Plantel(models.Model):
    """A school, or a Centro de Educación Abierta, with its own calendar, clock and people."""

    clave = models.CharField("clave (CCT)", max_length=10, unique=True)
    number = models.CharField("número", max_length=4, unique=True, validators=[check_number])
    name = models.CharField("nombre", max_length=120)
    kind = models.CharField(
        "tipo", max_length=10, choices=PlantelKind.choices, default=PlantelKind.PLANTEL
    )
    address = models.CharField("domicilio", max_length=250, blank=True)
    room = models.CharField("lugar de atención", max_length=120, blank=True)
    hours = models.CharField("horario de atención", max_length=60, blank=True)
    email = models.EmailField("correo de contacto", blank=True)
    direction_email = models.EmailField("correo de dirección", blank=True)
    whatsapp = models.CharField("WhatsApp (10 dígitos)", max_length=10, blank=True)
    time_zone = models.CharField(
        "zona horaria",
        max_length=40,
        default="America/Mexico_City",
        validators=[check_time_zone],
    )
    subdelegacion = models.ForeignKey(
        Subdelegacion,
        verbose_name="subdelegación",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    registro_patronal = models.CharField(
        "registro patronal", max_length=11, blank=True, validators=[check_registro_patronal]
    )
    is_active = models.BooleanField("activo", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "plantel"
        verbose_name_plural = "planteles"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.get_kind_display().split()[0].capitalize()} {self.number} {self.name}"

    @property
    def zone(self) -> ZoneInfo:
        """The plantel's own clock."""
        return ZoneInfo(self.time_zone)
