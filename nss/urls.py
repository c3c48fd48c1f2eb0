from django.urls import URLPattern, URLResolver

app_name = "nss"

urlpatterns: list[URLPattern | URLResolver] = []
