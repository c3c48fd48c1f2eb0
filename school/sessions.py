"""The session engine: Django's own in the database, with the person beside each session."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from school.models import LoginSession


class SessionStore(DatabaseStore):
    """Keeps who is signed in as a column; everything else is Django's."""

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        session = cast(LoginSession, super().create_model_instance(data))
        session.user_id = data.get(SESSION_KEY)
        return session
