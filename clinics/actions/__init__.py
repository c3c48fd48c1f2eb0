from clinics.actions.constancias import attach_constancia, read_constancia
from clinics.actions.registrations import (
    open_clinics,
    register_clinic,
    register_clinic_for_student,
    undo_registration,
)
from clinics.actions.vigencias import report_vigencia

__all__ = [
    "attach_constancia",
    "open_clinics",
    "read_constancia",
    "register_clinic",
    "register_clinic_for_student",
    "report_vigencia",
    "undo_registration",
]
