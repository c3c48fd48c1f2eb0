"""Random values: what stands in a URL instead of a row number, and the installation's own secret."""

import os
import secrets
from pathlib import Path


def public_id() -> str:
    """Return 128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


def kept_secret(path: Path) -> str:
    """Return the secret kept in the file, made at the first call: 50 random bytes as text.

    Of several processes that start at once, one makes it and all read the same.
    """
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            return kept_secret(path)
        finally:
            draft.unlink()
    return path.read_text()
