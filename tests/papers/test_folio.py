"""How a paper is verified: the address that the worker writes is the one that the portal answers at."""

from django.urls import reverse

from papers.folio import verify_path


def test_verify_path_is_the_address_of_the_verification():
    token = "aB3-_" + "x" * 17

    assert verify_path(token) == reverse("papers:show_paper", args=[token])
    assert verify_path() == reverse("papers:find_paper")
