"""What makes a page scroll sideways, and what on it is too small for a thumb (goal E6)."""

from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE

TWICE = 2
PRIMARY, STANDALONE = 48, 24
"""Pixels (CSS) of height: the one green button of a page, everything else that stands alone."""

OVERFLOW = """(size) => {
  const page = document.documentElement;
  if (parseFloat(getComputedStyle(page).fontSize) !== size) return "text of another size";
  if (page.scrollWidth <= page.clientWidth) return "";
  const wide = [...document.querySelectorAll("body *")].filter(
    (node) => node.getBoundingClientRect().right > page.clientWidth + 1);
  return wide.slice(-1).map((node) => node.outerHTML.slice(0, 120)).join("") || "scrolls";
}"""

SMALL_TARGETS = """([primary, standalone]) => {
  const text = (node) => node.textContent.replace(/\\s+/g, "");
  const isInText = (link) => {
    const block = link.closest("p, li, dd, td, th, label, legend, figcaption, caption, summary, h1, h2, h3, dt");
    return link.matches("a") && block && text(block) !== text(link);
  };
  const targetOf = (field) => field.matches("[type=radio], [type=checkbox]") && field.closest(".form-check") || field;
  const found = [];
  const kinds = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  for (const node of document.querySelectorAll(kinds)) {
    if (node.closest(".visually-hidden, .skip-link") || !node.checkVisibility() || isInText(node)) continue;
    const height = targetOf(node).getBoundingClientRect().height;
    const least = node.matches("main .btn-primary") ? primary : standalone;
    if (height && height < least - 0.5) found.push(`${height.toFixed(1)} px: ${node.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""


def too_wide(page: Page, what: str) -> list[str]:
    """Return what makes the page scroll sideways: on a small phone, and with the browser's text set twice as large."""
    found = []
    browser = page.context.new_cdp_session(page)
    for width, size in ((NARROW * TWICE, TWICE), (WIDE, TWICE), (NARROW, 1)):
        page.set_viewport_size({"width": width, "height": 800})
        browser.send(
            "Page.setFontSizes", {"fontSizes": {"standard": 16 * size, "fixed": 13 * size}}
        )
        if culprit := page.evaluate(OVERFLOW, 16 * size):
            found.append(f"{what} at {width} px, text × {size}: {culprit}")
    browser.detach()
    return found


def too_small(page: Page, what: str) -> list[str]:
    """Return what is too small to be pressed."""
    found = []
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        small = page.evaluate(SMALL_TARGETS, [PRIMARY, STANDALONE])
        found += [f"{what} at {width}: {each}" for each in small]
    return found
