"""What a browser calls itself, in words by which its owner knows it."""

import pytest

from school.devices import device_of

ENGINE = "AppleWebKit/537.36 (KHTML, like Gecko)"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            f"Mozilla/5.0 (Linux; Android 14; SM-A155M) {ENGINE} Chrome/126.0 Mobile Safari/537.36",
            "Chrome en Android",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14) {ENGINE} SamsungBrowser/25.0 Chrome/121.0 Safari/537.36",
            "Samsung Internet en Android",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {ENGINE} Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge en Windows",
        ),
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {ENGINE} Chrome/126.0 Safari/537.36 OPR/111.0",
            "Opera en Linux",
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541) {ENGINE} Chrome/126.0 Safari/537.36",
            "Chrome en Chromebook",
        ),
        (f"{PHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari en iPhone"),
        (f"{PHONE} CriOS/126.0 Mobile/15E148 Safari/604.1", "Chrome en iPhone"),
        (f"{PHONE} FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "Firefox en iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Safari/604.1", "Safari en iPad"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:127.0) Gecko/20100101 Firefox/127.0",
            "Firefox en Mac",
        ),
        ("Firefox", "Firefox"),
        ("curl/8.5 (Linux)", "Linux"),
        ("curl/8.5", "otro aparato"),
        ("", "otro aparato"),
    ],
)
def test_device_of_names_browser_and_system(user_agent, words):
    assert device_of(user_agent) == words
