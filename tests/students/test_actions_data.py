"""A draft kept at each step, confirmed once, corrected with a trace."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Notice
from notices.render import preview_body
from notices.states import NoticeState
from school.models import TextVersion
from school.queries.texts import packaged_fields
from school.states import Role, TextKind
from students.actions import data as actions
from students.actions import sign_in
from students.models import AccessEntry, Declaration, StudentData
from students.queries.data import (
    Step,
    aviso_to_accept,
    has_curp_of_another,
    is_minor,
    manifestacion,
    next_step,
    own_copy,
)
from students.states import DeclarationKind, EnrollmentState, Event, Look, OtherCover
from tests.factories.school import staff
from tests.factories.students import (
    EnrollmentFactory,
    StudentDataFactory,
    StudentFactory,
    curp,
    nss,
)
from tests.lock_order import looks_before_stay
from tests.meanwhile import just_before

NOW = datetime(2026, 8, 27, 15, 0, tzinfo=UTC)
LATER = datetime(2026, 8, 27, 16, 0, tzinfo=UTC)
ADDRESS = {
    "postal_code": "83000",
    "colonia": "Centro",
    "municipio": "Hermosillo",
    "estado": "Sonora",
    "street": "Rosales",
    "exterior_number": "12",
    "interior_number": "",
    "address_notes": "",
}
CONTACT = {"phone": "6621234567", "accepts_whatsapp": True, "guardian_contact": ""}

pytestmark = pytest.mark.django_db


def draft(**data):
    return StudentDataFactory(confirmed_at=None, email_confirmed_at=None, **data).enrollment


def by(enrollment):
    return {"by": enrollment.student.user, "now": NOW}


def events(enrollment) -> list[str]:
    return list(enrollment.timeline.order_by("pk").values_list("event", flat=True))


# The draft -----------------------------------------------------------------------------------------
def test_each_step_is_kept_and_leads_to_the_next():
    enrollment = EnrollmentFactory()
    steps = [next_step(enrollment)]

    actions.confirm_person(enrollment, now=NOW)
    steps.append(next_step(fresh(enrollment)))
    actions.give_contact(enrollment, email="ana@correo.example", **CONTACT, **by(enrollment))
    steps.append(next_step(fresh(enrollment)))
    actions.give_address(enrollment, **ADDRESS, **by(enrollment))
    steps.append(next_step(fresh(enrollment)))
    actions.give_other_cover(enrollment, other_cover=OtherCover.NONE, **by(enrollment))
    steps.append(next_step(fresh(enrollment)))
    actions.confirm_data(enrollment, **by(enrollment))
    steps.append(next_step(fresh(enrollment)))

    assert steps == [*Step, None]
    assert events(enrollment) == [Event.DATA_CONFIRMED]


def fresh(enrollment):
    return (
        type(enrollment).objects.select_related("student", "plantel", "data").get(pk=enrollment.pk)
    )


def test_confirm_person_keeps_a_typed_curp():
    enrollment = EnrollmentFactory(student__curp=None)

    actions.confirm_person(enrollment, curp=curp(7), now=NOW)

    again = fresh(enrollment)
    assert (again.student.curp, again.data.is_person_confirmed) == (curp(7), True)


def test_confirm_person_with_the_curp_of_another():
    StudentFactory(curp=curp(7))
    enrollment = EnrollmentFactory(student__curp=None)

    with pytest.raises(actions.CurpTaken) as refused:
        actions.confirm_person(enrollment, curp=curp(7), now=NOW)

    assert refused.value.sentence == "Otra persona ya usa esta CURP. Avisa a Control Escolar"
    assert StudentData.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_confirm_person_when_another_got_the_curp_at_the_same_moment():
    enrollment = EnrollmentFactory(student__curp=None)
    another = partial(StudentFactory, curp=curp(7))

    with just_before('UPDATE "students_student"', another), pytest.raises(actions.CurpTaken):
        actions.confirm_person(enrollment, curp=curp(7), now=NOW)

    assert fresh(enrollment).student.curp is None


def test_has_curp_of_another_asks_for_a_curp():
    with pytest.raises(ValueError, match="an empty CURP"):
        has_curp_of_another(StudentFactory(), "")


def test_confirm_person_when_the_roster_brought_another_curp_meanwhile():
    enrollment = EnrollmentFactory(student__curp=curp(5))

    with pytest.raises(actions.CurpDiffers) as refused:
        actions.confirm_person(enrollment, curp=curp(7), now=NOW)

    assert refused.value.sentence == (
        f"Esta CURP no es la que tiene tu plantel (termina en …{curp(5)[-5:]}). "
        "Si la tuya está bien, elige “Algo está mal”"
    )
    assert fresh(enrollment).student.curp == curp(5)


def test_give_contact_twice_is_once():
    enrollment = EnrollmentFactory()

    for _ in range(2):
        actions.give_contact(enrollment, email="ana@correo.example", **CONTACT, **by(enrollment))

    assert list(StudentData.objects.values_list("email", "phone")) == [
        ("ana@correo.example", "6621234567")
    ]
    assert events(enrollment) == []


def test_give_contact_never_touches_a_confirmed_address():
    enrollment = StudentDataFactory(email="ana@correo.example").enrollment

    with pytest.raises(actions.FreshSignInNeeded):
        actions.give_contact(enrollment, email="x@correo.example", **CONTACT, **by(enrollment))
    actions.give_contact(enrollment, **CONTACT, **by(enrollment))

    assert StudentData.objects.get().email == "ana@correo.example"


@pytest.mark.parametrize(
    "state", [EnrollmentState.OPTED_OUT, EnrollmentState.WITHDRAWN, EnrollmentState.FINISHED]
)
def test_nothing_is_kept_once_the_stay_is_over(state):
    enrollment = StudentDataFactory(enrollment__state=state, confirmed_at=None).enrollment
    before = StudentData.objects.values().get()
    tries = [
        lambda: actions.confirm_person(enrollment, now=NOW),
        lambda: actions.give_contact(enrollment, **CONTACT, **by(enrollment)),
        lambda: actions.give_address(enrollment, **ADDRESS, **by(enrollment)),
        lambda: actions.give_other_cover(enrollment, other_cover="OTHER", **by(enrollment)),
        lambda: actions.confirm_data(enrollment, **by(enrollment)),
        lambda: actions.change_email(
            enrollment, email="x@correo.example", is_fresh=True, **by(enrollment)
        ),
    ]

    for attempt in tries:
        with pytest.raises(actions.DataClosed):
            attempt()

    assert StudentData.objects.values().get() == before


# Confirmation --------------------------------------------------------------------------------------
def test_confirm_data_locks_in_the_order_of_all_actions():
    enrollment = draft()

    with CaptureQueriesContext(connection) as asked:
        actions.confirm_data(enrollment, **by(enrollment))

    assert looks_before_stay(asked)


def test_confirm_data_declares_and_tells_the_date():
    enrollment = draft(enrollment__acuse_due_on=date(2026, 8, 31))

    actions.confirm_data(enrollment, **by(enrollment))

    again = fresh(enrollment)
    notice = Notice.objects.get()
    declared = list(Declaration.objects.order_by("kind").values_list("kind", "statement", "at"))
    assert again.data.confirmed_at == NOW
    assert again.told_due_on == date(2026, 8, 31)
    assert declared == [
        (DeclarationKind.AVISO, "", NOW),
        (DeclarationKind.MANIFESTACION, manifestacion(OtherCover.NONE), NOW),
    ]
    assert (notice.message, notice.to_email, notice.context) == (
        "M-02",
        again.data.email,
        {"due_on": "2026-08-31"},
    )


def test_confirm_data_never_tells_an_earlier_date():
    enrollment = draft(enrollment__told_due_on=date(2026, 9, 2))

    actions.confirm_data(enrollment, **by(enrollment))

    assert Notice.objects.get().context == {"due_on": "2026-09-02"}


def test_confirm_data_after_the_deadline_tells_no_date_that_has_passed():
    enrollment = draft(enrollment__acuse_due_on=date(2026, 8, 20))

    actions.confirm_data(enrollment, **by(enrollment))

    notice = Notice.objects.get()
    assert notice.context == {"due_on": ""}
    assert "más tardar" not in preview_body(notice)
    assert fresh(enrollment).told_due_on is None


def test_confirm_data_twice():
    enrollment = draft()
    actions.confirm_data(enrollment, **by(enrollment))

    with pytest.raises(actions.AlreadyConfirmed):
        actions.confirm_data(enrollment, **by(enrollment))

    assert (Declaration.objects.count(), Notice.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "missing",
    ["email", "postal_code", "colonia", "street", "exterior_number", "other_cover"],
)
def test_confirm_data_with_a_question_unanswered(missing):
    enrollment = draft(**{missing: ""})

    with pytest.raises(actions.DataIncomplete):
        actions.confirm_data(enrollment, **by(enrollment))

    assert Declaration.objects.count() == 0


@pytest.mark.parametrize("cover", OtherCover.values)
def test_manifestacion_says_the_cover(cover):
    statement = manifestacion(cover)

    assert statement.startswith(
        "Bajo protesta de decir verdad, manifiesto que los datos que di son ciertos."
    )
    assert "{{" not in statement


# Corrections ---------------------------------------------------------------------------------------
def test_correction_stands_in_the_history_with_before_and_after():
    enrollment = StudentDataFactory().enrollment

    actions.give_contact(
        enrollment,
        phone="6629999999",
        accepts_whatsapp=False,
        guardian_contact="mama@correo.example",
        **by(enrollment),
    )

    entry = enrollment.timeline.get()
    assert entry.event == Event.DATA_CORRECTED
    assert entry.data == {
        "changes": [
            {"field": "celular", "before": "6621234567", "after": "6629999999"},
            {"field": "correo o celular de mamá, papá o tutor"},
        ]
    }


def test_correction_that_changes_nothing_leaves_no_trace():
    enrollment = StudentDataFactory(street="Rosales").enrollment

    actions.give_address(enrollment, **ADDRESS, **by(enrollment))

    assert events(enrollment) == []


def test_data_that_are_at_imss_change_no_more():
    enrollment = StudentDataFactory(enrollment__sent_to_imss_at=NOW).enrollment
    before = StudentData.objects.values().get()

    with pytest.raises(actions.DataAtIMSS):
        actions.give_address(enrollment, **ADDRESS, **by(enrollment))
    with pytest.raises(actions.DataAtIMSS):
        actions.give_other_cover(enrollment, other_cover="OTHER", **by(enrollment))

    assert StudentData.objects.values().get() == before


def test_correction_of_the_cover_is_declared_anew_and_not_spelt_out():
    enrollment = StudentDataFactory().enrollment

    actions.give_other_cover(enrollment, other_cover=OtherCover.IMSS_WORK, **by(enrollment))

    assert list(Declaration.objects.values_list("statement", flat=True)) == [
        manifestacion(OtherCover.IMSS_WORK)
    ]
    assert enrollment.timeline.get().data == {"changes": [{"field": "otro servicio médico"}]}


def test_change_email_tells_the_confirmed_one_and_starts_over():
    enrollment = StudentDataFactory(email="ana@correo.example").enrollment
    sign_in.request_email_code(enrollment, now=NOW)

    actions.change_email(enrollment, email="x@correo.example", is_fresh=True, **by(enrollment))

    data = StudentData.objects.get()
    assert (data.email, data.email_confirmed_at) == ("x@correo.example", None)
    assert list(Notice.objects.order_by("pk").values_list("message", "to_email", "state")) == [
        ("M-00", "ana@correo.example", NoticeState.CANCELLED),
        ("M-23", "ana@correo.example", NoticeState.QUEUED),
    ]
    assert enrollment.timeline.get().data == {
        "changes": [
            {
                "field": "correo electrónico",
                "before": "ana@correo.example",
                "after": "x@correo.example",
            }
        ]
    }


def test_change_email_without_a_fresh_proof():
    enrollment = StudentDataFactory(email="ana@correo.example").enrollment

    with pytest.raises(actions.FreshSignInNeeded):
        actions.change_email(enrollment, email="x@correo.example", is_fresh=False, **by(enrollment))

    assert StudentData.objects.get().email == "ana@correo.example"


def test_change_email_that_nobody_confirmed_needs_no_proof():
    enrollment = StudentDataFactory(email_confirmed_at=None).enrollment

    actions.change_email(enrollment, email="x@correo.example", is_fresh=False, **by(enrollment))

    assert StudentData.objects.get().email == "x@correo.example"
    assert Notice.objects.count() == 0


def test_change_email_to_itself():
    enrollment = StudentDataFactory(email="ana@correo.example").enrollment

    with pytest.raises(actions.EmailUnchanged):
        actions.change_email(
            enrollment, email="ana@correo.example", is_fresh=True, **by(enrollment)
        )


# Aviso ---------------------------------------------------------------------------------------------
def test_aviso_to_accept_only_when_it_changed():
    enrollment = draft()
    before = aviso_to_accept(enrollment)
    actions.confirm_data(enrollment, **by(enrollment))
    same = aviso_to_accept(enrollment)
    new = TextVersion.objects.create(
        kind=TextKind.AVISO, version=1, fields=packaged_fields(TextKind.AVISO), created_at=LATER
    )
    changed = aviso_to_accept(enrollment)

    for _ in range(2):
        actions.accept_aviso(enrollment, now=LATER)

    assert (before, same, changed, aviso_to_accept(enrollment)) == (None, None, new, None)
    assert Declaration.objects.filter(text=new).count() == 1


# Reads ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2026, 2, 13), True), (date(2026, 2, 14), False), (date(2026, 2, 15), False)],
)
def test_is_minor_switches_on_the_birthday(today, expected):
    assert is_minor(StudentFactory(), today=today) is expected


def test_is_minor_without_a_curp():
    assert is_minor(StudentFactory(curp=None), today=date(2026, 8, 27)) is True


def test_own_copy_holds_what_was_given_and_declared():
    enrollment = draft()
    actions.confirm_data(enrollment, **by(enrollment))

    copy = own_copy(fresh(enrollment))

    assert copy["curp"] == enrollment.student.curp
    assert copy["datos"]["calle"] == "Calle Rosales"
    assert [row["que"] for row in copy["declaraciones"]] == [
        "aviso de privacidad",
        "manifestación bajo protesta de decir verdad",
    ]
    assert [row["que"] for row in copy["historial"]] == ["Confirmó sus datos"]


def test_own_copy_holds_what_the_roster_brought_and_who_looked():
    enrollment = EnrollmentFactory(
        roster_email="ana@correo.example", roster_phone="6621234567", declared_nss=nss(1)
    )
    reviewer = staff(Role.REVISOR, enrollment.plantel)
    AccessEntry.objects.create(enrollment=enrollment, by=reviewer, at=NOW, look=Look.FULL_NSS)

    copy = own_copy(enrollment)

    assert copy["de_la_inscripcion"] == {
        "correo": "ana@correo.example",
        "celular": "6621234567",
        "nss_declarado": nss(1),
    }
    assert copy["consultas"] == [
        {"que": Look.FULL_NSS.label, "cuando": NOW, "quien": str(reviewer)}
    ]
