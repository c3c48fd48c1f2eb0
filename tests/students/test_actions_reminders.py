"""A stay that the reminders look at again, one or many."""

from students.actions.reminders import AT_ONCE, hold_stays, look_again
from students.models import NextLook
from tests.factories.students import NOW, EnrollmentFactory


def looks() -> dict[int, object]:
    return dict(NextLook.objects.values_list("enrollment", "at"))


def test_look_again_writes_the_moment_once_for_each_stay(db, django_assert_num_queries):
    waiting, told, other = EnrollmentFactory.create_batch(3)
    NextLook.objects.create(enrollment=told, at=NOW)
    NextLook.objects.create(enrollment=other, at=NOW)

    with django_assert_num_queries(1):
        look_again(stay.pk for stay in (told, waiting))

    assert looks() == {waiting.pk: AT_ONCE, told.pk: AT_ONCE, other.pk: NOW}


def test_look_again_at_nobody_changes_nothing(db):
    stay = EnrollmentFactory()
    NextLook.objects.create(enrollment=stay, at=NOW)

    look_again([])

    assert looks() == {stay.pk: NOW}


def test_hold_stays_has_them_looked_at_again(db, django_assert_num_queries):
    stays = EnrollmentFactory.create_batch(3)

    with django_assert_num_queries(2):
        hold_stays(stay.pk for stay in reversed(stays))

    assert looks() == {stay.pk: AT_ONCE for stay in stays}
