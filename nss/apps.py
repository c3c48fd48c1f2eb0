from django.apps import AppConfig


class NSSConfig(AppConfig):
    name = "nss"
    verbose_name = "acuses y NSS"
