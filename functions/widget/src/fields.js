// The questions: number rows, choices and words, each with its error.

import { h } from './base.js';

/** @import { Question, Texts } from './types.js' */

/** Two digits within this time make one number: 1 then 0 is ten. */
const DIGITS_MS_MAX = 800;

/**
 * What a question needs to know of the widget that it stands in.
 * @typedef {object} Ui
 * @property {Record<string, any>} words
 * @property {string} direction
 * @property {(tag: string, attributes: Record<string, any>, texts: Texts) => any} say
 * @property {any} [steps] Takes a form apart into steps.
 */

/**
 * What answers a question.
 * @typedef {object} Control
 * @property {Node[]} parts
 * @property {Element[]} marks What is wrong if the answer is.
 * @property {() => void} [focus]
 * @property {() => any} value
 * @property {(value: any) => void} set
 * @property {string} [hint]
 * @property {(value: any) => string} [wrong] What is wrong with an answer, in words.
 */

/** @typedef {(ui: Ui, question: Question, ids: Record<string, any>, changed: () => void) =>
 *   Control} Kind */

/** The numbers a scored question offers. @param {Question} question */
const pointsOf = ({ type, points = 5 }) => {
  const [from, to] = type === 'nps' ? [0, 10] : [1, type === 'effort' ? 7 : points];
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
};

/**
 * A row of numbers, or of pictures: one tab stop; arrows, Home, End and digits choose.
 * @param {Ui} ui
 * @param {Question} question
 * @param {Record<string, any>} ids
 * @param {() => void} changed
 * @param {(at: number, last: number) => Node} [draw]
 * @returns {Control}
 */
export const scale = (ui, question, ids, changed, draw) => {
  const points = pointsOf(question);
  const last = points.length - 1;
  const words = ui.words[question.type] || ui.words.rating;
  const ends = [question.low, question.high].map((texts, at) =>
    (texts ? ui.say('span', {}, texts) : h('span', {}, words[at])));
  /** @param {number} at */
  const name = (at) => points[at] +
    (at === 0 ? `, ${ends[0].textContent}` : at === last ? `, ${ends[1].textContent}` : '');
  /** @type {number | undefined} */
  let chosen;
  /** @param {number} at */
  const mark = (at) => {
    chosen = points[at];
    buttons.forEach((button, index) => {
      button.setAttribute('aria-checked', index === at);
      button.tabIndex = index === Math.max(at, 0) ? 0 : -1;
      button.classList.toggle('on', index <= at);
    });
  };
  /** @param {number} at */
  const choose = (at) => {
    mark(at);
    chosen_at = Date.now();
    buttons[at].focus();
    changed();
  };
  const buttons = points.map((point, at) => h('button', {
    role: 'radio', 'aria-label': name(at), click: () => choose(at),
  }, draw ? draw(at, last) : point));
  mark(-1);
  let chosen_at = 0;
  const keydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = buttons.indexOf(event.target);
    const up = now < last ? now + 1 : 0;
    const down = 0 < now ? now - 1 : last;
    const isRtl = ui.direction === 'rtl';
    // 1 and then 0 is ten.
    const typed = event.key === '0' && chosen === 1 && Date.now() < chosen_at + DIGITS_MS_MAX
      ? 10 : +event.key;
    const to = /^\d$/.test(event.key) ? points.indexOf(typed) : {
      ArrowRight: isRtl ? down : up, ArrowDown: up, ArrowLeft: isRtl ? up : down, ArrowUp: down,
      Home: 0, End: last,
    }[event.key] ?? -1;
    if (to < 0) return;
    event.preventDefault();
    choose(to);
  };
  const box = h('div', { role: 'radiogroup', class: `scale n${last + 1} ${6 < last ? 'long' : ''}`,
    ...ids, keydown }, ...buttons);
  const legend = h('p', { class: 'ends', 'aria-hidden': 'true' },
    ...ends.map((it, at) => h('span', {},
      draw ? '' : `${points[at && last]} – `, it)));
  return { parts: [box, legend], marks: [box], value: () => chosen,
    set: (value) => mark(points.indexOf(value)),
    focus: () => buttons.find((it) => it.tabIndex === 0).focus() };
};

