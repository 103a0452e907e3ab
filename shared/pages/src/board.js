// The script of pages of figures. They work without it: it tells what is pointed at, keeps the
// page as new as its figures, and knows some keys.
(() => {
  'use strict';

  const REFRESH_MS = 30_000;
  const KEYS = 'huiyin-keys';
  const zh = document.documentElement.lang.startsWith('zh');
  /** @param {string} en @param {string} cn */
  const of = (en, cn) => (zh ? cn : en);

  /**
   * An element with attributes and a text.
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag @param {Record<string, string>} [attributes] @param {string} [text]
   */
  const make = (tag, attributes = {}, text = '') => {
    const it = document.createElement(tag);
    for (const name in attributes) it.setAttribute(name, attributes[name] ?? '');
    it.textContent = text;
    return it;
  };

  // What is pointed at, by pointer or by key.

  const tip = make('div', { class: 'tip', role: 'status', hidden: '' });
  /** @type {Element | null} */
  let told = null;

  const hide = () => {
    told?.classList.remove('at');
    told = null;
    tip.hidden = true;
  };

  /** @param {Element} it */
  const tell = (it) => {
    if (told === it) return;
    hide();
    told = it;
    it.classList.add('at');
    tip.textContent = it.getAttribute('data-tip');
    tip.hidden = false;
    const box = it.getBoundingClientRect();
    const left = box.left + box.width / 2 - tip.offsetWidth / 2;
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = `${Math.max(8, Math.min(left, innerWidth - tip.offsetWidth - 8))}px`;
    const below = Math.min(box.bottom + 8, innerHeight - tip.offsetHeight);
    tip.style.top = `${above < 8 ? below : above}px`;
  };

  /** @param {Event} event */
  const pointed = (event) => {
    const it = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
    if (it) tell(it);
    else hide();
  };

  /** @param {KeyboardEvent} event */
  const step = (event) => {
    const chart = event.target;
    if (!(chart instanceof SVGSVGElement)) return;
    const spots = [...chart.querySelectorAll('[data-tip]')];
    const at = told ? spots.indexOf(told) : -1;
    const ends = { ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: spots.length - 1 };
    const back = at < 0 ? spots.length - 1 : at - 1;
    const next = { ...ends, ArrowLeft: back, ArrowUp: back }[event.key];
    const spot = next === undefined ? null : spots[Math.max(0, Math.min(next, spots.length - 1))];
    if (!spot) return;
    event.preventDefault();
    hide();
    tell(spot);
  };

  /** Titles of parts become hints of ours: those of browsers come late, and to no key.
   * @param {Element} root */
  const hints = (root) => {
    for (const title of root.querySelectorAll('svg.chart :is(g, a) > title')) {
      const part = title.parentElement;
      part?.setAttribute('data-tip', title.textContent ?? '');
      title.remove();
    }
    for (const chart of root.querySelectorAll('svg.chart')) {
      if (chart.querySelector('[data-tip]')) chart.setAttribute('tabindex', '0');
    }
  };

  // A picture of a chart.

  /** @param {string} address @param {string} name */
  const picture = async (address, name) => {
    const svg = await (await fetch(address)).text();
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = make('canvas');
    const scale = 3;
    const edge = 16;
    canvas.width = (image.naturalWidth + 2 * edge) * scale;
    canvas.height = (image.naturalHeight + 2 * edge) * scale;
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.fillStyle = getComputedStyle(document.body).getPropertyValue('--card') || '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.scale(scale, scale);
    pen.drawImage(image, edge, edge);
    canvas.toBlob((blob) => {
      if (!blob) return;
      const link = make('a', { href: URL.createObjectURL(blob), download: `${name}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  };

  /** @param {Element} root */
  const pictures = (root) => {
    for (const link of root.querySelectorAll('a[data-format=svg]')) {
      if (!(link instanceof HTMLAnchorElement)) continue;
      const button = make('button', { type: 'button' }, 'PNG');
      const name = link.querySelector('.away')?.textContent ?? '';
      button.append(make('span', { class: 'away' }, name));
      const id = link.closest('figure')?.id ?? 'figure';
      button.addEventListener('click', () => {
        picture(link.href, id).catch(() => location.assign(link.href));
      });
      link.after(' ', button);
    }
  };

  // Days are asked for only where they count.

  /** @param {Element} root */
  const days = (root) => {
    const period = root.querySelector('.filters select[name=period]');
    if (!(period instanceof HTMLSelectElement)) return;
    const show = () => {
      for (const it of root.querySelectorAll('.filters :is([name=from], [name=to])')) {
        const label = it.closest('label');
        if (label) label.hidden = period.value !== 'custom';
      }
    };
    period.addEventListener('change', show);
    show();
  };

  // The page stays as new as its figures.

  let isEdited = false;
  const isBusy = () => {
    const at = document.activeElement;
    const isTyping = at?.closest('main form') && at.localName !== 'button';
    return (
      isEdited || isTyping || document.querySelector('dialog[open]') || !getSelection()?.isCollapsed
    );
  };

  const spares = () =>
    matchMedia('(prefers-reduced-data: reduce)').matches ||
    /** @type {any} */ (navigator).connection?.saveData === true;

  const reached = 'a[href], button, summary, select, input, [tabindex]';

  /** What somebody does with a page, to go on with it on the next one.
   * @param {Element} main */
  const kept = (main) => {
    const all = [...main.querySelectorAll(reached)];
    return {
      open: [...main.querySelectorAll('details')].map((it) => it.open),
      rolled: [...main.querySelectorAll('.scroll')].map((it) => [it.scrollLeft, it.scrollTop]),
      focus: document.activeElement ? all.indexOf(document.activeElement) : -1,
      top: scrollY,
    };
  };

  /** @param {Element} main @param {ReturnType<typeof kept>} was */
  const restore = (main, was) => {
    main.querySelectorAll('details').forEach((it, at) => {
      it.open = was.open[at] ?? it.open;
    });
    main.querySelectorAll('.scroll').forEach((it, at) => {
      it.scrollTo(was.rolled[at]?.[0] ?? 0, was.rolled[at]?.[1] ?? 0);
    });
    const focused = was.focus < 0 ? null : main.querySelectorAll(reached)[was.focus];
    if (focused instanceof HTMLElement || focused instanceof SVGElement) {
      focused.focus({ preventScroll: true });
    }
    scrollTo({ top: was.top, behavior: 'instant' });
  };

  const refresh = async () => {
    const foot = document.querySelector('footer[data-tag]');
    if (!foot || document.hidden || spares() || isBusy()) return;
    const tag = foot.getAttribute('data-tag') ?? '';
    const answer = await fetch(location.href, {
      cache: 'no-store',
      headers: { 'if-none-match': tag },
    });
    if (answer.status === 401 || answer.status === 403) clearInterval(clock);
    if (answer.status !== 200) return;
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [main, newMain] = [document.querySelector('main'), next.querySelector('main')];
    const newFoot = next.querySelector('footer[data-tag]');
    if (!main || !newMain || !newFoot || isBusy()) return;
    hide();
    const was = kept(main);
    prepare(newMain);
    main.replaceChildren(...newMain.childNodes);
    foot.replaceWith(newFoot);
    help(newFoot);
    days(main);
    restore(main, was);
  };

  /** @param {Element} main */
  const prepare = (main) => {
    hints(main);
    pictures(main);
  };

  // Keys.

  /** @type {Record<string, string>} */
  const periods = { w: '7d', d: '30d', m: 'month', q: 'quarter', y: 'year' };
  /** @type {Record<string, string>} */
  const pages = {
    o: '',
    t: '/touchpoints',
    v: '/voice',
    c: '/complaints',
    b: '/callbacks',
    k: '/goals',
    r: '/reports',
    s: '/shares',
  };

  const mayUseKeys = () => {
    try {
      return localStorage.getItem(KEYS) !== 'off';
    } catch {
      return true;
    }
  };

  /** @param {Record<string, string>} changed */
  const go = (changed) => {
    const query = new URLSearchParams(location.search);
    if (changed['period']) ['from', 'to'].forEach((it) => query.delete(it));
    for (const name in changed) query.set(name, changed[name] ?? '');
    location.search = query.toString();
  };

  /** @type {HTMLDialogElement | null} */
  let dialog = null;
  const explain = () => {
    dialog ??= make('dialog', { class: 'help', 'aria-labelledby': 'keys' });
    dialog.replaceChildren(make('h2', { id: 'keys' }, of('Keys', '快捷键')));
    const list = make('dl');
    for (const [keys, text] of [
      ['w · d', of('Last 7 days · last 30 days', '最近 7 天 · 最近 30 天')],
      ['m · q · y', of('This month · quarter · year', '本月 · 本季度 · 今年')],
      ['c', of('Compare, or not', '对比或不对比')],
      ['/', of('To the filters', '跳到筛选')],
      ['g o', of('Overview', '总览')],
      ['g t', of('Touchpoints', '触点')],
      ['g v', of('Voice', '客户之声')],
      ['g c', of('Complaints', '投诉')],
      ['g b', of('Call-backs', '回访')],
      ['g k', of('Goals', '指标')],
      ['g r', of('Reports', '报告')],
      ['g s', of('Shared', '分享')],
      ['← →', of('In a chart: from value to value', '在图表中逐个查看数值')],
      ['?', of('This list', '显示本列表')],
    ]) {
      const key = make('dt');
      key.append(make('kbd', {}, keys));
      list.append(key, make('dd', {}, text));
    }
    const label = make('label');
    const box = make('input', { type: 'checkbox' });
    box.checked = mayUseKeys();
    box.addEventListener('change', () => {
      try {
        localStorage.setItem(KEYS, box.checked ? 'on' : 'off');
      } catch {
        // A browser that keeps nothing asks again.
      }
    });
    label.append(box, of('Use these keys', '启用快捷键'));
    const close = make('button', { type: 'button' }, of('Close', '关闭'));
    close.addEventListener('click', () => dialog?.close());
    dialog.append(list, label, close);
    document.body.append(dialog);
    if (!dialog.open) dialog.showModal();
  };

  /** @param {Element} foot */
  const help = (foot) => {
    if (!document.querySelector('.ways')) return;
    const button = make('button', { type: 'button', class: 'quiet' }, of('Keys', '快捷键'));
    button.addEventListener('click', explain);
    foot.append(button);
  };

  let isGoing = false;
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.key === 'Escape') hide();
    const at = event.target instanceof Element ? event.target : document.body;
    const isTyping = at.closest('input, select, textarea, [contenteditable], dialog');
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping) return;
    step(event);
    if (!mayUseKeys() || event.defaultPrevented || !document.querySelector('.ways')) return;
    const way = isGoing ? pages[event.key] : undefined;
    isGoing = !isGoing && event.key === 'g';
    if (way !== undefined) {
      for (const it of document.querySelectorAll('.ways a')) {
        if (it instanceof HTMLAnchorElement && it.pathname === `/dashboard${way}`) it.click();
      }
      return;
    }
    const filters = document.querySelector('.filters');
    const period = periods[event.key];
    if (event.key === '?') explain();
    else if (!filters) return;
    else if (event.key === '/') {
      const first = filters.querySelector('select, input:not([type=hidden])');
      if (first instanceof HTMLElement) first.focus();
    } else if (period && filters.querySelector('[name=period]')) go({ period });
    else if (event.key === 'c' && filters.querySelector('select[name=compare]')) {
      const is = new URLSearchParams(location.search).get('compare') === 'none';
      go({ compare: is ? 'previous' : 'none' });
    } else return;
    event.preventDefault();
  };

  const begin = () => {
    const main = document.querySelector('main');
    const foot = document.querySelector('footer[data-tag]');
    if (!main) return;
    document.body.append(tip);
    prepare(main);
    days(main);
    if (foot) help(foot);
    addEventListener('pointerover', pointed);
    addEventListener('focusin', pointed);
    addEventListener('scroll', hide, { passive: true });
    addEventListener('keydown', pressed);
    main.addEventListener('input', () => {
      isEdited = true;
    });
    // What a browser does not print open is opened for it.
    addEventListener('beforeprint', () => {
      for (const it of main.querySelectorAll('details')) it.open = true;
    });
  };

  const clock = setInterval(() => refresh().catch(() => {}), REFRESH_MS);
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
  else begin();
})();
