"""The person, and the person's stay in a plantel."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Right, Upper

from common.tokens import public_id
from school.models import Plantel, SchoolCycle, User
from students.identity.names import list_name
from students.states import OPEN_ENROLLMENT, EnrollmentState


class Student(models.Model):
    """One person, once: the CURP says who, the NSS is his for life."""

    user = models.OneToOneField(
        User, verbose_name="usuario", on_delete=models.PROTECT, related_name="student"
    )
    # `unique=True` would make a second index for LIKE each: the CURP's own serves both, nobody asks it of an NSS.
    curp = models.CharField("CURP", max_length=18, null=True, blank=True)
    nss = models.CharField("NSS", max_length=11, null=True, blank=True)
    given_names = models.CharField("nombre(s)", max_length=80)
    first_surname = models.CharField("primer apellido", max_length=60)
    second_surname = models.CharField("segundo apellido", max_length=60, blank=True)
    search_name = models.CharField("nombre para buscar", max_length=220, editable=False)

    class Meta:
        verbose_name = "estudiante"
        verbose_name_plural = "estudiantes"
        constraints = [
            models.UniqueConstraint(
                fields=["curp"],
                opclasses=["varchar_pattern_ops"],
                name="students_student_curp_once",
            ),
            models.UniqueConstraint(fields=["nss"], name="students_student_nss_once"),
            models.CheckConstraint(
                condition=Q(nss__isnull=True) | Q(nss__regex=r"^[0-9]{11}$"),
                name="students_student_nss_null_or_11_digits",
            ),
            models.CheckConstraint(
                condition=Q(curp__isnull=True) | Q(curp__regex=r"^[A-Z0-9]{18}$"),
                name="students_student_curp_null_or_18",
            ),
        ]
        indexes = [
            GinIndex(
                fields=["search_name"], opclasses=["gin_trgm_ops"], name="students_student_words"
            ),
            models.Index(Right("nss", 4), name="students_student_nss_end"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Given names first: how the person is greeted."""
        return " ".join(filter(None, [self.given_names, self.first_surname, self.second_surname]))

    @property
    def list_name(self) -> str:
        """Surnames first: how lists are ordered."""
        return list_name(self.first_surname, self.second_surname, self.given_names)

    @property
    def first_name(self) -> str:
        return self.given_names.split(" ")[0]


class Enrollment(models.Model):
    """One continuous stay in a plantel; the roster of the next ciclo updates it.

    `acuse_due_on` caches students.deadlines.due, `told_due_on` the latest date told to the student: a date
    once told is never shortened. `sent_to_imss_at` is set while the data stand in a batch for IMSS or were applied by
    it: then the student's own page changes them no more, and no acceptance is undone.
    """

    # `unique=True` would make a second index for LIKE, which nobody asks here (see notices.models).
    public_id = models.CharField(max_length=22, default=public_id, editable=False)
    student = models.ForeignKey(
        Student, verbose_name="estudiante", on_delete=models.PROTECT, related_name="enrollments"
    )
    plantel = models.ForeignKey(
        Plantel,
        verbose_name="plantel",
        on_delete=models.PROTECT,
        related_name="enrollments",
        db_index=False,  # students_enrollment_group begins with it
    )
    cycle = models.ForeignKey(
        SchoolCycle,
        verbose_name="ciclo",
        on_delete=models.PROTECT,
        related_name="enrollments",
        db_index=False,  # a whole plantel has the same
    )
    matricula = models.CharField("matrícula", max_length=20)
    group = models.CharField("grupo", max_length=12, blank=True)
    shift = models.CharField("turno", max_length=20, blank=True)
    semester = models.CharField("semestre", max_length=4, blank=True)
    state = models.CharField(
        "situación",
        max_length=10,
        choices=EnrollmentState.choices,
        default=EnrollmentState.ACTIVE,
    )
    enrolled_on = models.DateField("inscrito el")
    roster_email = models.EmailField("correo de la inscripción", blank=True)
    roster_phone = models.CharField("celular de la inscripción", max_length=10, blank=True)
    declared_nss = models.CharField("NSS declarado", max_length=11, null=True, blank=True)
    acuse_due_on = models.DateField("acuse a más tardar", null=True, blank=True)
    told_due_on = models.DateField("fecha avisada", null=True, blank=True)
    first_signed_in_at = models.DateTimeField("entró por primera vez", null=True, blank=True)
    sent_to_imss_at = models.DateTimeField("sus datos van en un lote desde", null=True, blank=True)
    created_at = models.DateTimeField("creado")

    class Meta:
        verbose_name = "inscripción"
        verbose_name_plural = "inscripciones"
        constraints = [
            models.UniqueConstraint(
                fields=["public_id"], name="students_enrollment_public_id_once"
            ),
            models.UniqueConstraint(
                fields=["student"],
                condition=Q(state__in=OPEN_ENROLLMENT),
                name="students_enrollment_one_open_stay",
            ),
            models.UniqueConstraint(
                fields=["matricula"],
                condition=Q(state__in=OPEN_ENROLLMENT),
                name="students_enrollment_matricula_once_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["plantel", "acuse_due_on"],
                condition=Q(state=EnrollmentState.ACTIVE),
                name="students_enrollment_due",
            ),
            models.Index(fields=["plantel", "group"], name="students_enrollment_group"),
            models.Index(
                fields=["matricula"],
                opclasses=["varchar_pattern_ops"],
                name="students_enrollment_matricula",
            ),
            models.Index(Upper("roster_email"), name="students_enrollment_email"),
            models.Index(
                fields=["roster_phone"],
                condition=~Q(roster_phone=""),
                name="students_enrollment_phone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matricula} {self.get_state_display()}"
