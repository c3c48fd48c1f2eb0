"""Staff mails of allauth, through our outbox instead of straight to the relay."""

import logging
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
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from notices.actions import Recipient, queue
from notices.models import Notice
from school.access import is_staff_member
from school.actions.limits import count_attempt, give_back_attempt
from school.actions.sign_in_limits import password_limits
from school.models import User
from school.visitors import address_of, remember_device, visitor_of

log = logging.getLogger(__name__)

LINK_LIFE = timedelta(hours=1)
CHANGES = {
    "account/email/password_changed": "contraseña nueva",
    "account/email/password_set": "contraseña nueva",
    "account/email/password_reset": "contraseña nueva",
    "mfa/email/totp_activated": "segundo factor activado",
    "mfa/email/totp_deactivated": "segundo factor quitado",
    "mfa/email/recovery_codes_generated": "códigos de recuperación nuevos",
    "school/email/email_changed": "otro correo para entrar",
    "school/email/roles_changed": "otras funciones",
}
"""What the owner of a staff account is told of, by the names under which allauth and school/admin.py report it."""
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

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: `authenticate` counts, per account and network, so that nobody is locked out from elsewhere."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Try a password under our own limits (security T11); one that fits is not counted."""
        login = str(credentials.get("email") or credentials.get("username") or "")
        limits, now = password_limits(login, visitor_of(request)), timezone.now()
        if not count_attempt(*limits, now=now):
            log.warning("a staff sign-in was stopped after too many attempts")
            raise self.validation_error("too_many_login_attempts")
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            give_back_attempt(*limits, now=now)
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing: `authenticate` gives back what it counted."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where who signed in begins: the technician without a role in Django's admin, others with «Hoy»."""
        if request.user.is_superuser and not is_staff_member(request.user):
            return reverse("admin:index")
        url: str = super().get_login_redirect_url(request)
        return url

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        remember_device(request, response, user)
        return response

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Any proof of the last ten minutes counts, the sign-in itself included (security T3)."""
        del app, kwargs
        request = context.request
        proofs = get_authentication_records(request, request.user)
        last = proofs[-1]["at"] if proofs else 0
        return bool(time() - last >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner what changed in the account (ASVS 6.3.7), at `email` if it was another until now."""
        del context
        if not email and not user.email:
            return
        now = timezone.now()
        queue(
            f"staff-change:{user.pk}:{template_prefix}:{email or ''}:{now.isoformat()}",
            "STAFF-CHANGE",
            to=Recipient(email or user.email, user.name),
            plantel=None,
            about="",
            context={"what": CHANGES[template_prefix], "changed_on": localdate(now).isoformat()},
            now=now,
        )

    def send_mail(self, template_prefix: str, email: str, values: dict[str, Any]) -> None:
        """Write one row whether or not the address is known, so that both answers cost the same."""
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
    """Make the one-use path under which a member of staff sets a new password."""
    user: AbstractBaseUser = User.objects.get(pk=notice.context["user"])
    key = default_token_generator.make_token(user)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": key},
    )
    return {"path": path}
