from django.apps import AppConfig


class AffiliationConfig(AppConfig):
    name = "affiliation"
    verbose_name = "lotes al IMSS"
