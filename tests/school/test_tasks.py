"""What is kept for a while is forgotten when its time is over, and nothing else is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from school.models import LoginSession, RateCounter
from school.tasks import forget_attempts, forget_sessions

pytestmark = pytest.mark.django_db


def test_forget_sessions_twice_keeps_the_open_ones():
    now = timezone.now()
    for key, minutes in (("over", -1), ("open", 30)):
        LoginSession.objects.create(
            session_key=key, session_data="", expire_date=now + timedelta(minutes=minutes)
        )

    for _ in range(2):
        forget_sessions()

    assert list(LoginSession.objects.values_list("pk", flat=True)) == ["open"]


def test_forget_attempts_twice_keeps_those_of_the_last_hour():
    now = timezone.now()
    for key, minutes in (("old", 90), ("new", 30)):
        RateCounter.objects.create(key=key, window_start=now - timedelta(minutes=minutes), count=1)

    for _ in range(2):
        forget_attempts()

    assert list(RateCounter.objects.values_list("key", flat=True)) == ["new"]
