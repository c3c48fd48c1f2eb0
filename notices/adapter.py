"""Staff mails of allauth, through our outbox instead of straight to the relay."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from time import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from notices.actions import Recipient, queue
from notices.models import Notice
from school.access import is_staff_member
from school.models import User

LINK_LIFE = timedelta(hours=1)
NOBODY = Recipient("nadie@correo.invalid", "")
"""Where the row for an unknown address would go, were it not expired: it costs what a real one costs."""


class StaffAccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail for those who work here; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "El correo o la contraseña no coinciden. Revisarlos y escribirlos otra vez.",
        "too_many_login_attempts": "Por seguridad, esperar unos minutos y volver a intentar.",
        "incorrect_password": "La contraseña no coincide. Escribirla otra vez.",
        "incorrect_code": "El código no coincide. Esperar al siguiente y escribirlo.",
        "enter_current_password": "La contraseña actual no coincide. Escribirla otra vez.",
        "rate_limited": "Por seguridad, esperar unos minutos y volver a intentar.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Any proof of the last ten minutes counts, the sign-in itself included (security T3)."""
        del app, kwargs
        request = context.request
        proofs = get_authentication_records(request, request.user)
        last = proofs[-1]["at"] if proofs else 0
        return bool(time() - last >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def send_mail(self, template_prefix: str, email: str, values: dict[str, Any]) -> None:
        """This will write one row whether or not the address is known, so that both answers cost the same."""
        user, now = values.get("user"), timezone.now()
        if isinstance(user, User) and (is_staff_member(user) or user.is_superuser):
            key, to, expires_at = f"{user.pk}:{now:%Y%m%d%H%M}", _mailbox(user), now + LINK_LIFE
        else:
            key, to, expires_at = f"nobody:{now.timestamp()}", NOBODY, now
        queue(
            f"staff-reset:{key}",
            "STAFF-RESET",
            to=to,
            plantel=None,
            about="",
            context={"user": getattr(user, "pk", 0)},
            now=now,
            expires_at=expires_at,
        )


def _mailbox(user: User) -> Recipient:
    return Recipient(user.email, user.name)


def mint_reset_link(notice: Notice, *, now: datetime) -> Mapping[str, str]:  # noqa: ARG001 -- the minters' signature
    """This will make the one-use path under which a member of staff sets a new password."""
    user: AbstractBaseUser = User.objects.get(pk=notice.context["user"])
    key = default_token_generator.make_token(user)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": key},
    )
    return {"path": path}
