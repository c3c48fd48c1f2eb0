"""Where a request comes from: addresses in, a network out."""

from collections.abc import Collection
from ipaddress import ip_address, ip_network

UNKNOWN = "unknown"
UNIX_SOCKET = "unix"


def client_address(remote: str, forwarded_for: str, *, trusted_proxies: Collection[str]) -> str:
    """Return the address that our own proxy saw, or the one that spoke to us directly.

    `X-Forwarded-For` counts only behind a trusted proxy, and only its last entry: the others are whatever the
    client wrote. A proxy on a Unix socket is trusted by the word «unix».
    """
    trusted = (remote or UNIX_SOCKET) in trusted_proxies
    return _normal(forwarded_for.rpartition(",")[2].strip() if trusted else remote)


def network_of(address: str) -> str:
    """Return the /24 (IPv6: /64) around an address: what one household or attacker commands."""
    if address == UNKNOWN:
        return UNKNOWN
    prefix = 24 if ip_address(address).version == 4 else 64
    return str(ip_network(f"{address}/{prefix}", strict=False))


def _normal(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return UNKNOWN
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
