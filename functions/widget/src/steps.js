// One question after the other: the way forth and back, and how far it is.

/** @import { Field } from './fields.js' */
/** @import { Kit } from './rare.js' */

/**
 * What a form lends.
 * @typedef {object} Whole
 * @property {Record<string, any>} words
 * @property {() => Field[]} ahead The questions that the path reaches.
 * @property {(list: Field[], isAll?: boolean) => boolean} check
 * @property {() => void} save
 * @property {() => Promise<void>} submit
 * @property {(to: Field) => void} turn
 * @property {HTMLElement} button
 * @property {Field} first
 */

/** @typedef {ReturnType<ReturnType<typeof stepping>>} Steps */

/** @param {Kit} kit */
export const stepping = ({ fill, h }) => (/** @type {Whole} */ whole) => {
  const { words, ahead, check, save, submit, button } = whole;
  let current = whole.first;
  const back = h('button', { type: 'button', class: 'back', click: () => {
    const list = ahead();
    whole.turn(list[list.indexOf(current) - 1]);
  } }, words.back);
  const bar = h('progress', { 'aria-labelledby': 'step' });
  const step = h('p', { class: 'hint', id: 'step' });

  /** @param {Field[]} list */
  const show = (list) => {
    const at = list.indexOf(current);
    list.forEach((it) => { it.element.hidden = it !== current; });
    back.hidden = at < 1;
    const { parentElement: form } = top;
    form?.classList.toggle('begun', 0 < at);
    button.textContent = at < list.length - 1 ? words.next : words.send;
    step.textContent = fill(words.step, at + 1, list.length);
    bar.max = list.length;
    bar.value = at + 1;
  };
  const top = h('div', { class: 'step' }, step, bar);

  return {
    top, back, show,
    /** @param {Field} to */
    turn: (to) => {
      current = to;
      show(ahead());
    },
    next: () => {
      const list = ahead();
      const to = list[list.indexOf(current) + 1];
      if (!to) return submit();
      if (!check([current])) return undefined;
      whole.turn(to);
      return save();
    },
  };
};
