from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import path, re_path

from school import views
from school.access import staff_account

app_name = "school"

urlpatterns = [
    path("", views.list_planteles, name="planteles"),
    path("atajos/", views.switch_shortcuts, name="switch_shortcuts"),
    path("<str:clave>/", views.show_plantel, name="plantel"),
    path("<str:clave>/direccion/", views.edit_direction, name="edit_direction"),
]

staff_sign_in = [
    path("entrar/", account.login, name="account_login"),
    path("salir/", views.sign_out, name="account_logout"),
    path("inactiva/", account.account_inactive, name="account_inactive"),
    path("confirmar/", staff_account(account.reauthenticate), name="account_reauthenticate"),
    path("contrasena/", staff_account(views.change_password), name="account_change_password"),
    path("contrasena/olvidada/", account.password_reset, name="account_reset_password"),
    path("contrasena/enviada/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^contrasena/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "contrasena/lista/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sesiones/", staff_account(views.list_sessions), name="staff_sessions"),
    path("sesiones/cerrar/", staff_account(views.end_session), name="staff_end_session"),
    path(
        "sesiones/cerrar-las-demas/",
        staff_account(views.end_other_sessions),
        name="staff_end_other_sessions",
    ),
    path("segundo-factor/", staff_account(mfa.index), name="mfa_index"),
    path("segundo-factor/codigo/", mfa.authenticate, name="mfa_authenticate"),
    path("segundo-factor/confirmar/", staff_account(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("segundo-factor/activar/", staff_account(views.activate_totp), name="mfa_activate_totp"),
    path(
        "segundo-factor/recuperacion/",
        staff_account(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "segundo-factor/recuperacion/nuevos/",
        staff_account(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "segundo-factor/recuperacion/descargar/",
        staff_account(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
"""allauth's own names, without a namespace: its views look each other up by them. No sign-up, no e-mail
list, and nothing that switches the second factor off (security T3).

Ours beside them begin with `staff_`.
"""
