"""The states and choices of a student's stay, data, codes, files and roster imports."""

from django.db.models import TextChoices


class EnrollmentState(TextChoices):
    ACTIVE = "ACTIVE", "inscrito"
    OPTED_OUT = "OPTED_OUT", "renunció al seguro"
    WITHDRAWN = "WITHDRAWN", "baja"
    FINISHED = "FINISHED", "egresado"


ENROLLMENT_MOVES = {
    EnrollmentState.ACTIVE: {
        EnrollmentState.OPTED_OUT,
        EnrollmentState.WITHDRAWN,
        EnrollmentState.FINISHED,
    },
    EnrollmentState.OPTED_OUT: {
        EnrollmentState.ACTIVE,
        EnrollmentState.WITHDRAWN,
        EnrollmentState.FINISHED,
    },
    EnrollmentState.WITHDRAWN: {EnrollmentState.ACTIVE, EnrollmentState.OPTED_OUT},
    EnrollmentState.FINISHED: {EnrollmentState.ACTIVE, EnrollmentState.OPTED_OUT},
}
"""Who renounced leaves like anybody, and a baja that is undone leads back to where it came from."""
OPEN_ENROLLMENT = (EnrollmentState.ACTIVE, EnrollmentState.OPTED_OUT)
CLOSED_ENROLLMENT = (EnrollmentState.WITHDRAWN, EnrollmentState.FINISHED)


class BajaKind(TextChoices):
    """How a stay ended (the guide: baja temporal or definitiva, or the end of the bachillerato)."""

    TEMPORARY = "TEMPORARY", "baja temporal"
    DEFINITIVE = "DEFINITIVE", "baja definitiva"
    FINISHED = "FINISHED", "egreso"
    TRANSFER = "TRANSFER", "traslado a otro plantel"


class PauseReason(TextChoices):
    """Who has the ball while the student's clock stands still; the label is how it is explained."""

    REVIEW = "REVIEW", "lo revisa Control Escolar"
    SUBDELEGACION = "SUBDELEGACION", "el plantel pide el NSS en la Subdelegación"
    RENUNCIA = "RENUNCIA", "hay una renuncia en trámite"
    WITHDRAWN = "WITHDRAWN", "baja del plantel"


class OtherCover(TextChoices):
    """E-05: the right exists only without equal or similar cover (LSS; the guide)."""

    NONE = "NONE", "No"
    IMSS_FAMILY = "IMSS_FAMILY", "Sí, IMSS por mi mamá, papá o tutor"
    IMSS_WORK = "IMSS_WORK", "Sí, IMSS por mi trabajo"
    OTHER = "OTHER", "Sí, otra institución (ISSSTE, Pemex, Sedena, Marina u otra)"
    UNKNOWN = "UNKNOWN", "No sé"


class DeclarationKind(TextChoices):
    AVISO = "AVISO", "aviso de privacidad"
    MANIFESTACION = "MANIFESTACION", "manifestación bajo protesta de decir verdad"


class CodeChannel(TextChoices):
    """How a secret reaches the student; one live code per channel."""

    SLIP = "SLIP", "hoja impresa"
    MAIL = "MAIL", "correo"
    SIGN_IN = "SIGN_IN", "código de 6 números"


class FileKind(TextChoices):
    PDF = "PDF", "PDF"
    JPEG = "JPEG", "foto JPG"
    PNG = "PNG", "imagen PNG"
    HEIC = "HEIC", "foto HEIC"
    XLSX = "XLSX", "hoja de cálculo"
    CSV = "CSV", "lista CSV"


class FileState(TextChoices):
    """QUARANTINED until its safe derivative exists."""

    QUARANTINED = "QUARANTINED", "en revisión técnica"
    READY = "READY", "listo"
    REFUSED = "REFUSED", "no aceptado"


FILE_MOVES = {
    FileState.QUARANTINED: {FileState.READY, FileState.REFUSED},
    FileState.READY: set(),
    FileState.REFUSED: set(),
}


class ImportState(TextChoices):
    UPLOADED = "UPLOADED", "leyendo el archivo"
    READ = "READ", "falta emparejar las columnas"
    MATCHED = "MATCHED", "revisando las filas"
    CHECKED = "CHECKED", "lista para importar"
    CONFIRMED = "CONFIRMED", "importando"
    IMPORTED = "IMPORTED", "importada"
    FAILED = "FAILED", "no se pudo importar"
    CANCELLED = "CANCELLED", "cancelada"
    UNDONE = "UNDONE", "deshecha"


