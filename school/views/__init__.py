from school.views.account import activate_totp, change_password, sign_out
from school.views.planteles import edit_direction, list_planteles, show_plantel
from school.views.sessions import end_other_sessions, end_session, list_sessions
from school.views.users import switch_shortcuts

__all__ = [
    "activate_totp",
    "change_password",
    "edit_direction",
    "end_other_sessions",
    "end_session",
    "list_planteles",
    "list_sessions",
    "show_plantel",
    "sign_out",
    "switch_shortcuts",
]
