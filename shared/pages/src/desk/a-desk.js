// The script of the desk. Its pages work without it: it knows some keys, keeps lists as new as what
// they show, keeps what was typed, and tells who else looks at a case.
const desk = (() => {
  'use strict';

  const REFRESH_MS = 20_000;
  const PRESENCE_MS = 15_000;
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

  /** @param {string} name */
  const remembered = (name) => {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  };

  /** @param {string} name @param {string} value */
  const remember = (name, value) => {
    try {
      if (value) sessionStorage.setItem(name, value);
      else sessionStorage.removeItem(name);
    } catch {
      // A browser that keeps nothing forgets.
    }
  };

  // What was typed and not sent is there again after a reload, in this window.

  /** @param {HTMLFormElement} form @param {string} name */
  const draftName = (form, name) => `huiyin-draft ${form.action.split('?')[0]} ${name}`;

  /** @param {Element} root */
  const drafts = (root) => {
    for (const it of root.querySelectorAll('textarea[data-draft]')) {
      if (!(it instanceof HTMLTextAreaElement) || !it.form) continue;
      const name = draftName(it.form, it.name);
      const kept = remembered(name);
      if (kept && !it.value.trim()) it.value = kept;
      it.addEventListener('input', () => remember(name, it.value));
      it.form.addEventListener('submit', () => remember(name, ''));
    }
  };

  // A text to begin from goes where somebody writes.

  /** @param {Element} root */
  const inserts = (root) => {
    for (const it of root.querySelectorAll('select[data-insert]')) {
      if (!(it instanceof HTMLSelectElement)) continue;
      it.addEventListener('change', () => {
        const into = document.getElementById(it.dataset['insert'] ?? '');
        const text = it.selectedOptions[0]?.dataset['text'];
        if (!(into instanceof HTMLTextAreaElement) || !text) return;
        into.setRangeText(text, into.selectionStart, into.selectionEnd, 'end');
        into.dispatchEvent(new Event('input', { bubbles: true }));
        into.focus();
      });
    }
    // A box that ticks all of its table.
    for (const it of root.querySelectorAll('input[data-all]')) {
      if (!(it instanceof HTMLInputElement)) continue;
      it.hidden = false;
      it.addEventListener('change', () => {
        const name = it.dataset['all'] ?? '';
        for (const box of document.getElementsByName(name)) {
          if (box instanceof HTMLInputElement) box.checked = it.checked;
        }
      });
    }
    // A file fills the field below it: forms without scripts take what is pasted there.
    for (const it of root.querySelectorAll('input[type=file][data-into]')) {
      if (!(it instanceof HTMLInputElement)) continue;
      it.addEventListener('change', async () => {
        const into = document.getElementById(it.dataset['into'] ?? '');
        const file = it.files?.[0];
        if (into instanceof HTMLTextAreaElement && file) into.value = await file.text();
      });
    }
    // What only works with scripts is shown by them.
    for (const it of root.querySelectorAll('[data-scripted]')) it.removeAttribute('hidden');
    for (const it of root.querySelectorAll('button[data-copy]')) {
      if (!(it instanceof HTMLButtonElement)) continue;
      it.addEventListener('click', async () => {
        const from = document.getElementById(it.dataset['copy'] ?? '');
        const text = from instanceof HTMLTextAreaElement ? from.value : (from?.textContent ?? '');
        await navigator.clipboard.writeText(text.trim());
        it.textContent = of('Copied', '已复制');
      });
    }
  };

  // Lists stay as new as what they show.

  let isEdited = false;
  const isBusy = () => {
    const at = document.activeElement;
    const isTyping = at?.closest('main form') && at.localName !== 'button';
    const isChosen = document.querySelector('main input[type=checkbox]:checked');
    const dialog = document.querySelector('dialog[open]');
    return isEdited || isTyping || isChosen || dialog || !getSelection()?.isCollapsed;
  };

  const refresh = async () => {
    const foot = document.querySelector('footer[data-tag]');
    if (!foot || document.hidden || isBusy()) return;
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
    const focused = document.activeElement?.id ?? '';
    const row = rows().findIndex((it) => it === document.activeElement);
    const open = [...main.querySelectorAll('details')].map((it) => it.open);
    main.replaceChildren(...newMain.childNodes);
    foot.replaceWith(newFoot);
    main.querySelectorAll('details').forEach((it, at) => {
      it.open = open[at] ?? it.open;
    });
    prepare(main);
    help(newFoot);
    const again = focused ? document.getElementById(focused) : rows()[row];
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  };

  // Who else is here.

  let wroteAt = 0;
  const meet = async () => {
    const here = document.querySelector('[data-presence]');
    if (!here || document.hidden) return;
    const isWriting = Date.now() - wroteAt < PRESENCE_MS;
    const answer = await fetch(here.getAttribute('data-presence') ?? '', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ is_writing: isWriting }),
    });
    if (!answer.ok) return;
    const told = await answer.json();
    /** @type {{name: string, is_writing: boolean}[]} */
    const others = told.items;
    const lines = others.map((it) =>
      it.is_writing
        ? of(`${it.name} is writing here`, `${it.name} 正在此处填写`)
        : of(`${it.name} is looking at this too`, `${it.name} 也在查看`),
    );
    const text = lines.join(of('; ', '；'));
    if (here.textContent !== text) here.textContent = text;
    const version = Number(here.getAttribute('data-version'));
    if (told.version && version && told.version !== version) changed(here);
  };

  /** @param {Element} here */
  const changed = (here) => {
    if (document.getElementById('changed')) return;
    if (!isBusy()) {
      location.reload();
      return;
    }
    const text = of(
      'Something changed here meanwhile. What you type stays; load the page again to see it.',
      '其间此处已有变化。您填写的内容会保留，重新加载页面即可查看变化。',
    );
    here.after(make('p', { id: 'changed', class: 'others', role: 'status' }, text));
  };

  // Keys. A page gives an element its key in `data-key`, and what it does in `data-does`.

  const mayUseKeys = () => {
    try {
      return localStorage.getItem(KEYS) !== 'off';
    } catch {
      return true;
    }
  };

  const rows = () =>
    [...document.querySelectorAll('[data-row]')].filter((it) => it instanceof HTMLElement);

  /** @param {number} by */
  const step = (by) => {
    const all = rows();
    const at = all.findIndex((it) => it === document.activeElement);
    const next = at < 0 ? (by < 0 ? all.length - 1 : 0) : at + by;
    all[Math.max(0, Math.min(next, all.length - 1))]?.focus();
  };

  /** @type {HTMLDialogElement | null} */
  let dialog = null;
  const explain = () => {
    dialog ??= make('dialog', { class: 'help', 'aria-labelledby': 'keys' });
    dialog.replaceChildren(make('h2', { id: 'keys' }, of('Keys', '快捷键')));
    const list = make('dl');
    /** @param {string} key @param {string} text */
    const row = (key, text) => {
      const term = make('dt');
      term.append(make('kbd', {}, key));
      list.append(term, make('dd', {}, text));
    };
    for (const it of document.querySelectorAll('[data-key][data-does]')) {
      row(it.getAttribute('data-key') ?? '', it.getAttribute('data-does') ?? '');
    }
    if (rows().length) row('j · k', of('To the next or the previous row', '下一行、上一行'));
    for (const it of document.querySelectorAll('.ways [data-go]')) {
      row(`g ${it.getAttribute('data-go')}`, it.textContent ?? '');
    }
    row('?', of('This list', '显示本列表'));
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
    const button = make('button', { type: 'button', class: 'quiet' }, of('Keys', '快捷键'));
    button.addEventListener('click', explain);
    foot.append(button);
  };

  /** Does what a key is for: opens what is closed around it, then goes there, presses or ticks it.
   * @param {Element} it */
  const act = (it) => {
    for (let at = it.parentElement; at; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true;
    }
    if (it instanceof HTMLAnchorElement || it instanceof HTMLButtonElement) it.click();
    else if (it instanceof HTMLInputElement && ['radio', 'checkbox'].includes(it.type)) {
      it.focus();
      it.click();
    } else if (it instanceof HTMLDetailsElement) {
      it.open = true;
      const first = it.querySelector('textarea, select, input:not([type=hidden]), button');
      if (first instanceof HTMLElement) first.focus();
    } else if (it instanceof HTMLElement) it.focus();
  };

  let isGoing = false;
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const at = event.target instanceof Element ? event.target : document.body;
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      const form = at.closest('main form');
      if (form instanceof HTMLFormElement) form.requestSubmit();
      return;
    }
    const isTyping = at.closest(
      'input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], dialog',
    );
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping) return;
    if (!mayUseKeys() || event.defaultPrevented) return;
    if (isGoing) {
      isGoing = false;
      const way = document.querySelector(`.ways [data-go="${CSS.escape(event.key)}"]`);
      if (way instanceof HTMLAnchorElement) way.click();
      return;
    }
    if (event.key === 'g') isGoing = true;
    else if (event.key === '?') explain();
    else if (event.key === 'j' && rows().length) step(1);
    else if (event.key === 'k' && rows().length) step(-1);
    else {
      const it = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!it) return;
      act(it);
    }
    event.preventDefault();
  };

  /** @type {((root: Element) => void)[]} */
  const prepared = [drafts, inserts];
  /** @param {Element} root */
  const prepare = (root) => prepared.forEach((it) => it(root));

  const begin = () => {
    const main = document.querySelector('main');
    if (!main) return;
    prepare(main);
    const foot = document.querySelector('footer');
    if (foot && document.querySelector('.ways')) help(foot);
    addEventListener('keydown', pressed);
    main.addEventListener('input', (event) => {
      const it = event.target instanceof Element ? event.target.closest('form') : null;
      if (it?.method === 'post') isEdited = true;
      wroteAt = Date.now();
    });
    // Whoever comes back to a form that was refused is where it says why.
    const alert = document.querySelector('main .errors a');
    if (alert instanceof HTMLElement) alert.focus();
    if (document.querySelector('[data-presence]')) {
      meet().catch(() => {});
      setInterval(() => meet().catch(() => {}), PRESENCE_MS);
    }
  };

  const clock = setInterval(() => refresh().catch(() => {}), REFRESH_MS);
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
  else setTimeout(begin);

  return {
    of,
    make,
    /** Has something done with a page once it is there, and with each newer one.
     * @param {(root: Element) => void} it */
    prepare: (it) => prepared.push(it),
  };
})();
