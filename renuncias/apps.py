from django.apps import AppConfig


class RenunciasConfig(AppConfig):
    name = "renuncias"
    verbose_name = "renuncias"
