"""What the staff's own account pages add to allauth's: where it would lead to a page that the portal does not have."""

from allauth.account import views as account
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """«Salir»: nothing of the portal stays in a shared browser (security T22)."""
    response: HttpResponse = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def change_password(request: HttpRequest) -> HttpResponse:
    """Change the password; who has none yet sets it through the link by mail."""
    if request.user.is_authenticated and not request.user.has_usable_password():
        return redirect("account_reset_password")
    return account.password_change(request)


def activate_totp(request: HttpRequest) -> HttpResponse:
    """Enrol the second factor; who has it sees its page: it cannot be switched off."""
    if request.user.is_authenticated and is_mfa_enabled(request.user):
        return redirect("mfa_index")
    return totp.activate_totp(request)
