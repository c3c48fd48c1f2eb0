"""Who has a UMF, and whose right to service is vigente."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from affiliation.models import Movement
from clinics.states import RegistrationState, Turno, VigenciaResult
from common.constraints import both_or_none
from school.models import Plantel, User
from students.models import Enrollment, StoredFile

HIGHEST_UMF = 999
"""A UMF has at most three digits (movement file, positions 127–129)."""


class UMF(models.Model):
    """A clinic as a plantel knows it: no public catalogue exists, so use and imports fill it."""

    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="umfs", db_index=False
    )
    number = models.PositiveSmallIntegerField(
        "número", validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_UMF)]
    )
    name = models.CharField("nombre", max_length=120, blank=True)
    address = models.CharField("domicilio", max_length=250, blank=True)

    class Meta:
        verbose_name = "UMF"
        verbose_name_plural = "UMF"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plantel", "number"], name="clinics_umf_number_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=HIGHEST_UMF),
                name="clinics_umf_three_digits",
            ),
        ]

    def __str__(self) -> str:
        return f"UMF {self.number}"


class UMFRegistration(models.Model):
    """The clinic step of a stay, from the day on which the plantel opens it to the registered clinic.

    `opens_on` may lie ahead: until then the student is not asked. `plantel` is the stay's, which never changes.
    """

    enrollment = models.OneToOneField(
        Enrollment, on_delete=models.PROTECT, related_name="umf_registration"
    )
    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="umf_registrations", db_index=False
    )
    state = models.CharField(
        "estado",
        max_length=10,
        choices=RegistrationState.choices,
        default=RegistrationState.INVITED,
    )
    opens_on = models.DateField("se abre el")
    opened_at = models.DateTimeField("abierto")
    opened_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    umf = models.ForeignKey(
        UMF, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations"
    )
    turno = models.CharField("turno", max_length=9, choices=Turno.choices, blank=True)
    consultorio = models.CharField("consultorio", max_length=10, blank=True)
    carnet = models.OneToOneField(
        StoredFile,
        verbose_name="foto del carnet",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="umf_registration",
    )
    registered_at = models.DateTimeField("registrado", null=True, blank=True)
    registered_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "registro en clínica"
        verbose_name_plural = "registros en clínica"
        constraints = [
            models.CheckConstraint(
                condition=both_or_none("registered_at", "registered_by"),
                name="clinics_umfregistration_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=RegistrationState.INVITED)
                | Q(registered_at__isnull=False, umf__isnull=False),
                name="clinics_umfregistration_has_clinic",
            ),
        ]
        indexes = [models.Index(fields=["plantel", "state"], name="clinics_umfregistration_to_do")]

    def __str__(self) -> str:
        return self.get_state_display()


class VigenciaCheck(models.Model):
    """What the student read at IMSS on a day; the newest that counts is `is_current`.

    A check counts no more once another is reported, once staff repaired what a NO named, or once the plantel asks
    everybody again. `repaired_with` is the alta that was sent again for a NO and closed it once IMSS had applied it.
    `is_sure` is False for a SÍ of which the student does not know by whose cover it is. `reading` is
    what the machine read in the constancia (clinics.constancia): a help, never a verdict; no CURP, no NSS.
    """

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="vigencia_checks"
    )
    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="vigencia_checks", db_index=False
    )
    result = models.CharField("resultado", max_length=13, choices=VigenciaResult.choices)
    is_sure = models.BooleanField("sabe por quién", default=True)
    is_current = models.BooleanField("es la que cuenta", default=True)
    reported_at = models.DateTimeField("reportada")
    reported_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    constancia = models.OneToOneField(
        StoredFile,
        verbose_name="constancia",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="vigencia_check",
    )
    reading = models.JSONField("lo leído", null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    repaired_at = models.DateTimeField("corregida", null=True, blank=True)
    repaired_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    repaired_with = models.ForeignKey(
        Movement,
        verbose_name="con el alta",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repaired_checks",
    )

    class Meta:
        verbose_name = "consulta de vigencia"
        verbose_name_plural = "consultas de vigencia"
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(is_current=True),
                name="clinics_vigenciacheck_one_counts",
            ),
            models.CheckConstraint(
                condition=both_or_none("repaired_at", "repaired_by"),
                name="clinics_vigenciacheck_repaired_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["plantel", "result"],
                condition=Q(is_current=True),
                name="clinics_vigenciacheck_to_do",
            )
        ]

    def __str__(self) -> str:
        return self.get_result_display()


class VigenciaCampaign(models.Model):
    """The plantel asks its insured students, all or one group, to look again: once a semester."""

    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="vigencia_campaigns"
    )
    group = models.CharField("grupo", max_length=12, blank=True)
    students = models.PositiveIntegerField("estudiantes")
    asked_at = models.DateTimeField("pedida")
    asked_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "campaña de vigencia"
        verbose_name_plural = "campañas de vigencia"
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"campaña de vigencia {self.asked_at:%Y-%m-%d}"
