"""What every page must keep: axe, what axe cannot see, and what it may weigh."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.request import urlopen

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}

UNFOLD = """() => { for (const e of document.querySelectorAll('details')) {
 e.dataset.was = e.open + '|' + (e.getAttribute('name') || ''); e.removeAttribute('name'); e.open = true } }"""

REFOLD = """() => { for (const e of document.querySelectorAll('details[data-was]')) {
 const [open, name] = e.dataset.was.split('|'); e.open = open === 'true';
 if (name) e.setAttribute('name', name); delete e.dataset.was } }"""

OWN = """() => {
 const carrier = document.body.matches('.carrier'), out = [], all = s => [...document.querySelectorAll(s)], seen = e => e.getClientRects().length;
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

FETCHED = "() => performance.getEntriesByType('resource').map(e => e.name)"


@dataclass(frozen=True)
class Budget:
    """What a page may weigh on its first view, in bytes with gzip (html: without), and its requests."""

    transfer: int
    html: int
    requests: int
    css: int
    js: int


CITIZEN = Budget(60_000, 60_000, 8, 12_000, 2_000)
CARRIER = Budget(80_000, 60_000, 12, 12_000, 8_000)
DESK = Budget(100_000, 150_000, 12, 14_000, 10_000)


def findings(page: Page, widths: Sequence[int]) -> list[str]:
    """Everything wrong with the page, whatever folds on it opened, at each of *widths* and at 320 px."""
    size = page.viewport_size or {"width": 1280, "height": 800}
    page.evaluate(UNFOLD)
    found = [f"at {width}: {what}" for width in widths for what in _wrong_at(page, width, size["height"])]
    found += _too_wide(page, size["height"])
    page.set_viewport_size(size)
    page.evaluate(REFOLD)
    return found


def _wrong_at(page: Page, width: int, height: int) -> list[str]:
    if page.viewport_size != {"width": width, "height": height}:
        page.set_viewport_size({"width": width, "height": height})
    violations = Axe().run(page, options=AXE).response["violations"]
    told: list[str] = page.evaluate(OWN)
    return told + [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in violations]


def _too_wide(page: Page, height: int, width: int = 320) -> list[str]:
    page.set_viewport_size({"width": width, "height": height})
    is_wide = page.evaluate("document.documentElement.scrollWidth") > width
    return [f"wider than {width} px: {page.evaluate(WIDE)}"] if is_wide else []


def over_budget(page: Page, budget: Budget, document: bytes, seen: dict[str, Response]) -> list[str]:
    """Where the page is over its budget; *seen* are the answers this window got, by address."""
    sizes = dict(_sizes(page, seen))
    weighed = {
        "bytes": (len(gzip.compress(document)) + sum(sizes.values()), budget.transfer),
        "bytes of HTML": (len(document), budget.html),
        "requests": (len(sizes) + 1, budget.requests),
        "bytes of CSS": (_sum_of(sizes, ".css"), budget.css),
        "bytes of JavaScript": (_sum_of(sizes, ".js"), budget.js),
    }
    return [f"{is_now} {what}, allowed {most}" for what, (is_now, most) in weighed.items() if is_now > most]


def _sizes(page: Page, seen: dict[str, Response]) -> Iterator[tuple[str, int]]:
    """What the page fetched beside itself, cached or not, with its size over the wire."""
    for address in page.evaluate(FETCHED):
        if "/static/" in address:
            yield address, _static_size(address)
        elif address in seen:
            yield address, len(seen[address].body())


@cache
def _static_size(address: str) -> int:
    with urlopen(address) as answer:
        body = answer.read()
    return len(body) if address.endswith(".woff2") else len(gzip.compress(body))


def _sum_of(sizes: dict[str, int], ending: str) -> int:
    return sum(size for address, size in sizes.items() if address.endswith(ending))
