"""E-18 «Descargar mis datos»: all that the portal keeps about one student, for the student alone (LGPDPPSO 51)."""

from typing import Any

from django.db.models import Q

from affiliation.models import Movement
from clinics.models import UMFRegistration, VigenciaCheck
from clinics.queries.constancias import constancia_read
from clinics.queries.insured import registration_of
from followup.models import StudentReport
from followup.queries.student_file import acuses_of, notices_about, route_of
from notices.models import Notice
from nss.models import Acuse
from nss.queries.reasons import reason_words
from renuncias.models import Renuncia
from renuncias.queries.answers import answers_of
from renuncias.queries.own import lines_of
from students.models import Baja, Enrollment, StoredFile
from students.queries.data import own_copy

_ROW = dict[str, Any]


def whole_copy(enrollment: Enrollment) -> _ROW:
    """Return the stay with everything about it, and the person's earlier stays in the same way."""
    before = Enrollment.objects.filter(student=enrollment.student_id).exclude(pk=enrollment.pk)
    known = before.select_related("student", "plantel", "cycle", "data")
    earlier = [_stay(one) for one in known.order_by("-enrolled_on", "-pk")]
    return _stay(enrollment) | {"inscripciones_anteriores": earlier}


def _stay(enrollment: Enrollment) -> _ROW:
    """What own_copy knows, and what came later on the way; secrets are blanked in the mails already."""
    acuses = acuses_of(enrollment).order_by("version")
    reports = StudentReport.objects.filter(enrollment=enrollment).order_by("created_at", "pk")
    renuncias = Renuncia.objects.filter(enrollment=enrollment).order_by("issued_at", "pk")
    notices = notices_about(enrollment).order_by("created_at", "pk")
    movements = enrollment.movements.select_related("batch").order_by("pk")
    own = Q(enrollment=enrollment) | Q(renuncia__enrollment=enrollment)
    files = StoredFile.objects.filter(own).order_by("uploaded_at", "pk")
    return own_copy(enrollment) | {
        "situacion": enrollment.get_state_display(),
        "como_se_probo_el_nss": route_of(enrollment),
        "acuse_a_mas_tardar": enrollment.acuse_due_on,
        "acuses": [_acuse(one, str(enrollment.student)) for one in acuses],
        "reportes": [_report(one) for one in reports],
        "renuncias": [_renuncia(one) for one in renuncias],
        "bajas": [_baja(one) for one in enrollment.bajas.order_by("at", "pk")],
        "envios_al_imss": [_movement(one) for one in movements],
        "clinica": _clinic(registration_of(enrollment)),
        "vigencias": [
            _check(one) for one in enrollment.vigencia_checks.order_by("reported_at", "pk")
        ],
        "avisos": [_notice(one) for one in notices],
        "archivos": [_file(one) for one in files],
    }


def _acuse(acuse: Acuse, student: str) -> _ROW:
    words = reason_words(acuse.return_reason, acuse.return_note) if acuse.return_reason else None
    return {
        "version": acuse.version,
        "estado": acuse.get_state_display(),
        "folio": acuse.folio,
        "archivo": acuse.file.original_name,
        "subido": acuse.created_at,
        "subido_por": acuse.created_by.name or student,
        "enviado": acuse.sent_at,
        "nss_escrito": acuse.typed_nss,
        "revisado": acuse.reviewed_at,
        "revisado_por": str(acuse.reviewed_by) if acuse.reviewed_by else None,
        "motivo": words.reason if words else None,
        "nss_aceptado": acuse.nss,
    }


def _report(report: StudentReport) -> _ROW:
    return {
        "folio": report.folio,
        "que": report.get_kind_display(),
        "sobre": report.subject,
        "explicacion": report.text,
        "paso_el": report.happened_on,
        "cuando": report.created_at,
        "atendido": report.handled_at,
        "respuesta": report.answer,
    }


def _renuncia(renuncia: Renuncia) -> _ROW:
    return {
        "folio": renuncia.printed["folio"],
        "estado": renuncia.get_state_display(),
        "respuestas": {line.label: line.value for line in lines_of(answers_of(renuncia))},
        "expedida": renuncia.issued_at,
        "recibida_firmada": renuncia.signed_at,
        "registrada": renuncia.accepted_at,
        "terminada": renuncia.ended_at,
        "por_que_termino": renuncia.end_reason,
    }


def _baja(baja: Baja) -> _ROW:
    return {
        "que": baja.get_kind_display(),
        "desde_el": baja.on_date,
        "nota": baja.note,
        "registrada": baja.at,
        "deshecha": baja.ended_at,
    }


def _movement(movement: Movement) -> _ROW:
    return {
        "que": movement.get_kind_display(),
        "lote": movement.batch.folio,
        "referencia": movement.reference,
        "fecha_del_movimiento": movement.effective_on,
        "enviado": movement.batch.sent_at,
        "estado": movement.get_state_display(),
        "respondido": movement.answered_at,
        "motivo": movement.rejection,
    }


def _clinic(registration: UMFRegistration | None) -> _ROW:
    if registration is None:
        return {}
    return {
        "estado": registration.get_state_display(),
        "se_abrio_para_el": registration.opens_on,
        "umf": str(registration.umf) if registration.umf else None,
        "turno": registration.get_turno_display(),
        "consultorio": registration.consultorio,
        "registrada": registration.registered_at,
    }


def _check(check: VigenciaCheck) -> _ROW:
    return {
        "resultado": check.get_result_display(),
        "sabe_por_quien": check.is_sure,
        "cuando": check.reported_at,
        "corregida": check.repaired_at,
        "leido_en_la_constancia": _constancia(check),
    }


def _constancia(check: VigenciaCheck) -> _ROW | None:
    read = constancia_read(check)
    if read is None:
        return None
    return {
        "servicio_medico": read.right,
        "umf": read.umf,
        "emitida_el": read.issued_on,
        "curp_de_otra_persona": read.is_of_another,
    }


def _notice(notice: Notice) -> _ROW:
    return {
        "asunto": notice.subject,
        "correo": notice.to_email,
        "estado": notice.get_state_display(),
        "enviado": notice.sent_at,
        "texto": notice.body,
    }


def _file(file: StoredFile) -> _ROW:
    return {
        "nombre": file.original_name,
        "tipo": file.get_kind_display(),
        "bytes": file.size,
        "sha256": file.sha256,
        "subido": file.uploaded_at,
        "estado": file.get_state_display(),
    }
