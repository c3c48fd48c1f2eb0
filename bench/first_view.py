"""When a page is there on a cheap phone with a bad line (goal E3), and the marks Lighthouse gives it (goal E4).

The portal runs as in production, with compressed static files, and holds a small demo. Each page is opened several
times by a browser that has seen nothing of the portal; what is reported is the median.

    script/bench first_view [--pages NAME …] [--looks N] [--audits N]

- On 400 kbps with 400 ms to the portal and a sixth of the processor: the largest contentful paint, and the sum of all
  shifts of the layout, which is never less than CLS. Students hold a phone of 320 × 640 at two pixels a point, the
  staff's pages stand on a screen of 1280 × 800. The review is painted last where the picture of a sheet is: up to
  150 kB, three seconds on that line alone, so of it only the shifts have a goal.
- Lighthouse on its own phone and its own simulated line. It comes from npm at the first run, into var/.

A busy machine slows what is measured: `machine` is Lighthouse's index of its speed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.harness import Goal, report

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
STUDENTS = 60

BAD_LINE = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""Milliseconds, bytes a second."""
SLOWER = 6
PHONE = {"viewport": {"width": 320, "height": 640}, "device_scale_factor": 2, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
SETTLED_MS = 1_000

LIGHTHOUSE = "12.8.2"
CATEGORIES = {"performance": 95, "accessibility": 100, "best-practices": 100}
"""With the least mark."""
FLAGS = ("--headless=new", "--disable-gpu", "--disable-background-networking")
LONGEST_AUDIT = 180
TRIES = 3

Figures = dict[str, float]


@dataclass(frozen=True)
class View:
    """One page, and the session of who looks; `is_desk` says that it is made for an office screen."""

    name: str
    path: str
    session: str
    is_desk: bool

    def goals(self) -> list[Goal]:
        """Return what is asked of the page."""
        paint = [] if self.name == "review" else [Goal("lcp_ms", at_most=2_500)]
        marks = [Goal(name.replace("-", "_"), at_least=least) for name, least in CATEGORIES.items()]
        return [*paint, Goal("shifts", at_most=0.1), *marks]


# The pages ---------------------------------------------------------------------------------------
def load_demo() -> None:
    """Fill the empty database with the smallest demo."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("demo", students=STUDENTS, stdout=sys.stderr)


def views() -> Iterator[View]:
    """Give the pages that are looked at, each with a session that begins now."""
    from django.urls import reverse
    from django.utils import timezone

    from bench.pages import member
    from followup.queries.progress import progress
    from followup.states import Stage
    from nss.queries.queue import review_queue
    from students.models import Enrollment
    from tests.browser.scenes import Scene
    from tests.browser.weight import session_of

    stays = progress(Enrollment.objects.select_related("student__user"), now=timezone.now())
    visitor, revisor = Scene(), member("revisor-1")
    reviewer = Scene(revisor)
    student = Scene(stays.filter(stage=Stage.S_01)[0].student.user, is_student=True)
    acuse = review_queue(revisor)[0]
    for name, path, who in (
        ("cover", reverse("followup:cover"), visitor),
        ("sign_in", reverse("students:sign_in"), visitor),
        ("guide", reverse("followup:guide"), visitor),
        ("my_steps", reverse("followup:my_steps"), student),
        ("upload", reverse("nss:upload"), student),
        ("today", reverse("followup:today"), reviewer),
        ("review", reverse("nss:review_acuse", args=[acuse.public_id]), reviewer),
    ):
        yield View(name, path, session_of(who), is_desk=who is reviewer)


# On a bad line -----------------------------------------------------------------------------------
SEEN = """async () => {
  const entries = (type) => new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries())).observe({ type, buffered: true });
    setTimeout(() => done([]), 100);
  });
  const paint = (await entries("largest-contentful-paint")).at(-1);
  const shifts = await entries("layout-shift");
  return {
    lcp_ms: Math.round(paint?.startTime ?? NaN),
    shifts: shifts.reduce((sum, entry) => sum + entry.value, 0),
    what: (paint?.element?.outerHTML ?? "").slice(0, 80),
  };
}"""


def look(browser: Any, portal: str, view: View) -> dict[str, Any]:
    """Open the page once on the bad line; return its largest contentful paint and its shifts."""
    from tests.browser.weight import sign_in

    screen = DESK if view.is_desk else PHONE
    context = browser.new_context(**screen, locale="es-MX", service_workers="block")
    sign_in(context, view.session, portal)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, **BAD_LINE})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(portal + view.path, wait_until="networkidle", timeout=60_000)
    if answer.status != 200 or page.url != portal + view.path:
        sys.exit(f"{view.path} answered {answer.status} and led to {page.url}")
    page.wait_for_timeout(SETTLED_MS)
    seen: dict[str, Any] = page.evaluate(SEEN)
    context.close()
    return seen


def look_often(portal: str, view: View, times: int) -> Figures:
    """Open the page that many times, after once to warm up the server; return the medians."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox())
        seen = [look(browser, portal, view) for _ in range(times + 1)][1:]
        browser.close()
    paints, shifts = [each["lcp_ms"] for each in seen], [each["shifts"] for each in seen]
    say(view, f"painted after {paints} ms, shifts {[round(each, 4) for each in shifts]}")
    say(view, f"last: {seen[-1]['what']}")
    return {"lcp_ms": median(paints), "shifts": round(median(shifts), 4)}


