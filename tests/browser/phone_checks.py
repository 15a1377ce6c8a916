"""What a page must keep for eyes, ears and hands of every sort: zoom, forced colours, rest, names, keys."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.page_checks import UNFOLD

Size = tuple[int, int]

ZOOMED: Size = (640, 400)
"""A window of 1280 x 800 at 200 % zoom, CSS pixels."""

PHONE: Size = (390, 844)

SCRIPT = """
 const all = s => [...document.querySelectorAll(s)];
 const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.vh,.skip') && e.getClientRects().length;
 const said = e => (e.tagName + ' ' + (e.textContent || e.name || '').trim().replace(/\\s+/g, ' ')).slice(0, 60);
"""
"""What the looks below share; each is the body of a function that returns what is wrong."""

CUT = """
 const out = [], html = document.documentElement;
 if (html.scrollWidth > innerWidth + 1) {
  const wide = all('body *').filter(e => e.checkVisibility() && !e.closest('svg,[role=region]') &&
    Math.max(e.getBoundingClientRect().right, e.getBoundingClientRect().left + e.scrollWidth) > innerWidth + 1);
  out.push('scrolls sideways: ' + wide.slice(-2).map(said).join(' | '));
 }
 const hides = v => v === 'hidden' || v === 'clip';
 for (const e of all('body *')) {
  if (!shown(e) || e.closest('svg,thead') || !e.textContent.trim()) continue;
  const s = getComputedStyle(e), x = hides(s.overflowX) && e.scrollWidth > e.clientWidth + 1;
  if (x || hides(s.overflowY) && e.scrollHeight > e.clientHeight + 1) out.push('cut off: ' + said(e));
 }
 return out"""

RESTLESS = """
 const long = s => [s.transitionDuration, s.animationDuration].join().split(',')
  .some(t => parseFloat(t) * (t.trim().endsWith('ms') ? 1 : 1000) > 10);
 const out = all('*').filter(e => ['', '::before', '::after'].some(p => long(getComputedStyle(e, p || null))))
  .map(e => 'moves: ' + said(e));
 if (all('*').some(e => getComputedStyle(e).scrollBehavior !== 'auto')) out.push('glides');
 return out"""

FADED = """
 const out = [], style = e => getComputedStyle(e), clear = c => c === 'transparent' || /^rgba.*, 0\\)$/.test(c);
 const edged = e => ['Top', 'Right', 'Bottom', 'Left'].some(side => {
  const s = style(e); return parseFloat(s[`border${side}Width`]) > 0 && !/none|hidden/.test(s[`border${side}Style`])
   && !clear(s[`border${side}Color`]) });
 const lined = e => style(e).textDecorationLine.includes('underline');
 const ground = e => { for (; e; e = e.parentElement) if (!clear(style(e).backgroundColor)) return style(e).backgroundColor; return 'rgb(0, 0, 0)' };
 const light = c => { const n = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * n[0] + .7152 * n[1] + .0722 * n[2] };
 const apart = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
 for (const e of all('button,.btn')) if (shown(e) && !edged(e) && !lined(e)) out.push('no edge: ' + said(e));
 for (const e of all('input:not([type=hidden]),select,textarea'))
  if (shown(e) && style(e).opacity !== '0' && style(e).appearance === 'none' && !edged(e)) out.push('no edge: ' + e.name);
 for (const e of all('a[href]')) if (shown(e) && !edged(e) && !lined(e) && style(e).color === style(e.parentElement).color)
  out.push('like its text: ' + said(e));
 for (const e of all('.tag')) if (shown(e) && !(edged(e) && e.innerText.trim())) out.push('no word or edge: ' + said(e));
 for (const e of all('svg')) {
  if (!shown(e) || e.closest('.hoavan,[role=img],.qr')) continue;
  const drawn = [...e.querySelectorAll('path,circle,rect,line,polyline,use')].flatMap(p => [style(p).stroke, style(p).fill]).filter(c => c.startsWith('rgb') && !clear(c));
  if (drawn.length && !drawn.some(c => apart(c, ground(e)) >= 3)) out.push('icon lost in ' + said(e.parentElement));
 }
 return out"""

RINGLESS = """
 const ring = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && !/^rgba.*, 0\\)$/.test(s.outlineColor);
 const drawn = n => ring(getComputedStyle(n)) || ring(getComputedStyle(n, '::before')) || ring(getComputedStyle(n, '::after'));
 const out = [];
 for (const e of all('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]')) {
  if (!e.checkVisibility({visibilityProperty: true}) || e.disabled) continue;
  e.focus({focusVisible: true, preventScroll: true});
  if (document.activeElement !== e) out.push('takes no focus: ' + said(e));
  else if (![e, ...(e.labels || [])].some(drawn)) out.push('no ring: ' + said(e));
 }
 return out"""

OUTLINE = """
 const out = [], levels = all('h1,h2,h3,h4,h5,h6').filter(e => e.checkVisibility()).map(e => +e.tagName[1]);
 levels.forEach((n, i) => { if (n > (levels[i - 1] || 0) + 1) out.push('skips to h' + n) });
 for (const e of all('[tabindex]')) if (e.tabIndex > 0) out.push('jumps the order: ' + said(e));
 if (all('main').length !== 1) out.push('main stands ' + all('main').length + ' times');
 if (document.documentElement.lang !== 'vi') out.push('speaks ' + document.documentElement.lang);
 return out"""

STOPS = """
 const way = all('main a[href],main button,main input:not([type=hidden]),main select,main textarea,main summary,main [tabindex="0"]')
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled);
 const radio = e => e.type === 'radio' && (e.form || document).querySelector(`[name="${e.name}"]:checked`);
 const first = {}, stops = way.filter(e => { if (e.type !== 'radio') return true;
  const one = radio(e); if (one) return e === one; return first[e.name] ? false : (first[e.name] = true) });
 document.querySelector('main').focus();
 all('[data-last]').forEach(e => delete e.dataset.last);
 if (stops.length) stops[stops.length - 1].dataset.last = '';
 return stops.map(said)"""
"""Where Tab stops in the main part; a group of radio buttons is one stop, where it is answered."""

NAMELESS = re.compile(
    r"^\s*- (link|button|textbox|searchbox|combobox|listbox|checkbox|radio|spinbutton|table|navigation|region)(?! \")(.*)$",
    re.MULTILINE,
)


def troubles(page: Page) -> list[str]:
    """Everything wrong with the page at 200 % zoom and text size, in forced colours, for ear and keys."""
    size = page.viewport_size or {"width": PHONE[0], "height": PHONE[1]}
    page.evaluate(UNFOLD)
    found = [*_zoomed(page), *_looked(page, RESTLESS), *_looked(page, OUTLINE), *_nameless(page)]
    page.emulate_media(forced_colors="active", color_scheme="dark")
    found += [*_looked(page, FADED), *_looked(page, RINGLESS)]
    page.emulate_media(forced_colors="none", color_scheme="light")
    found += _walked(page)
    page.set_viewport_size(size)
    return found


def _looked(page: Page, look: str) -> list[str]:
    told: list[str] = page.evaluate(f"() => {{ {SCRIPT} {look} }}")
    return told


def _zoomed(page: Page) -> Iterator[str]:
    """Officials have a desk; letters of twice the size on a phone are for citizens and carriers."""
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    yield from (f"zoomed: {what}" for what in _looked(page, CUT))
    if page.locator("body.desk").count():
        return
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    yield from (f"large text: {what}" for what in _looked(page, CUT))
    page.evaluate("document.documentElement.removeAttribute('style')")


def _nameless(page: Page) -> list[str]:
    heard = page.locator("body").aria_snapshot()
    return [f"no name: {role}{rest}" for role, rest in NAMELESS.findall(heard)]


def _walked(page: Page) -> list[str]:
    """Tab as often as there are stops ends on the last of them: none left out, none that keeps the keys."""
    stops = _looked(page, STOPS)
    for _stop in stops:
        page.keyboard.press("Tab")
    is_there = not stops or page.evaluate("'last' in document.activeElement.dataset")
    return [] if is_there else [f"Tab comes not to {stops[-1]}"]
