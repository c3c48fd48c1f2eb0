"""Random public ids: what stands in a URL instead of a row number."""

import secrets


def public_id() -> str:
    """This will return 128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)
