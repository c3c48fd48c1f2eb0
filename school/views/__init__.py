from school.views.planteles import list_planteles, show_plantel
from school.views.users import switch_shortcuts

__all__ = ["list_planteles", "show_plantel", "switch_shortcuts"]
