"""Only our own proxy is believed about where a request comes from."""

import pytest

from common.addresses import client_address, network_of

PROXY = "10.0.0.5"


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (PROXY, "198.51.100.1", "198.51.100.1"),
        (PROXY, "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (PROXY, "198.51.100.1, <script>", "unknown"),
        (PROXY, "", "unknown"),
        ("", "198.51.100.1", "unknown"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("2001:db8::1", "", "2001:db8::1"),
    ],
)
def test_client_address(remote, forwarded, expected):
    assert client_address(remote, forwarded, trusted_proxies=[PROXY]) == expected


def test_client_address_behind_a_unix_socket():
    assert client_address("", "198.51.100.1", trusted_proxies=["unix"]) == "198.51.100.1"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_network_of(address, expected):
    assert network_of(address) == expected
