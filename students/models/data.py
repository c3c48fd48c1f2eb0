"""What the student typed, and what the student declared."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from school.models import TextVersion
from students.models.person import Enrollment
from students.states import DeclarationKind, OtherCover


class StudentData(models.Model):
    """Contact, address and other cover; a draft kept at each step until `confirmed_at`."""

    enrollment = models.OneToOneField(Enrollment, on_delete=models.PROTECT, related_name="data")
    is_person_confirmed = models.BooleanField("dijo «sí, son míos»", default=False)
    email = models.EmailField("correo electrónico", blank=True)
    email_confirmed_at = models.DateTimeField("correo confirmado", null=True, blank=True)
    phone = models.CharField("celular", max_length=10, blank=True)
    accepts_whatsapp = models.BooleanField("pueden escribirle por WhatsApp", default=False)
    guardian_contact = models.CharField(
        "correo o celular de mamá, papá o tutor", max_length=254, blank=True
    )
    postal_code = models.CharField("código postal", max_length=5, blank=True)
    colonia = models.CharField("colonia", max_length=120, blank=True)
    municipio = models.CharField("municipio", max_length=120, blank=True)
    estado = models.CharField("estado", max_length=60, blank=True)
    street = models.CharField("calle", max_length=120, blank=True)
    exterior_number = models.CharField("número exterior", max_length=20, blank=True)
    interior_number = models.CharField("número interior", max_length=20, blank=True)
    address_notes = models.CharField("referencias", max_length=200, blank=True)
    other_cover = models.CharField(
        "otro servicio médico", max_length=12, choices=OtherCover.choices, blank=True
    )
    confirmed_at = models.DateTimeField("confirmó sus datos", null=True, blank=True)
    updated_at = models.DateTimeField("última modificación")

    class Meta:
        verbose_name = "datos del estudiante"
        verbose_name_plural = "datos de los estudiantes"
        indexes = [
            models.Index(Upper("email"), name="students_studentdata_email"),
            models.Index(
                fields=["phone"], condition=~Q(phone=""), name="students_studentdata_phone"
            ),
        ]

    def __str__(self) -> str:
        return f"datos de la inscripción {self.enrollment_id}"


class Declaration(models.Model):
    """What was declared, when, and on which text (Reglas of the IMSS Consejo Técnico; LGPDPPSO 20–22)."""

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="declarations"
    )
    kind = models.CharField("declaración", max_length=14, choices=DeclarationKind.choices)
    text = models.ForeignKey(TextVersion, verbose_name="texto", on_delete=models.PROTECT)
    statement = models.TextField("lo declarado", blank=True)
    at = models.DateTimeField("cuándo")

    class Meta:
        verbose_name = "declaración"
        verbose_name_plural = "declaraciones"
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
