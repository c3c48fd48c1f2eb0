"""A-02: the year of a plantel, and what changes when a day begins or ceases to count."""

from datetime import date, timedelta

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.actions.calendar import change_days
from followup.queries.calendars import DayChange, months, preview_days
from followup.queries.recount import recount, running
from nss.states import ProofRoute, RequestState
from school.actions.calendar import NothingChanges
from school.models import NonWorkingDay
from school.queries.planteles import own_days
from school.states import Role
from students.actions.clock import pause_clocks, resume_clock
from students.models import Enrollment, Extension, NextLook
from students.queries.deadlines import acuse_deadline
from students.states import EnrollmentState, PauseReason
from tests.factories.nss import NSSRequestFactory
from tests.factories.school import NonWorkingDayFactory, PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY, TUESDAY, DUE = (date(2026, 8, day) for day in (21, 24, 25, 26))
PUENTE = "Puente del plantel"


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def admin(client):
    user = staff(Role.ADMIN, name="Rosa Admin")
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return user


def add(*planteles, first=MONDAY, last=MONDAY):
    return DayChange(planteles, first, last, PUENTE)


def take(*planteles, first=MONDAY, last=MONDAY):
    return DayChange(planteles, first, last, is_removal=True)


def dates(*stays):
    return [Enrollment.objects.get(pk=stay.pk).acuse_due_on for stay in stays]


def counted(result):
    return (result.later, result.earlier, result.told)


def typed(plantel, **values):
    given = {"desde": "2026-08-24", "hasta": "", "motivo": PUENTE, "planteles": [plantel.clave]}
    return {**given, **values}


