"""Who is signed in where."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from school.models.user import User


class LoginSession(AbstractBaseSession):
    """A browser's session; `user` is who signed in there, so that a person's sessions can be found and ended.

    What it holds is in school/sessions.py. Without `user` it is a visitor's.
    """

    user = models.ForeignKey(
        User, verbose_name="quién", on_delete=models.CASCADE, null=True, related_name="sessions"
    )

    class Meta:
        verbose_name = "sesión"
        verbose_name_plural = "sesiones"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store
