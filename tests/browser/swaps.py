"""What htmx changes on a page is read out, and what asks for it works without it (goal E8)."""

from playwright.sync_api import Page

FAULTY = """() => [...document.querySelectorAll("[hx-get], [hx-post]")].filter((node) => {
  const live = "[role=status], [aria-live]";
  const named = node.getAttribute("hx-target");
  const target = named ? document.querySelector(named) : node;
  const form = node.closest("form");
  const isHeard = target.closest(live) || target.querySelector(live) || form?.querySelector(live);
  const isPlain = node.matches("a[href]") || form?.querySelector("[type=submit]");
  const asksByItself = /^(every|load) /.test(node.getAttribute("hx-trigger") ?? "");
  return !window.htmx || !isHeard || !(isPlain || asksByItself);
}).map((node) => node.outerHTML.slice(0, 160))"""


def faulty_swaps(page: Page, what: str) -> list[str]:
    """Return what is swapped silently, asked for by nothing that a person can press without htmx, or never asked for.

    Heard is a place that is live, holds what is live, or is filled from a form that does. Pressed is a link or the
    button of the form; what asks by itself goes on without, by a refresh of the page. Never asked for is what stands
    on a page that does not load htmx.
    """
    return [f"{what}: {found}" for found in page.evaluate(FAULTY)]