def text(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def test_change_days_moves_the_deadlines_and_what_the_function_says(admin, plantel):
    stay, elsewhere = EnrollmentFactory(plantel=plantel), EnrollmentFactory()

    done = change_days(add(plantel), by=admin, now=NOW)

    assert counted(done) == (1, 0, 0)
    assert dates(stay, elsewhere) == [date(2026, 8, 27), DUE]
    stay.refresh_from_db()
    assert acuse_deadline(stay).date == stay.acuse_due_on
    assert f"lunes 24 ({PUENTE})" in acuse_deadline(stay).why
    assert list(NextLook.objects.values_list("pk", flat=True)) == [stay.pk]


def test_change_days_of_many_students_writes_no_statement_longer_than_a_page_may(
    admin, plantel, monkeypatch
):
    monkeypatch.setattr("followup.actions.calendar.STAYS_A_STATEMENT", 2)
    stays = EnrollmentFactory.create_batch(5, plantel=plantel)

    with CaptureQueriesContext(connection) as asked:
        change_days(add(plantel), by=admin, now=NOW)

    assert dates(*stays) == [date(2026, 8, 27)] * 5
    assert sum('UPDATE "students_enrollment"' in one["sql"] for one in asked) == 3


def test_change_days_in_several_planteles_keeps_weekends_out(admin, plantel):
    other = PlantelFactory()
    EnrollmentFactory(plantel=plantel)
    EnrollmentFactory(plantel=other)

    change_days(add(plantel, other, first=date(2026, 8, 22), last=TUESDAY), by=admin, now=NOW)

    assert NonWorkingDay.objects.filter(plantel=other).count() == 2
    assert set(Enrollment.objects.values_list("acuse_due_on", flat=True)) == {date(2026, 8, 28)}


def test_change_days_taken_away_brings_nearer_only_what_was_not_told(admin, plantel):
    NonWorkingDayFactory(plantel=plantel, date=MONDAY)
    late = date(2026, 8, 27)
    untold = EnrollmentFactory(plantel=plantel, acuse_due_on=late)
    told = EnrollmentFactory(plantel=plantel, acuse_due_on=late, told_due_on=late)

    done = change_days(take(plantel), by=admin, now=NOW)

    assert counted(done) == (0, 1, 1)
    assert dates(untold, told) == [DUE, late]


def test_change_days_counts_only_who_still_owes_an_acuse(admin, plantel):
    known = EnrollmentFactory(plantel=plantel, student__nss=nss(1))
    gone = EnrollmentFactory(plantel=plantel, state=EnrollmentState.FINISHED)
    proven = NSSRequestFactory(
        enrollment__plantel=plantel,
        state=RequestState.PROVEN,
        route=ProofRoute.WINDOW,
        proven_at=NOW,
    ).enrollment
    opened = NSSRequestFactory(enrollment__plantel=plantel).enrollment

    done = change_days(add(plantel), by=admin, now=NOW)

    assert counted(done) == (1, 0, 0)
    assert dates(known, gone, proven, opened) == [date(2026, 8, 27)] * 4


def test_change_days_leaves_clocks_that_stand(admin, plantel):
    stay = EnrollmentFactory(plantel=plantel)
    pause_clocks([stay.pk], PauseReason.REVIEW, now=NOW)

    done = change_days(add(plantel), by=admin, now=NOW)

    assert (counted(done), dates(stay)) == ((0, 0, 0), [None])


def test_change_days_that_changes_no_day_raises(admin, plantel):
    with pytest.raises(NothingChanges):
        change_days(
            add(plantel, first=date(2026, 8, 22), last=date(2026, 8, 23)), by=admin, now=NOW
        )


def test_recount_passes_over_a_date_whose_clock_stands(plantel):
    stay = EnrollmentFactory(plantel=plantel)
    pause_clocks([stay.pk], PauseReason.REVIEW, now=NOW)
    Enrollment.objects.update(acuse_due_on=DUE)

    found = recount(running([plantel]), {plantel.pk: {MONDAY: PUENTE}})

    assert found.changed == []


@pytest.mark.parametrize("count", [1, 3])
def test_recount_asks_the_database_as_often_for_one_as_for_three(
    plantel, count, django_assert_num_queries
):
    for _ in range(count):
        EnrollmentFactory(plantel=plantel)
    stays = running([plantel])

    with django_assert_num_queries(5):
        recount(stays, own_days([plantel.pk]))


def test_preview_days_writes_nothing(plantel):
    stay = EnrollmentFactory(plantel=plantel)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        preview = preview_days(add(plantel), enrolled_on=FRIDAY)

    assert (preview.count, counted(preview.recount)) == (1, (1, 0, 0))
    assert preview.example == (
        "Inscripción viernes 21 de agosto → vence jueves 27 de agosto (hoy: miércoles 26 de agosto)"
    )
    assert all(one["sql"].startswith("SELECT") or "UNION" in one["sql"] for one in asked)
    assert dates(stay) == [DUE]


def test_preview_days_in_natural_days_changes_nothing(plantel):
    cycle = SchoolCycleFactory(name="natural", acuse_day_count="NATURAL")
    EnrollmentFactory(plantel=plantel, cycle=cycle, acuse_due_on=MONDAY)

    preview = preview_days(add(plantel), enrolled_on=FRIDAY)

    assert preview.example == "Inscripción viernes 21 de agosto → vence lunes 24 de agosto"
    assert counted(preview.recount) == (0, 0, 0)


def test_preview_days_without_any_ciclo_counts_three_days(plantel):
    preview = preview_days(add(plantel), enrolled_on=FRIDAY)

    assert preview.example.startswith("Inscripción viernes 21 de agosto → vence jueves 27")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 20), max_size=6), st.integers(0, 8), st.integers(0, 9))
