from school.views.account import activate_totp, change_password
from school.views.planteles import list_planteles, show_plantel
from school.views.users import switch_shortcuts

__all__ = [
    "activate_totp",
    "change_password",
    "list_planteles",
    "show_plantel",
    "switch_shortcuts",
]
