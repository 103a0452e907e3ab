// The rarer questions: matrix, ranking, number, date, addresses.

import { order, special } from './options.js';

/** @import { Kind, Ui } from './fields.js' */
/** @import { Question } from './types.js' */

/**
 * What the core lends, so that nothing is loaded twice.
 * @typedef {object} Kit
 * @property {typeof import('./fields.js').choices} choices
 * @property {typeof import('./fields.js').scale} scale
 * @property {typeof import('./fields.js').text} text
 * @property {(text: string, ...values: unknown[]) => string} fill
 * @property {(tag: string, attributes?: Record<string, any>,
 *   ...children: (Node | string | number | null | undefined)[]) => any} h
 */

const STAR = 'M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3-5.8 3 1.1-6.5L2.6 9.4l6.5-.9z';
const EMAIL_CHARS_MAX = 254;
const PHONE_CHARS_MAX = 32;

/** A picture of one line. @param {string} line */
const picture = (line) => {
  const [box, path] = ['svg', 'path'].map((it) =>
    document.createElementNS('http://www.w3.org/2000/svg', it));
  box.setAttribute('viewBox', '0 0 24 24');
  box.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', line);
  box.append(path);
  return box;
};

/** A face, from sad to glad. @param {number} mood From -1 to 1. */
const face = (mood) => picture(`M12 3a9 9 0 1 0 .01 0zM9 9.5v.6M15 9.5v.6` +
  `M8 ${15 - mood}Q12 ${15 + 3 * mood} 16 ${15 - mood}`);

/** Whether words fit a mask: # is a digit, A a Latin letter, * either. @param {string} mask */
export const fits = (mask, /** @type {string} */ words) => {
  const marks = [...mask];
  const letters = [...words];
  return marks.length === letters.length && marks.every((mark, at) =>
    (mark === '#' ? /\d/ : mark === 'A' ? /[a-z]/i : mark === '*' ? /[a-z\d]/i : null)
      ?.test(letters[at]) ?? mark === letters[at]);
};