def test_recount_is_what_the_function_says_of_each(db_once, offsets, sent, held):
    """The cached column equals the function, whatever days are taken from a plantel and whatever happened."""
    stay = db_once
    start = NOW + timedelta(days=sent)
    NonWorkingDay.objects.filter(plantel=stay.plantel).delete()
    stay.pauses.all().delete()
    pause_clocks([stay.pk], PauseReason.REVIEW, now=start)
    resume_clock(stay, PauseReason.REVIEW, now=start + timedelta(days=held), is_return=held > 4)
    before = acuse_deadline(stay).date
    days = {FRIDAY + timedelta(days=one): PUENTE for one in offsets}

    found = recount(Enrollment.objects.filter(pk=stay.pk), {stay.plantel_id: days})

    NonWorkingDay.objects.bulk_create(
        NonWorkingDay(plantel=stay.plantel, date=day, reason=PUENTE) for day in days
    )
    after = acuse_deadline(stay).date
    assert after >= before
    assert dict(found.dates) == ({} if after == before else {after: [stay.pk]})


@pytest.fixture
def db_once():
    """One stay with a prórroga, for every example."""
    stay = EnrollmentFactory()
    Extension.objects.create(
        enrollment=stay,
        due_on=date(2026, 9, 4),
        reason="Estuvo enfermo",
        given_at=NOW + timedelta(days=4),
        given_by=staff(Role.RESPONSABLE, stay.plantel),
    )
    return stay


def test_months_name_each_day_and_why(plantel):
    november = months(2026, {date(2026, 11, 17): PUENTE})[10]

    cells = {cell.day.day: cell for week in november.weeks for cell in week if cell}
    assert november.name == "noviembre"
    assert len(cells) == 30
    assert all(len(week) == 7 for week in november.weeks)
    assert (cells[16].kind, cells[17].kind, cells[18].kind) == ("national", "own", "")
    assert (cells[17].reason, cells[14].kind) == (PUENTE, "weekend")


def test_show_calendar_of_the_own_plantel_alone(client, plantel):
    NonWorkingDayFactory(plantel=plantel, date=date(2026, 8, 24), reason=PUENTE)
    other = PlantelFactory(name="Ajeno")
    client.force_login(staff(Role.RESPONSABLE, plantel))

    page = text(client.get(reverse("followup:calendar"), {"ano": 2026, "plantel": other.clave}))

    assert f"Lunes 24 de agosto {PUENTE}" in page
    assert "Ajeno" not in page
    assert "Agregar días" not in page


def test_show_calendar_without_planteles_or_with_a_wrong_year(client, admin):
    empty = text(client.get(reverse("followup:calendar")))
    PlantelFactory()
    wrong = [
        client.get(reverse("followup:calendar"), {"ano": year}).status_code
        for year in ("", "²", "1999", "x")
    ]

    assert "Todavía no hay planteles" in empty
    assert wrong == [404] * 4


def test_show_calendar_leads_the_administration_on(client, admin, plantel):
    page = text(client.get(reverse("followup:calendar"), {"ano": 2026}))

    assert "Agregar días" in page
    assert "Este plantel no tiene días propios en 2026." in page


def test_add_days_shows_first_what_changes(client, admin, plantel):
    EnrollmentFactory(plantel=plantel)

    page = text(client.post(reverse("followup:add_days"), typed(plantel, inscripcion="2026-08-21")))

    assert "vence jueves 27 de agosto" in page
    assert "Cambia el plazo de 1 estudiante: 1 más tarde, 0 antes." in page
    assert "Todavía no está guardado." in page
    assert not NonWorkingDay.objects.exists()


def test_add_days_answers_htmx_with_the_preview_alone(client, admin, plantel):
    response = client.post(
        reverse("followup:add_days"), typed(plantel), headers={"HX-Request": "true"}
    )

    assert response.content.decode().startswith('<div id="vista-previa"')


@pytest.mark.parametrize("name", ["add_days", "remove_days"])
def test_change_of_days_is_seen_while_it_is_typed(client, admin, name):
    page = client.get(reverse(f"followup:{name}")).content.decode()

    assert 'hx-post=""' in page
    assert "htmx-2.min.js" in page
    assert "Al completar los datos se lee aquí qué cambia" in page


