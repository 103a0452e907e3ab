// What every expression of a test can use. Shadow roots are looked into.
const roots = (at = document) => [at,
  ...[...at.querySelectorAll('*')].filter((it) => it.shadowRoot)
    .flatMap((it) => roots(it.shadowRoot))];
const all = (selector) => roots().flatMap((it) => [...it.querySelectorAll(selector)]);
const one = (selector) => all(selector)[0];
const isShown = (it) => it.checkVisibility({ visibilityProperty: true });
const focused = () => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
};
const textOf = (it) => (it?.textContent || '').replace(/\s+/g, ' ').trim();
// The name of a control as a person would say it, with the group that it stands in.
const nameOf = (it) => {
  if (!it || it === document.body) return '';
  const root = it.getRootNode();
  const ids = (it.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
  const own = it.getAttribute('aria-label') || ids.map((id) => textOf(root.getElementById(id)))
    .join(' ') || [...(it.labels || [])].map(textOf).join(' ') || textOf(it) ||
    it.getAttribute('title') || '';
  const group = it.parentElement?.closest('[role=radiogroup],[role=group],fieldset,[role=list]');
  const around = !group ? '' : group.tagName === 'FIELDSET'
    ? textOf(group.querySelector('legend')) : nameOf(group);
  return around ? `${around}: ${own}` : own;
};
// Everything that reaches out of the window to either side, but for what scrolls within a box.
const outside = () => all('*').filter((it) => {
  const box = it.getBoundingClientRect();
  return isShown(it) && 1 < box.width && (box.left < -0.5 || innerWidth + 0.5 < box.right) &&
    !it.closest('.away, .trap, .scroll > *');
}).map((it) => `${it.tagName}.${it.className} ${textOf(it).slice(0, 40)}`);
// Everything whose words do not fit into it.
const clipped = () => all('*').filter((it) => isShown(it) && 1 < it.clientWidth &&
  it.clientWidth + 1 < it.scrollWidth && getComputedStyle(it).overflowX !== 'visible' &&
  // A field scrolls what is typed into it, and a table that is too wide scrolls within its box.
  it.tagName !== 'INPUT' && !it.closest('.away, .trap, .scroll'))
  .map((it) => `${it.tagName}.${it.className} ${textOf(it).slice(0, 40)}`);
// Controls that a finger or a shaking hand would miss (WCAG 2.2, 2.5.8).
const tiny = () => all('button, input, select, textarea, a[href]').filter((it) => {
  const label = it.closest('label') || it.labels?.[0] || it;
  const [box, around] = [it, label].map((at) => at.getBoundingClientRect());
  return isShown(it) && Math.max(box.height, around.height) < 24 && !it.closest('.away, .trap');
}).map((it) => `${it.tagName} ${nameOf(it)}`);
