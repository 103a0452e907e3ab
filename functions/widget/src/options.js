// Choices of which some take words of one's own, or exclude the others, or come in random order.

/** @import { Kind } from './fields.js' */
/** @import { Kit } from './rare.js' */
/** @import { Option } from './types.js' */

const OWN_WORDS_CHARS_MAX = 500;

/**
 * In random order, but what is open or excludes the others stays last.
 * @param {Option[]} list
 * @param {boolean | undefined} isMixed
 */
export const order = (list, isMixed) => {
  /** @type {(it: Option) => boolean} */
  const stays = (it) => !!(it.open || it.exclusive);
  const mixed = list.filter((it) => !stays(it)).map((it) => ({ it, by: Math.random() }))
    .sort((a, b) => a.by - b.by).map(({ it }) => it);
  return isMixed ? [...mixed, ...list.filter(stays)] : list;
};

/** @param {Kit} kit @returns {Kind} */
export const special = ({ choices, fill, h }) => (ui, question, ids, changed) => {
  const list = order(question.options || [], question.shuffle);
  const many = question.type === 'multiple_choice';
  const { min = 0, max = list.length } = question;
  const { words: { least, most, own: please } } = ui;
  const control = choices(ui, { ...question, options: list }, ids, () => {});
  const [box] = /** @type {Element[]} */ (control.parts);
  const boxes = [...box.querySelectorAll('input')];
  const own = list.map(({ open }) => open && h('input', { type: 'text', class: 'line',
    maxlength: OWN_WORDS_CHARS_MAX, 'aria-label': please, placeholder: please,
    input: changed }));
  boxes.forEach((it, at) => { if (own[at]) it.parentElement?.after(own[at]); });
  /** @param {number} at */
  const words = (at) => own[at]?.value.trim();
  const show = () => own.forEach((it, at) => { if (it) it.hidden = !boxes[at].checked; });
  show();
  box.addEventListener('change', (event) => {
    const chosen = boxes.indexOf(/** @type {HTMLInputElement} */ (event.target));
    if (many && boxes[chosen]?.checked) {
      list.forEach((it, at) => {
        if (at !== chosen && (it.exclusive || list[chosen].exclusive)) boxes[at].checked = false;
      });
    }
    const isFull = many && +max <= boxes.filter((it) => it.checked).length;
    boxes.forEach((it, at) => { it.disabled = isFull && !it.checked && !list[at].exclusive; });
    show();
    if (boxes[chosen]?.checked) own[chosen]?.focus();
    changed();
  });
  const value = () => {
    const all = list.flatMap(({ id }, at) => (
      boxes[at].checked ? [words(at) ? { [id]: words(at) } : id] : []));
    return many ? all[0] && all : all[0];
  };
  return {
    ...control, value,
    hint: [1 < +min && fill(least, min), many && +max < list.length && fill(most, max)]
      .filter((it) => it).join(' · '),
    set: (given) => {
      for (const it of [given].flat()) {
        const [id, text] = typeof it === 'string' ? [it] : Object.entries(it)[0] || [];
        const at = list.findIndex((option) => option.id === id);
        if (boxes[at]) boxes[at].checked = true;
        if (own[at]) own[at].value = text || '';
      }
      show();
    },
    wrong: (given) => {
      // An option that excludes the others stands alone, whatever the least number is.
      const isAlone = boxes.some((it, at) => it.checked && list[at].exclusive);
      return many && !isAlone && given.length < min ? fill(least, min) : '';
    },
  };
};
