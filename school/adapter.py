"""How the second factor of the staff behaves: secrets encrypted, QR drawn here."""

import base64
import hashlib
import io

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class StaffSecondFactorAdapter(DefaultMFAAdapter):
    """TOTP and recovery codes for everybody who works here (security T3)."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": "Activar primero la aplicación de códigos.",
        "incorrect_code": "El código no coincide. Esperar al siguiente y escribirlo.",
    }

    def build_totp_svg(self, url: str) -> str:
        drawn = (
            io.BytesIO()
        )  # `svg_inline` leaves out the namespace without which an <img> shows nothing
        qr = segno.make(url, micro=False)
        qr.save(drawn, kind="svg", scale=5, border=4, light="white", xmldecl=False, nl=False)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """The newest key encrypts, older ones still decrypt: SECRET_KEY can be changed without new enrolments."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