/** Options, one or several of them. @type {Kind} */
export const choices = (ui, { options = [], type }, ids, changed) => {
  const many = type === 'multiple_choice';
  const boxes = options.map(({ id }) => h('input', { type: many ? 'checkbox' : 'radio',
    name: ids['aria-labelledby'], value: id }));
  const taken = () => boxes.filter((it) => it.checked).map((it) => it.value);
  const box = h('div', { role: many ? 'group' : 'radiogroup', class: 'choices', change: changed,
    ...ids },
  ...options.map(({ text: texts }, at) => h('label', {}, boxes[at], ui.say('span', {}, texts))));
  return { parts: [box], marks: many ? boxes : [box],
    focus: () => (boxes.find((it) => it.checked) || boxes[0]).focus(),
    value: () => (many ? taken()[0] && taken() : taken()[0]),
    set: (given) => boxes.forEach((it) => { it.checked = [given].flat().includes(it.value); }) };
};

/**
 * Words, whose form may be tested.
 * @param {Ui} _
 * @param {Question} question
 * @param {Record<string, any>} ids
 * @param {() => void} changed
 * @param {(words: string) => string} [test]
 * @returns {Control}
 */
export const text = (_, question, ids, changed, test) => {
  const { max_length: maxlength, pattern } = question;
  const area = h(pattern ? 'input' : 'textarea', { maxlength, rows: 3, class: 'line', ...ids,
    input: changed });
  return { parts: [area], marks: [area],
    value: () => area.value.trim() || undefined,
    set: (value) => { area.value = value; },
    wrong: test };
};

/** @type {Kind} */
const statement = () => ({ parts: [], marks: [], value: () => undefined, set: () => {} });

/** @type {Record<string, Kind>} */
export const KINDS = { nps: scale, rating: scale, effort: scale, single_choice: choices,
  multiple_choice: choices, text, statement };

/** What a question is drawn by; whatever has a form of its own is in the second module.
 * @param {Question} question
 */
export const kindOf = ({ type, display, pattern, min_length, options = [], shuffle, min, max }) => (
  pattern || min_length ? 'mask' : display && display !== 'numbers' ? 'icons'
    : /_c/.test(type) && (shuffle || min || +(max || 99) < options.length
      || options.some((it) => it.open || it.exclusive)) ? 'options' : type);

/** @typedef {ReturnType<typeof field>} Field */

/**
 * One question: its words, its control, and the place where its error appears.
 * @param {Ui} ui
 * @param {Question} question
 * @param {number} at
 * @param {Kind} kind
 * @param {() => void} changed
 */
export const field = (ui, question, at, kind, changed) => {
  const { words } = ui;
  const { type, required, help } = question;
  const error = h('p', { class: 'error', role: 'alert', id: `e${at}` });
  /** @param {string} message */
  const fail = (message) => {
    error.textContent = message;
    element.classList.toggle('bad', message !== '');
    control.marks.forEach((it) => it.setAttribute('aria-invalid', String(message !== '')));
  };
  const asked = ui.say('span', {}, question.text);
  const control = kind(ui, question, { 'aria-labelledby': `q${at}`,
    // For readers to whom the words above are out of sight in a long form.
    'aria-label': asked.textContent,
    'aria-describedby': `h${at} e${at}`,
    // A group of boxes has no such state.
    'aria-required': required && type !== 'multiple_choice' && 'true' }, () => {
    fail('');
    changed();
  });
  const element = h('div', { class: `field ${type}`, tabindex: -1 },
    h('div', { class: 'ask', id: `q${at}` }, asked, ' ',
      required && h('span', { class: 'need' }, words.required) || ''),
    h('p', { class: 'hint', id: `h${at}` }, help && ui.say('span', {}, help), control.hint),
    ...control.parts, error);
  /** What is wrong with the answer, in words; empty when nothing is. @returns {string} */
  const wrong = () => {
    const value = control.value();
    if (value === undefined) return required ? words.answer : '';
    return control.wrong?.(value) || '';
  };
  const focus = control.focus ||
    (() => /** @type {HTMLElement} */ (control.marks[0] || element).focus());
  const { value, set } = control;
  return { id: question.id, type, element, fail, wrong, focus, value, set };
};
