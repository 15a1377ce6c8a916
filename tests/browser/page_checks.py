"""What every page must keep: axe, and what axe cannot see."""

import gzip
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}

OWN = """carrier => {
 const out = [], all = s => [...document.querySelectorAll(s)], seen = e => e.getClientRects().length;
 if (all('h1').length !== 1) out.push('h1 stands ' + all('h1').length + ' times');
 for (const e of all('[style]')) out.push('inline style ' + e.outerHTML.slice(0, 80));
 if (document.querySelector('script:not([src])')) out.push('inline script');
 for (const e of all('[aria-describedby],[aria-labelledby]'))
  for (const a of ['aria-describedby', 'aria-labelledby'])
   for (const id of (e.getAttribute(a) || '').split(/\\s+/).filter(Boolean))
    if (!document.getElementById(id)) out.push('dangling ' + id);
 const ids = all('[id]').map(e => e.id);
 for (const id of new Set(ids)) if (ids.filter(i => i === id).length > 1) out.push('id twice ' + id);
 for (const r of all('input[type=radio]'))
  if (!r.closest('fieldset')?.querySelector('legend')) out.push('radio without fieldset ' + r.name);
 for (const e of all('.field.bad')) {
  const field = e.querySelector('input:not([type=hidden]),select,textarea') || e;
  const marked = e.matches('[aria-invalid]') || e.querySelector('[aria-invalid]');
  const told = e.matches('[aria-describedby]') || e.querySelector('[aria-describedby]');
  if (!marked || !told) out.push('error not linked ' + (field.name || e.id));
 }
 for (const a of all('.sumerr a[href^="#"]'))
  if (!document.getElementById(a.getAttribute('href').slice(1))) out.push('summary misses ' + a.getAttribute('href'));
 if (document.querySelector('.sumerr') && !/^(Lỗi|Error):/.test(document.title)) out.push('title hides the error');
 const least = carrier ? 44 : 24;
 const inText = 'p,dd,li>span,td .note,th .note,caption,.skip,.vh';
 for (const e of all('a,button,summary,select,input:not([type=hidden])')) {
  const box = e.getBoundingClientRect();
  const tick = carrier && e.matches('input[type=checkbox],input[type=radio]') && e.closest('label,.pick');
  if (seen(e) && !e.closest(inText) && box.width > 1 && box.height < (tick ? 24 : least))
   out.push('target ' + Math.round(box.height) + ' px: ' + (e.textContent || e.name || '').trim().slice(0, 40));
 }
 return out; }"""

WIDE = """() => [...document.querySelectorAll('main *,header *')]
 .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.vh,svg,thead,[role=region],nav'))
 .slice(0, 3).map(e => e.tagName + '.' + e.className)"""


@dataclass(frozen=True)
class Budget:
    """What a page may weigh: bytes over the wire with gzip, raw bytes of HTML, requests."""

    transfer: int
    html: int
    requests: int


CITIZEN = Budget(60_000, 60_000, 8)
CARRIER = Budget(80_000, 60_000, 12)
DESK = Budget(100_000, 150_000, 12)


def findings(page: Page, *, carrier: bool = False) -> list[str]:
    """Everything wrong with the page as it stands, at its present width and at 320 px."""
    violations = Axe().run(page, options=AXE).response["violations"]
    found = [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in violations]
    found += page.evaluate(OWN, carrier)
    size = page.viewport_size or {"width": 1280, "height": 800}
    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        found.append(f"wider than 320 px: {page.evaluate(WIDE)}")
    page.set_viewport_size(size)
    return [f"{page.url}: {one}" for one in found]


class Scales:
    """Weighs what a page fetches, as gzip would send it."""

    def __init__(self, page: Page) -> None:
        self.responses: list[Response] = []
        page.on("response", self.responses.append)

    def start(self) -> None:
        """Forget what was fetched before."""
        self.responses.clear()

    def over(self, budget: Budget) -> list[str]:
        """Where the page is over its budget."""
        bodies = [(r.url, r.body()) for r in self.responses if r.status == 200]
        weight = sum(
            len(gzip.compress(body)) if not url.endswith(".woff2") else len(body) for url, body in bodies
        )
        html = max((len(body) for url, body in bodies if "/static/" not in url), default=0)
        over = [
            (weight, budget.transfer, "bytes"),
            (html, budget.html, "bytes of HTML"),
            (len(bodies), budget.requests, "requests"),
        ]
        return [f"{is_now} {what}, allowed {most}" for is_now, most, what in over if is_now > most]
