"""What allauth asks of us beside the pages of the sign-in."""

import pytest
from allauth.account.adapter import get_adapter
from django.test import RequestFactory

from notices.models import Notice
from school.models import User


def test_is_open_for_signup_is_nobody():
    assert get_adapter().is_open_for_signup(RequestFactory().get("/")) is False


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mailbox", "told"),
    [("laura@plantel.example", ["laura@plantel.example"]), ("", [])],
    ids=["mailbox", "none"],
)
def test_send_notification_mail_goes_where_there_is_a_mailbox(mailbox, told):
    user = User.objects.create(username="laura", email=mailbox)

    get_adapter().send_notification_mail("account/email/password_changed", user)

    assert list(Notice.objects.values_list("to_email", flat=True)) == told