/** @param {Kit} kit @returns {Record<string, Kind>} */
export const kinds = (kit) => {
  const { choices, scale, text, fill, h } = kit;

  /**
   * A line of words with a type of its own.
   * @param {Record<string, any>} attributes
   * @param {(words: string) => any} read Yields what is meant, or nothing.
   * @param {(value: any, ui: Ui, question: Question) => string} [judge]
   * @returns {Kind}
   */
  const line = (attributes, read, judge) => (ui, question, ids, changed) => {
    const { unit, min, max } = question;
    const box = h('input', { class: 'line', ...ids, ...attributes, input: changed,
      ...(attributes.type === 'date' && { min, max }) });
    const words = () => box.value.trim();
    return {
      parts: [h('div', { class: 'with' }, box, unit && ui.say('span', {}, unit) || '')],
      marks: [box],
      // Words that mean nothing are no answer to send, and still no empty line.
      value: () => (words() || box.validity.badInput ? read(words()) ?? null : undefined),
      set: (value) => { box.value = value; },
      wrong: (value) => (value === null ? ui.words.form : judge?.(value, ui, question) || ''),
    };
  };

  /** @type {(value: any, ui: Ui, question: Question) => string} */
  const within = (value, { words }, { min, max }) => (
    min != null && value < min ? fill(words.from, min)
      : max != null && max < value ? fill(words.to, max) : '');

  /** Decimal commas are points, and digits of other scripts are digits. @param {string} words */
  const digits = (words) => words.replace(/[٠-٩]/g, (it) => String(it.charCodeAt(0) - 0x660))
    .replace(/[０-９]/g, (it) => String(it.charCodeAt(0) - 0xff10)).replace(/[,٫，]/, '.')
    .replace('．', '.').replace(/^[−－]/, '-');

  /** @type {Kind} */
  const number = (ui, question, ids, changed) => {
    const { decimals = 0 } = question;
    const form = new RegExp(`^-?\\d{1,15}${decimals ? `(\\.\\d{1,${decimals}})?` : ''}$`);
    return line({ type: 'text', inputmode: decimals ? 'decimal' : 'numeric', autocomplete: 'off' },
      (words) => (form.test(digits(words)) ? +digits(words) : undefined),
      within)(ui, question, ids, changed);
  };

  /** Rows that are answered each by itself. @type {Kind} */
  const matrix = (ui, question, ids, changed) => {
    const { options, required } = question;
    const name = ids['aria-labelledby'];
    const rows = order(question.rows || [], question.shuffle).map((row) => {
      const label = `${name}${row.id}`;
      const control = (options ? choices : scale)(ui, { ...question, shuffle: false,
        type: options ? 'single_choice' : 'matrix' },
      { ...ids, 'aria-labelledby': label, 'aria-label': null }, changed);
      const [box, ends] = control.parts;
      return { id: row.id, control, ends,
        element: h('div', { class: 'row' }, ui.say('div', { id: label }, row.text), box) };
    });
    const empty = () => rows.find(({ control }) => control.value() === undefined);
    const given = () => rows.map(({ id, control }) => [id, control.value()])
      .filter(([, value]) => value !== undefined);
    return {
      parts: [h('div', { class: `rows ${options ? 'worded' : ''}`, role: 'group',
        'aria-labelledby': name }, ...rows.map((it) => it.element), rows[0]?.ends)],
      marks: rows.flatMap(({ control }) => control.marks),
      focus: () => (empty() || rows[0]).control.focus?.(),
      value: () => (given()[0] ? Object.fromEntries(given()) : undefined),
      set: (value) => rows.forEach(({ id, control }) => {
        if (value[id] !== undefined) control.set(value[id]);
      }),
      wrong: () => (required && empty() ? ui.words.rows : ''),
    };
  };

  /** One list, the ranked ones on top: pressing ranks, arrows move. @type {Kind} */
  const ranking = (ui, question, ids, changed) => {
    const options = order(question.options || [], question.shuffle);
    const max = +(question.max || options.length);
    const { words } = ui;
    /** @type {string[]} */
    let ranked = [];
    const news = h('p', { class: 'away', role: 'status' });
    const list = h('ol', { class: 'ranking', ...ids,
      'aria-required': null });
    const items = options.map(({ id, text }) => {
      const label = ui.say('span', { id: `${ids['aria-labelledby']}${id}` }, text);
      const say = () => {
        const at = ranked.indexOf(id);
        news.textContent = at < 0 ? `${label.textContent}: ${words.unranked}`
          : `${label.textContent}: ${fill(words.place, at + 1, max)}`;
      };
      /** @param {number} to @param {any} [button] */
      const move = (to, button) => {
        ranked = ranked.filter((it) => it !== id);
        if (0 <= to) ranked.splice(to, 0, id);
        show();
        // What moved keeps the focus, or the one beside it where it can go no further.
        (button && !button.disabled ? button : pick).focus();
        say();
        changed();
      };
      const [up, down] = [['up', -1], ['down', 1]].map(([kind, by]) => h('button', {
        type: 'button', class: kind, 'aria-label': `${words[kind]}: ${label.textContent}`,
        click: (/** @type {MouseEvent} */ event) =>
          move(ranked.indexOf(id) + +by, event.currentTarget) }));
      const pick = h('button', { type: 'button', class: 'pick',
        click: () => move(ranked.includes(id) ? -1 : ranked.length) },
      h('span', { class: 'place', 'aria-hidden': 'true' }), label);
      const keydown = (/** @type {KeyboardEvent} */ event) => {
        const at = ranked.indexOf(id);
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!by || at < 0) return;
        event.preventDefault();
        if (ranked[at + by]) move(at + by);
      };
      const show = () => {
        const at = ranked.indexOf(id);
        element.className = at < 0 ? '' : 'on';
        pick.firstChild.textContent = at < 0 ? '' : at + 1;
        pick.setAttribute('aria-pressed', 0 <= at);
        pick.setAttribute('aria-label', at < 0 ? label.textContent
          : `${label.textContent}: ${fill(words.place, at + 1, max)}`);
        pick.disabled = at < 0 && max <= ranked.length;
        up.hidden = down.hidden = at < 0;
        up.disabled = at < 1;
        down.disabled = at === ranked.length - 1;
      };
      const element = h('li', { keydown }, pick, up, down);
      return { id, element, show, pick };
    });
    const show = () => {
      const rank = (/** @type {string} */ id) => (ranked.indexOf(id) + 1 || Infinity);
      const sorted = [...items].sort((a, b) => (rank(a.id) < rank(b.id) ? -1 : 1));
      sorted.forEach((it, at) => {
        it.show();
        if (list.children[at] !== it.element) list.insertBefore(it.element, list.children[at]);
      });
    };
    show();
    return {
      parts: [list, news], marks: [list],
      focus: () => items.find((it) => !it.pick.disabled)?.pick.focus(),
      value: () => (ranked[0] ? ranked : undefined),
      set: (value) => {
        ranked = value.filter((/** @type {string} */ id) => options.some((it) => it.id === id));
        show();
      },
      wrong: () => (ranked.length < max ? fill(words.rank, max) : ''),
    };
  };

  /** @type {Kind} */
  const icons = (ui, question, ids, changed) => {
    const { display } = question;
    const control = scale(ui, question, ids, changed, (at, last) =>
      (display === 'stars' ? picture(STAR) : face(at / last * 2 - 1)));
    /** @type {Element} */ (control.parts[0]).classList.add('icons', display || '');
    return control;
  };

  /** Words of a form. @type {Kind} */
  const mask = (ui, question, ids, changed) => {
    const { pattern, min_length: min = 0 } = question;
    // Isolated, or a mask would run from right to left in an Arabic sentence.
    const hint = pattern && fill(ui.words.format, `\u2066${pattern}\u2069`);
    const control = text(ui, question, ids, changed, (words) => (
      [...words].length < min ? fill(ui.words.short, min)
        : hint && !fits(pattern, words) ? hint : ''));
    return { ...control, hint };
  };

  /** @type {Kind} */
  const consent = (ui, _, ids, changed) => {
    const name = ids['aria-labelledby'];
    const box = h('input', { type: 'checkbox', ...ids, 'aria-labelledby': `${name} ${name}c`,
      change: changed });
    return { parts: [h('div', { class: 'choices' }, h('label', {}, box,
      h('span', { id: `${name}c` }, ui.words.agree)))], marks: [box],
    value: () => box.checked || undefined, set: (value) => { box.checked = value; } };
  };

  return {
    options: special(kit), consent, icons, mask, matrix, number, ranking,
    date: line({ type: 'date' }, (words) => words || undefined, within),
    email: line({ type: 'email', autocomplete: 'email', maxlength: EMAIL_CHARS_MAX },
      (words) => (/^[^\s@,;<>]+@[^\s@,;<>.]+(\.[^\s@,;<>.]+)+$/.test(words) ? words : undefined)),
    phone: line({ type: 'tel', autocomplete: 'tel', maxlength: PHONE_CHARS_MAX },
      (words) => (/^\+?[ ().-]*(\d[ ().-]*){5,15}$/.test(words)
        ? words : undefined)),
  };
};
