"""What is raised when a CURP or NSS cannot be right."""


class IdentityError(ValueError):
    """A CURP or NSS that cannot be right: a `code` for programs, a Spanish `sentence` to show."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class CurpError(IdentityError):
    """A text that cannot be a CURP."""


class NssError(IdentityError):
    """A text that cannot be a NSS."""
