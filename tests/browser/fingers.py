"""What a student's hand does on the way: taps and typed characters (goal E1)."""

from playwright.sync_api import Page

TAP_S, THOUGHT_S, KEY_S = 1.1, 1.35, 0.35
"""Seconds, by the keystroke-level model: a tap, what goes through one's mind before it, a character typed by thumb."""


class Fingers:
    """Does what a person does, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.keys = 0

    @property
    def seconds(self) -> float:
        """How long a hand and a head need for all of it."""
        return self.taps * (TAP_S + THOUGHT_S) + self.keys * KEY_S

    def tap(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).locator("visible=true").click()
        self.taps += 1

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()
        self.taps += 1

    def type(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        field.click()
        field.press_sequentially(text)
        self.taps += 1
        self.keys += len(text)

    def pick(self, label: str, option: str) -> None:
        """Open a list and take one of it."""
        self.page.get_by_label(label, exact=True).select_option(option)
        self.taps += 2

    def check(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()
        self.taps += 1

    def choose(self, label: str, path: str) -> None:
        """Tap the field, then the folder and the file in the phone's own window."""
        self.page.get_by_label(label).set_input_files(path)
        self.taps += 3
