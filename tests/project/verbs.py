"""What anybody may try to do about one student, and the lines of history that stand for a move (moves.py)."""

from followup.states import EscalationState
from students.states import Event
from tests.project import insured

MOVES = {
    Event.ACUSE_SENT,
    Event.DRAFT_TAKEN,
    Event.ACUSE_ACCEPTED,
    Event.ACUSE_RETURNED,
    Event.REVIEW_UNDONE,
    Event.NSS_REGISTERED,
}
"""The lines of history that stand for a move of an acuse or of the request; others may stand beside them."""
CASES = {Event.REPORT_SENT, Event.REPORT_HANDLED, Event.ANSWER_UNDONE}
"""The lines that stand for a move of the request alone: an errand that begins or ends with a report."""
ERRANDS = {
    Event.CASE_CLASSIFIED,
    Event.OFICIO_ISSUED,
    Event.OFICIO_WITHDRAWN,
    Event.OFICIO_DELIVERED,
    Event.DOCUMENT_ASKED,
    Event.REPORT_HANDLED,
    Event.ANSWER_UNDONE,
}
"""The lines that stand for a move of a case of Subdelegación."""
IN_AN_OFICIO = {EscalationState.IN_OFICIO, EscalationState.DELIVERED}
ANSWERS = {"SAME": "nss", "DIFFERENT": "falta", "UNKNOWN": "motivo"}
"""What is typed into the row of an oficio."""
RENUNCIAS = {
    Event.RENUNCIA_ISSUED,
    Event.RENUNCIA_RECEIVED,
    Event.RENUNCIA_ACCEPTED,
    Event.RENUNCIA_UNDONE,
    Event.RENUNCIA_WITHDRAWN,
    Event.RENUNCIA_VOIDED,
    Event.RENUNCIA_REVOKED,
}
"""The lines that stand for a move of a renuncia, or for a new one."""
BAJAS = {Event.WITHDRAWN, Event.REINSTATED}
"""The lines that stand for a stay that ends or is open again."""
BATCHES = {
    Event.BATCH_MADE,
    Event.BATCH_DISCARDED,
    Event.BATCH_SENT,
    Event.SENDING_UNDONE,
    Event.MOVEMENT_APPLIED,
    Event.MOVEMENT_REJECTED,
    Event.MOVEMENT_CORRECTED,
    Event.IMSS_ANSWER_UNDONE,
}
"""The lines that stand for a move of a batch or of the student's movement in it."""
STUDENT, REVIEWERS, RESPONSABLE = {"student"}, {"responsable", "revisor"}, {"responsable"}
VERBS: dict[str, tuple[str, set[str]]] = {
    "nss:confirm": ("", STUDENT),
    "nss:reading": ("", STUDENT),
    "followup:report_subdelegacion": ("", STUDENT),
    "followup:has_nss": ("", STUDENT),
    "followup:wrong_data": ("", STUDENT),
    "followup:ask": ("", STUDENT),
    "students:contact": ("", STUDENT),
    "students:other_cover": ("", STUDENT),
    "students:confirm_data": ("", STUDENT),
    "nss:accept_acuse": ("acuse", REVIEWERS),
    "nss:return_acuse": ("acuse", REVIEWERS),
    "nss:correct_nss": ("acuse", REVIEWERS),
    "nss:undo_review": ("acuse", REVIEWERS),
    "followup:move_to_case": ("acuse", REVIEWERS),
    "followup:undo_case": ("acuse", REVIEWERS),
    "nss:take_draft": ("acuse", RESPONSABLE),
    "followup:take_drafts": ("", RESPONSABLE),
    "nss:register_nss": ("stay", RESPONSABLE),
    "followup:answer_report": ("report", RESPONSABLE),
    "followup:resolve_report": ("report", RESPONSABLE),
    "followup:classify_case": ("report", RESPONSABLE),
    "followup:make_oficio": ("", RESPONSABLE),
    **{
        f"followup:{verb}": ("oficio", RESPONSABLE)
        for verb in ("change_oficio", "deliver_oficio", "cancel_oficio", "register_answers")
    },
    "followup:undo_answer": ("answer", RESPONSABLE),
    "students:withdraw_student": ("stay", RESPONSABLE),
    "students:reinstate_student": ("stay", RESPONSABLE),
    "affiliation:make_batch": ("kind", RESPONSABLE),
    **{
        f"affiliation:{verb}": ("batch", RESPONSABLE)
        for verb in (
            *("send_batch", "undo_sending", "discard_batch", "remake_batch"),
            "answer_movements",
        )
    },
    "affiliation:undo_answer": ("movement", RESPONSABLE),
    "affiliation:correct_movement": ("movement", RESPONSABLE),
    **insured.VERBS,
    "renuncias:change_mind": ("", STUDENT),
    "renuncias:of_student": ("stay", RESPONSABLE),
    **{
        f"renuncias:{verb}": ("renuncia", RESPONSABLE)
        for verb in ("receive", "accept", "undo", "void", "revoke")
    },
    "renuncias:receive_many": ("", RESPONSABLE),
    **{
        f"renuncias:{verb}": ("page", RESPONSABLE)
        for verb in ("file_page", "discard_page", "restore_page")
    },
}
"""Each verb: whose id its address takes, and who may."""
