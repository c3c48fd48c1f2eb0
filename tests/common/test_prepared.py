"""Prepared queries: asked again with other values they say what the ORM says, and are compiled once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count, DateTimeField, QuerySet

from common.bulk import Among
from common.prepared import Given, Prepared
from school.models import Membership, Plantel, User
from tests.factories.school import MembershipFactory, PlantelFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_prepared_rows_are_those_of_each_value():
    numbers = Prepared(lambda: Plantel.objects.filter(number=Given("number")))
    five, six = PlantelFactory(number="05"), PlantelFactory(number="06")

    found = [numbers.rows(number=number) for number in ("05", "06", "07", "05")]

    assert found == [[five], [six], [], [five]]


def test_prepared_is_built_once():
    built = []

    def build() -> QuerySet[Plantel]:
        built.append(1)
        return Plantel.objects.filter(number=Given("number"))

    query = Prepared(build)
    for number in ("05", "06"):
        query.rows(number=number)

    assert built == [1]


def test_prepared_first_is_none_without_a_row():
    query = Prepared(
        lambda: (
            Plantel.objects.filter(name=Given("name"))
            .order_by("-number")
            .values_list("number", flat=True)[:1]
        )
    )
    PlantelFactory(number="05", name="Norte")
    PlantelFactory(number="06", name="Norte")

    assert [query.first(name=name) for name in ("Norte", "Sur")] == ["06", None]


def test_prepared_brings_what_the_orm_would_bring(django_assert_num_queries):
    membership = MembershipFactory(plantel=PlantelFactory(), user=UserFactory())
    query = Prepared(
        lambda: (
            Membership.objects.filter(user=Given("user"))
            .select_related("plantel", "user")
            .annotate(there=Count("plantel__memberships"))
        )
    )

    with django_assert_num_queries(1):
        (found,) = query.rows(user=membership.user_id)
        read = (found, found.plantel, found.user, found.there)

    assert read == (membership, membership.plantel, membership.user, 1)


def test_prepared_takes_a_moment_and_whole_numbers():
    now = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)
    users = [UserFactory(date_joined=now + timedelta(days=day)) for day in range(3)]
    query = Prepared(
        lambda: (
            User.objects.filter(
                Among("pk", Given("keys")), date_joined__gte=Given("since", DateTimeField())
            )
            .order_by("pk")
            .values_list("date_joined", flat=True)
        )
    )

    later = query.rows(keys=[user.pk for user in users], since=now + timedelta(days=1))
    of_one = query.rows(keys=[users[0].pk], since=now)
    of_none = query.rows(keys=[], since=now)

    assert (later, of_one, of_none) == (
        [now + timedelta(days=1), now + timedelta(days=2)],
        [now],
        [],
    )


def test_prepared_joins_two_queries():
    query = Prepared(
        lambda: (
            Plantel.objects.filter(number=Given("number"))
            .order_by()
            .values_list("number")
            .union(Plantel.objects.filter(name=Given("name")).order_by().values_list("number"))
        )
    )
    PlantelFactory(number="05", name="Norte")
    PlantelFactory(number="06", name="Sur")

    assert sorted(query.rows(number="05", name="Sur")) == [("05",), ("06",)]


def test_prepared_of_a_value_that_is_not_given_raises():
    query = Prepared(lambda: Plantel.objects.filter(number=Given("number")))

    with pytest.raises(KeyError, match="number"):
        query.rows(name="05")