def sandbox() -> list[str]:
    """Return the flag without which root starts no Chromium."""
    return [] if os.geteuid() else ["--no-sandbox"]


def say(view: View, text: str) -> None:
    """Tell whoever waits."""
    print(f"    {view.name:9} {text}", file=sys.stderr)


# Lighthouse --------------------------------------------------------------------------------------
def lighthouse() -> Path:
    """Return the program, installed at the first run."""
    folder = ROOT / "var" / f"lighthouse-{LIGHTHOUSE}"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if program.exists():
        return program
    npm = shutil.which("npm") or sys.exit("Lighthouse needs npm, and there is none")
    print(f"Installing Lighthouse {LIGHTHOUSE} …", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    install = [npm, "install", "--no-audit", "--no-fund", f"lighthouse@{LIGHTHOUSE}"]
    environment = os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"}
    done = subprocess.run(install, cwd=folder, env=environment, stdout=sys.stderr)
    if done.returncode or not program.exists():
        sys.exit(f"npm did not install Lighthouse {LIGHTHOUSE}")
    return program


def audit(program: Path, portal: str, view: View) -> dict[str, Any]:
    """Let Lighthouse look at the page once; return its report.

    On a busy machine it now and then loses its own trace and asks to be started again: so often it is.
    """
    for _ in range(TRIES):
        done = run_lighthouse(program, portal, view)
        if done.returncode == 0:
            break
        say(view, done.stderr.strip()[-300:])
    else:
        sys.exit(f"Lighthouse did not look at {view.path}")
    found: dict[str, Any] = json.loads(done.stdout)
    if found.get("runtimeError") or found["finalDisplayedUrl"] != portal + view.path:
        sys.exit(f"Lighthouse saw {found['finalDisplayedUrl']}: {found.get('runtimeError')}")
    return found


def run_lighthouse(program: Path, portal: str, view: View) -> "subprocess.CompletedProcess[str]":
    """Start Lighthouse with the session of who looks, and wait for its end."""
    from tests.browser.weight import SESSION_COOKIE

    cookie = {"Cookie": f"{SESSION_COOKIE}={view.session}"} if view.session else {}
    command = [
        *(str(program), portal + view.path, "--quiet", "--output=json"),
        *("--no-enable-error-reporting", "--disable-full-page-screenshot"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--extra-headers={json.dumps(cookie)}",
        f"--chrome-flags={' '.join([*FLAGS, *sandbox()])}",
    ]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LONGEST_AUDIT, env=environment
    )


def marks(found: dict[str, Any]) -> Figures:
    """Return the mark of each category, of a hundred; a category without one is no number."""
    scores = {name: found["categories"][name]["score"] for name in CATEGORIES}
    return {name: float("nan") if it is None else round(100 * it) for name, it in scores.items()}


def what_cost(found: dict[str, Any]) -> list[str]:
    """Return the audits that cost marks, with what they saw."""
    weighty = [one for name in CATEGORIES for one in found["categories"][name]["auditRefs"]]
    audits = [found["audits"][one["id"]] for one in weighty if one["weight"]]
    return [
        f"{one['id']}: {one['score']} {one.get('displayValue', '')}"
        for one in audits
        if one["score"] is not None and one["score"] < 0.9
    ]


def audit_often(program: Path, portal: str, view: View, times: int) -> Figures:
    """Let Lighthouse look that many times; return the median of each mark, and how fast it found the machine."""
    reports = [audit(program, portal, view) for _ in range(times)]
    given = [marks(found) for found in reports]
    say(view, f"{', '.join(CATEGORIES)}: {[tuple(each.values()) for each in given]}")
    for line in sorted({line for found in reports for line in what_cost(found)}):
        say(view, line)
    figures = {name.replace("-", "_"): median(one[name] for one in given) for name in CATEGORIES}
    return figures | {"machine": median(one["environment"]["benchmarkIndex"] for one in reports)}


# -------------------------------------------------------------------------------------------------
def main() -> None:
    """Look at each page, let Lighthouse look at it, and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", nargs="+", help="only these")
    options.add_argument("--looks", type=int, default=5, help="on the bad line, at each page")
    options.add_argument("--audits", type=int, default=3, help="by Lighthouse, at each page")
    arguments = options.parse_args()
    from tests.browser.weight import production
    from tests.conftest import free_port

    program = lighthouse()
    load_demo()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop lives in this thread
    database, folder = os.environ["DATABASE_URL"], Path(os.environ["VAR_DIR"])
    figures: Figures = {}
    goals: list[Goal] = []
    with production(database=database, folder=folder, port=free_port()) as portal:
        for view in views():
            if arguments.pages and view.name not in arguments.pages:
                continue
            found = look_often(portal, view, arguments.looks)
            found |= audit_often(program, portal, view, arguments.audits)
            figures |= {f"{view.name}_{name}": value for name, value in found.items()}
            goals += [
                Goal(f"{view.name}_{goal.name}", goal.at_most, goal.at_least)
                for goal in view.goals()
            ]
    report("first_view", figures=figures, goals=goals)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main()
