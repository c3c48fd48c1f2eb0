"""How staff passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at the OWASP minimum (19 MiB, 2 passes, 1 lane): 18 ms, so a peak of sign-ins is no outage."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
