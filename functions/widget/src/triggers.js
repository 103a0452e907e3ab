// When a survey opens of its own accord.

import { guard } from './base.js';

/** Less upward movement than this near the upper edge is no farewell. */
const EXIT_PX_MAX = 8;

/** Whether an address fits one of several patterns in which a star stands for anything.
 * @param {string} patterns
 * @param {Pick<Location, 'href' | 'pathname' | 'search'>} at
 */
export const isAt = (patterns, { href, pathname, search }) =>
  patterns.split(/\s+/).some((it) => {
    const whole = new RegExp(`^${it.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`);
    return [href, pathname, pathname + search].some((address) => whole.test(address));
  });

/**
 * Where the page is (`url`), for how long (`after`) and how far it was read (`scroll`) are
 * conditions, and all of them have to hold. Leaving (`exit`), a click (`click`) and an event
 * (`event`) are moments: any of them opens, once the conditions hold. Without a moment, the
 * conditions open by themselves.
 *
 * @param {DOMStringMap} settings
 * @param {(isOnPurpose: boolean) => void} open
 */
export const watch = ({ url, after, scroll, exit, click, event: name }, open) => {
  const isHere = () => !url || isAt(url, location);
  const hasMoment = exit != null || click || name;
  if (click) {
    document.addEventListener('click', guard((/** @type {any} */ event) => {
      // Somebody pressed a button for feedback: that is their wish, and nothing holds it back.
      if (isHere() && event.target.closest?.(click)) open(true);
    }));
  }
  if (!hasMoment && !after && !scroll && !url) return;
  const began = Date.now();
  const wait_ms = 1000 * +(after || 0);
  let hasScrolled = !scroll;
  const check = guard(() => {
    if (!isHere() || !hasScrolled || Date.now() - began < wait_ms) return;
    open(false);
  });
  if (exit != null) {
    document.addEventListener('mouseout', guard((event) => {
      if (!event.relatedTarget && event.clientY < EXIT_PX_MAX) check();
    }));
  }
  if (name) for (const target of [document, window]) target.addEventListener(name, check);
  const go = hasMoment ? () => {} : check;
  if (scroll) {
    window.addEventListener('scroll', guard(() => {
      const { scrollHeight } = document.documentElement;
      hasScrolled ||= +scroll / 100 * scrollHeight <= window.scrollY + window.innerHeight;
      go();
    }), { passive: true });
  }
  setTimeout(go, wait_ms);
  // Pages that change their address without loading.
  /** @type {any} */ (window).navigation?.addEventListener('navigatesuccess', go);
};
