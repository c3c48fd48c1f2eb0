from clinics.actions.constancias import attach_constancia, read_constancia
from clinics.actions.openings import move_openings, withdraw_openings
from clinics.actions.registrations import (
    open_clinics,
    register_clinic,
    register_clinic_for_student,
    undo_registration,
)
from clinics.actions.umfs import delete_umf, import_umfs, save_umf
from clinics.actions.vigencias import (
    ask_vigencia,
    close_repaired,
    reopen_vigencia,
    repair_vigencia,
    report_vigencia,
)

__all__ = [
    "ask_vigencia",
    "attach_constancia",
    "close_repaired",
    "delete_umf",
    "import_umfs",
    "move_openings",
    "open_clinics",
    "read_constancia",
    "register_clinic",
    "register_clinic_for_student",
    "reopen_vigencia",
    "repair_vigencia",
    "report_vigencia",
    "save_umf",
    "undo_registration",
    "withdraw_openings",
]