IMPORT_MOVES = {
    ImportState.UPLOADED: {ImportState.READ, ImportState.FAILED, ImportState.CANCELLED},
    ImportState.READ: {ImportState.MATCHED, ImportState.CANCELLED},
    ImportState.MATCHED: {ImportState.CHECKED, ImportState.FAILED, ImportState.CANCELLED},
    ImportState.CHECKED: {ImportState.MATCHED, ImportState.CONFIRMED, ImportState.CANCELLED},
    ImportState.CONFIRMED: {ImportState.IMPORTED, ImportState.FAILED},
    ImportState.IMPORTED: {ImportState.UNDONE},
    ImportState.FAILED: set(),
    ImportState.CANCELLED: set(),
    ImportState.UNDONE: set(),
}


class MissingDecision(TextChoices):
    """What is said of a student whom the list does not name or marks as a baja: enrolled, or how the stay ended."""

    KEEP = "KEEP", "Sigue inscrito"
    TEMPORARY = BajaKind.TEMPORARY.value, "Baja temporal"
    DEFINITIVE = BajaKind.DEFINITIVE.value, "Baja definitiva"
    FINISHED = BajaKind.FINISHED.value, "Egreso"


class Event(TextChoices):
    """What can stand in a student's timeline: one event per verb of a person."""

    ENROLLED = "ENROLLED", "Quedó inscrito en la lista del plantel"
    ROSTER_CHANGED = "ROSTER_CHANGED", "La lista del plantel cambió sus datos"
    ROSTER_UNDONE = "ROSTER_UNDONE", "Se deshizo el cambio de la lista"
    STILL_ENROLLED = "STILL_ENROLLED", "El plantel dijo que sigue inscrito"
    WITHDRAWN = "WITHDRAWN", "El plantel lo dio de baja"
    REINSTATED = "REINSTATED", "El plantel deshizo la baja"
    CODE_ISSUED = "CODE_ISSUED", "Se generó un código de activación"
    SIGNED_IN_FIRST = "SIGNED_IN_FIRST", "Entró por primera vez"
    EMAIL_CONFIRMED = "EMAIL_CONFIRMED", "Confirmó su correo"
    DATA_CONFIRMED = "DATA_CONFIRMED", "Confirmó sus datos"
    DATA_CORRECTED = "DATA_CORRECTED", "Cambió sus datos"
    CONTACT_CORRECTED = "CONTACT_CORRECTED", "Control Escolar corrigió su correo o celular"
    ADDRESS_CORRECTED = "ADDRESS_CORRECTED", "Control Escolar corrigió su domicilio"
    CURP_CORRECTED = "CURP_CORRECTED", "Control Escolar corrigió su CURP"
    ACUSE_UPLOADED = "ACUSE_UPLOADED", "Subió un archivo"
    ACUSE_SENT = "ACUSE_SENT", "Envió su acuse"
    DRAFT_TAKEN = "DRAFT_TAKEN", "Control Escolar envió a revisión el archivo sin confirmar"
    ACUSE_REFUSED = "ACUSE_REFUSED", "El archivo no se pudo abrir"
    NSS_TYPED = "NSS_TYPED", "Escribió su NSS"
    ACUSE_ACCEPTED = "ACUSE_ACCEPTED", "Control Escolar aceptó el acuse"
    ACUSE_RETURNED = "ACUSE_RETURNED", "Control Escolar pidió un cambio"
    REVIEW_UNDONE = "REVIEW_UNDONE", "Control Escolar deshizo la revisión"
    NSS_CORRECTED = "NSS_CORRECTED", "Control Escolar corrigió el NSS leído"
    NSS_REGISTERED = "NSS_REGISTERED", "Control Escolar registró el NSS"
    DEADLINE_EXTENDED = "DEADLINE_EXTENDED", "Control Escolar dio una prórroga"
    OVERDUE_NOTIFIED = "OVERDUE_NOTIFIED", "Control Escolar avisó que el plazo venció"
    WHATSAPP_OPENED = "WHATSAPP_OPENED", "Se abrió WhatsApp para escribirle"
    CITATORIO_ISSUED = "CITATORIO_ISSUED", "Control Escolar imprimió un citatorio"
    REPORT_SENT = "REPORT_SENT", "Reportó un problema"
    REPORT_HANDLED = "REPORT_HANDLED", "Control Escolar atendió el reporte"
    CASE_CLASSIFIED = "CASE_CLASSIFIED", "Control Escolar revisó el caso de Subdelegación"
    OFICIO_ISSUED = "OFICIO_ISSUED", "Control Escolar lo puso en un oficio a la Subdelegación"
    OFICIO_WITHDRAWN = "OFICIO_WITHDRAWN", "Control Escolar lo quitó del oficio"
    OFICIO_DELIVERED = "OFICIO_DELIVERED", "Control Escolar entregó el oficio en la Subdelegación"
    DOCUMENT_ASKED = "DOCUMENT_ASKED", "La Subdelegación pidió un documento"
    ANSWER_UNDONE = "ANSWER_UNDONE", "Control Escolar deshizo la respuesta de la Subdelegación"
    RENUNCIA_ISSUED = "RENUNCIA_ISSUED", "Se expidió la renuncia para firmar"
    RENUNCIA_RECEIVED = "RENUNCIA_RECEIVED", "Control Escolar recibió la renuncia firmada"
    RENUNCIA_SCANNED = "RENUNCIA_SCANNED", "Control Escolar archivó la hoja firmada de la renuncia"
    RENUNCIA_ACCEPTED = "RENUNCIA_ACCEPTED", "Control Escolar registró la renuncia"
    RENUNCIA_UNDONE = "RENUNCIA_UNDONE", "Control Escolar deshizo un paso de la renuncia"
    RENUNCIA_WITHDRAWN = "RENUNCIA_WITHDRAWN", "Cambió de opinión y retiró su renuncia"
    RENUNCIA_VOIDED = "RENUNCIA_VOIDED", "Control Escolar anuló la renuncia"
    RENUNCIA_REVOKED = "RENUNCIA_REVOKED", "Control Escolar canceló la renuncia registrada"
    OPTED_OUT = "OPTED_OUT", "Quedó fuera del seguro de estudiante"
    OPTED_IN = "OPTED_IN", "Volvió a su trámite del seguro"
    FINISHED = "FINISHED", "Concluyó su bachillerato"
    TRANSFERRED = "TRANSFERRED", "Se cambió a otro plantel"
    BATCH_MADE = "BATCH_MADE", "Control Escolar lo puso en un lote para el IMSS"
    BATCH_DISCARDED = "BATCH_DISCARDED", "Control Escolar descartó el lote"
    BATCH_SENT = "BATCH_SENT", "El plantel mandó el lote al IMSS"
    SENDING_UNDONE = "SENDING_UNDONE", "Control Escolar deshizo el envío del lote"
    MOVEMENT_APPLIED = "MOVEMENT_APPLIED", "El IMSS aplicó el movimiento"
    MOVEMENT_REJECTED = "MOVEMENT_REJECTED", "El IMSS rechazó el movimiento"
    MOVEMENT_CORRECTED = "MOVEMENT_CORRECTED", "Control Escolar corrigió lo que el IMSS rechazó"
    IMSS_ANSWER_UNDONE = "IMSS_ANSWER_UNDONE", "Control Escolar deshizo la respuesta del IMSS"
    ALTA_ORDERED = "ALTA_ORDERED", "Control Escolar pidió repetir su alta"
    CLINIC_OPENED = "CLINIC_OPENED", "El plantel abrió el paso de clínica"
    CLINIC_MOVED = "CLINIC_MOVED", "El plantel cambió la fecha del paso de clínica"
    CLINIC_WITHDRAWN = "CLINIC_WITHDRAWN", "El plantel quitó la fecha del paso de clínica"
    CLINIC_REGISTERED = "CLINIC_REGISTERED", "Registró su clínica"
    CLINIC_UNDONE = "CLINIC_UNDONE", "Control Escolar quitó el registro de la clínica"
    VIGENCIA_REPORTED = "VIGENCIA_REPORTED", "Dijo qué salió en su consulta de vigencia"
    CONSTANCIA_ATTACHED = "CONSTANCIA_ATTACHED", "Subió su constancia de vigencia"
    VIGENCIA_REPAIRED = "VIGENCIA_REPAIRED", "El plantel corrigió su afiliación"
    VIGENCIA_REOPENED = "VIGENCIA_REOPENED", "La afiliación está otra vez por corregir"
    VIGENCIA_ASKED = "VIGENCIA_ASKED", "El plantel pidió revisar otra vez la vigencia"


class Look(TextChoices):
    """What somebody looked at."""

    FULL_NSS = "FULL_NSS", "NSS completo"
    DOCUMENT = "DOCUMENT", "documento"
    ORIGINAL = "ORIGINAL", "archivo original"
    STUDENT_FILE = "STUDENT_FILE", "ficha de otro plantel"
    NSS_SEARCH = "NSS_SEARCH", "búsqueda por NSS"
    OFICIO_LIST = "OFICIO_LIST", "lista de un oficio a la Subdelegación"
    BATCH_FILE = "BATCH_FILE", "archivo de un lote al IMSS"
