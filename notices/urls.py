from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("", views.list_notices, name="list"),
    path("<str:public_id>/", views.show_notice, name="show"),
    path("<str:public_id>/enviar-otra-vez/", views.send_notice_again, name="send_again"),
]
