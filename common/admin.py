"""Django's admin as a read-only look: the work is done on the staff pages."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class LookOnlyAdmin(admin.ModelAdmin):
    """A list and a page per row; nothing can be added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        del request, obj
        return False
