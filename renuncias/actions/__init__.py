from renuncias.actions.ask import ask_renuncia, issue_renuncias
from renuncias.actions.decide import (
    accept_renuncia,
    attach_scan,
    receive_renuncia,
    receive_renuncias,
    revoke_renuncia,
    undo_renuncia,
    void_renuncia,
    withdraw_renuncia,
)
from renuncias.actions.prints import issue_and_print, print_renuncias

__all__ = [
    "accept_renuncia",
    "ask_renuncia",
    "attach_scan",
    "issue_and_print",
    "issue_renuncias",
    "print_renuncias",
    "receive_renuncia",
    "receive_renuncias",
    "revoke_renuncia",
    "undo_renuncia",
    "void_renuncia",
    "withdraw_renuncia",
]
