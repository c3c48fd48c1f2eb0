"""Which messages exist and what each one needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One mail; what it says is the text of its name in school.states.TextKind.

    `needs` are the keys of the context. `link` is the URL name the mail leads to, `link_arg` the key whose value
    its address takes, and `button` what it says. `secret` says that the
    deliverer mints a secret for it: an activation code (MAIL), a sign-in code with link (SIGN_IN) or the
    path to a new password (STAFF_RESET). `check` names what the deliverer asks before it sends: whether the
    reminder is still due (REMINDER), whether the clinic or the vigencia is still asked (CLINIC).
    """

    needs: frozenset[str]
    link: str
    button: str
    secret: str = ""
    check: str = ""
    link_arg: str = ""


MESSAGES: dict[str, Message] = {
    "M-00": Message(
        needs=frozenset({"enrollment"}),
        link="students:sign_in_link",
        button="Entrar a mi trámite",
        secret="SIGN_IN",
    ),
    "M-01": Message(
        needs=frozenset({"enrollment", "first_name", "due_on"}),
        link="students:sign_in",
        button="Activar mi trámite",
        secret="MAIL",
    ),
    "M-02": Message(
        needs=frozenset({"due_on"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-03": Message(
        needs=frozenset({"due_on", "weekday"}),
        link="followup:my_steps",
        button="Ver mi trámite",
        check="REMINDER",
    ),
    "M-04": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
        check="REMINDER",
    ),
    "M-05": Message(
        needs=frozenset({"due_on"}),
        link="followup:my_steps",
        button="Ver mi trámite",
        check="REMINDER",
    ),
    "M-06": Message(
        needs=frozenset({"folio", "review_due_on", "acuse"}),
        link="nss:sent",
        button="Comprobante",
        link_arg="acuse",
    ),
    "M-07": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Revisar y enviar",
        check="REMINDER",
    ),
    "M-08": Message(
        needs=frozenset({"reason", "remedy", "due_on"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-09": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-10": Message(
        needs=frozenset({"folio", "responsable"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-11": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi NSS",
    ),
    "M-12": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-13": Message(
        needs=frozenset(),
        link="clinics:own_clinic",
        button="Ver cómo",
        check="CLINIC",
    ),
    "M-13b": Message(
        needs=frozenset({"opens_on"}),
        link="clinics:own_clinic",
        button="Ver cómo",
        check="CLINIC",
    ),
    "M-13c": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
        check="CLINIC",
    ),
    "M-14": Message(
        needs=frozenset(),
        link="clinics:own_vigencia",
        button="Decir qué salió",
        check="CLINIC",
    ),
    "M-15": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-16": Message(
        needs=frozenset(),
        link="clinics:own_vigencia",
        button="Decir qué salió",
        check="CLINIC",
    ),
    "M-17": Message(
        needs=frozenset({"place", "due_on", "needs_guardian"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-18": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-18b": Message(
        needs=frozenset(),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-19": Message(
        needs=frozenset({"baja", "left_on"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-20": Message(
        needs=frozenset({"first_name", "due_on", "contact"}),
        link="followup:guide",
        button="Ver la guía",
        check="REMINDER",
    ),
    "M-21": Message(
        needs=frozenset({"acuses", "late", "cases"}),
        link="followup:today",
        button="Ver qué toca hoy",
    ),
    "STAFF-RESET": Message(
        needs=frozenset({"user"}),
        link="account_reset_password",
        button="Poner contraseña",
        secret="STAFF_RESET",
    ),
    "STAFF-CHANGE": Message(
        needs=frozenset({"what", "changed_on"}),
        link="account_reset_password",
        button="Poner otra contraseña",
    ),
    "M-22": Message(
        needs=frozenset({"cases", "dias", "lista"}),
        link="followup:today",
        button="Ver los casos",
    ),
    "M-22b": Message(
        needs=frozenset({"plantel", "cases", "dias"}),
        link="followup:guide",
        button="Ver la guía",
    ),
    "M-26": Message(
        needs=frozenset({"folio", "missing", "place"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-27": Message(
        needs=frozenset({"folio", "correccion"}),
        link="followup:my_steps",
        button="Ver mi trámite",
    ),
    "M-23": Message(
        needs=frozenset(),
        link="followup:help",
        button="Pedir ayuda",
    ),
    "M-24": Message(
        needs=frozenset({"folio", "sheets", "job"}),
        link="papers:show_print_job",
        button="Abrir la impresión",
        link_arg="job",
    ),
    "M-25": Message(
        needs=frozenset({"asunto", "cuerpo"}),
        link="followup:texts",
        button="Ver los textos",
    ),
}
