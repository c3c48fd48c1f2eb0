"""Which messages exist and what each one needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One mail; its templates are notices/mail/<slug>_{subject,body}.txt.

    `needs` are the keys of the context. `link` is the URL name the mail leads to, `link_arg` the key whose value
    its address takes, and `button` what it says. `secret` says that the
    deliverer mints a secret for it: an activation code (MAIL), a sign-in code with link (SIGN_IN) or the
    path to a new password (STAFF_RESET). `check` names what the deliverer asks before it sends: whether the
    reminder is still due (REMINDER).
    """

    slug: str
    label: str
    needs: frozenset[str]
    link: str
    button: str
    secret: str = ""
    check: str = ""
    link_arg: str = ""


MESSAGES: dict[str, Message] = {
    "M-00": Message(
        slug="sign_in",
        label="enlace y código para entrar",
        needs=frozenset({"enrollment"}),
        link="students:sign_in_link",
        button="Entrar a mi trámite",
        secret="SIGN_IN",
    ),
    "M-01": Message(
        slug="activation",
        label="activa tu seguro",
        needs=frozenset({"enrollment", "first_name", "due_on"}),
        link="students:sign_in",
        button="Activar mi trámite",
        secret="MAIL",
    ),
    "M-02": Message(
        slug="data_confirmed",
        label="guardamos tus datos",
        needs=frozenset({"due_on"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-03": Message(
        slug="deadline_near",
        label="mañana vence tu plazo",
        needs=frozenset({"due_on", "weekday"}),
        link="followup:my_steps",
        button="Ver mi trámite",
        check="REMINDER",
    ),
    "M-04": Message(
        slug="last_day",
        label="hoy es el último día",
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
        check="REMINDER",
    ),
    "M-05": Message(
        slug="overdue",
        label="todavía puedes subir tu acuse",
        needs=frozenset({"due_on"}),
        link="followup:my_steps",
        button="Ver mi trámite",
        check="REMINDER",
    ),
    "M-06": Message(
        slug="acuse_received",
        label="recibimos tu acuse",
        needs=frozenset({"folio", "review_due_on"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-07": Message(
        slug="acuse_unconfirmed",
        label="falta confirmar tu archivo",
        needs=frozenset(),
        link="followup:my_steps",
        button="Revisar y enviar",
        check="REMINDER",
    ),
    "M-08": Message(
        slug="acuse_returned",
        label="tu acuse necesita un cambio",
        needs=frozenset({"reason", "remedy", "due_on"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-09": Message(
        slug="acuse_accepted",
        label="tu acuse está aceptado",
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-10": Message(
        slug="report_taken",
        label="tu plantel pide tu NSS",
        needs=frozenset({"folio", "responsable"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-11": Message(
        slug="nss_obtained",
        label="ya tenemos tu NSS",
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi NSS",
    ),
    "M-17": Message(
        slug="renuncia_asked",
        label="falta entregar tu renuncia firmada",
        needs=frozenset({"place", "due_on", "needs_guardian"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-18": Message(
        slug="renuncia_decided",
        label="registramos o cancelamos tu renuncia",
        needs=frozenset({"is_registered"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-20": Message(
        slug="guardian_copy",
        label="copia a mamá, papá o tutor",
        needs=frozenset({"first_name", "due_on", "contact"}),
        link="followup:guide",
        button="Ver la guía",
        check="REMINDER",
    ),
    "M-21": Message(
        slug="staff_day",
        label="resumen del día",
        needs=frozenset({"acuses", "late", "cases"}),
        link="followup:today",
        button="Ver qué toca hoy",
    ),
    "STAFF-RESET": Message(
        slug="staff_reset",
        label="enlace para poner contraseña",
        needs=frozenset({"user"}),
        link="account_reset_password",
        button="Poner contraseña",
        secret="STAFF_RESET",
    ),
    "STAFF-CHANGE": Message(
        slug="staff_change",
        label="cambió tu cuenta",
        needs=frozenset({"what", "changed_on"}),
        link="account_reset_password",
        button="Poner otra contraseña",
    ),
    "M-23": Message(
        slug="email_changed",
        label="cambió tu correo",
        needs=frozenset(),
        link="followup:help",
        button="Pedir ayuda",
    ),
    "M-24": Message(
        slug="lot_ready",
        label="impresión lista",
        needs=frozenset({"folio", "sheets", "job"}),
        link="papers:show_print_job",
        button="Abrir la impresión",
        link_arg="job",
    ),
}