def test_add_days_previews_before_the_reason_is_typed(client, admin, plantel):
    EnrollmentFactory(plantel=plantel)
    early = typed(plantel, motivo="", inscripcion="2026-08-21")

    part = text(client.post(reverse("followup:add_days"), early, headers={"HX-Request": "true"}))

    assert "vence jueves 27 de agosto" in part
    assert "Cambia el plazo de 1 estudiante: 1 más tarde, 0 antes." in part


def test_add_days_saves_nothing_while_it_is_typed(client, admin, plantel):
    """A button that has the focus is sent along by htmx."""
    response = client.post(
        reverse("followup:add_days"),
        typed(plantel, guardar="1"),
        headers={"HX-Request": "true"},
    )

    assert "Todavía no está guardado." in text(response)
    assert not NonWorkingDay.objects.exists()


def test_add_days_is_saved_from_the_preview_that_changes_something(client, admin, plantel):
    before = client.get(reverse("followup:add_days")).content.decode()
    seen = client.post(reverse("followup:add_days"), typed(plantel)).content.decode()
    weekend = client.post(
        reverse("followup:add_days"), typed(plantel, desde="2026-08-22")
    ).content.decode()

    button = '<button type="submit" form="cambio" name="guardar" value="1"'
    assert [page.count(button) for page in (before, seen, weekend)] == [0, 1, 0]
    assert 'id="cambio"' in seen
    assert "Con ese rango no cambia ningún día." in weekend


def test_add_days_saves_in_all_planteles(client, admin, plantel):
    other = PlantelFactory()
    EnrollmentFactory(plantel=plantel)

    response = client.post(
        reverse("followup:add_days"), typed(plantel, planteles=["todos"], guardar="1"), follow=True
    )

    assert "Guardado. Cambió el plazo de 1 estudiante." in text(response)
    assert set(NonWorkingDay.objects.values_list("plantel", flat=True)) == {plantel.pk, other.pk}


def test_add_days_that_counts_for_nobody_says_so(client, admin, plantel):
    for _ in range(2):
        EnrollmentFactory(plantel=plantel)
    response = client.post(
        reverse("followup:add_days"), typed(plantel, desde="2026-12-08", guardar="1"), follow=True
    )
    again = client.post(
        reverse("followup:add_days"), typed(plantel, desde="2026-12-08", guardar="1")
    )
    many = client.post(reverse("followup:add_days"), typed(plantel, guardar="1"), follow=True)

    assert "Guardado. No cambió el plazo de nadie." in text(response)
    assert "Con ese rango no cambia ningún día: revisar" in text(again)
    assert "Cambió el plazo de 2 estudiantes." in text(many)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"desde": ""}, "«Primer día»: escribir el día, por ejemplo 16/11/2026"),
        ({"desde": "0001-01-01"}, "«Primer día»: escribir el día"),
        ({"inscripcion": "9999-12-31"}, "«Probar con la inscripción del»: escribir el día"),
        ({"motivo": ""}, "Escribir el motivo: lo lee el estudiante junto a su fecha"),
        ({"hasta": "2026-08-20"}, "El último día va después del primero"),
        ({"hasta": "2027-08-20"}, "a lo más 62 días después"),
        ({"planteles": []}, "Elegir un plantel, varios o todos"),
        ({"planteles": ["otro"]}, "Elegir planteles de la lista"),
    ],
)
def test_add_days_says_what_is_missing(client, admin, plantel, values, sentence):
    page = text(client.post(reverse("followup:add_days"), typed(plantel, guardar="1", **values)))

    assert sentence in page
    assert not NonWorkingDay.objects.exists()


def test_remove_days_of_the_link(client, admin, plantel):
    NonWorkingDayFactory(plantel=plantel, date=MONDAY, reason=PUENTE)
    url = reverse("followup:remove_days")

    form = client.get(url, {"plantel": plantel.clave, "desde": "2026-08-24"})
    saved = client.post(url, {"desde": "2026-08-24", "planteles": plantel.clave, "guardar": "1"})

    assert 'value="2026-08-24"' in form.content.decode()
    assert saved.status_code == 302
    assert not NonWorkingDay.objects.exists()
