// What the widget remembers and tells: languages, who listens, what is kept in the browser.

import { guard } from './base.js';

/** @type {{ event: string, listener: (detail: object) => void }[]} */
const listeners = [];

/**
 * Yields a function that stops listening.
 * @param {string} event
 * @param {(detail: object) => void} listener
 */
export const on = (event, listener) => {
  const entry = { event, listener };
  listeners.push(entry);
  return guard(() => { listeners.splice(listeners.indexOf(entry), 1); });
};

/**
 * @param {string} event
 * @param {object} detail
 */
export const emit = (event, detail) => listeners.forEach((it) => {
  if (it.event === event) guard(it.listener)(detail);
});

/** @param {string} language */
export const directionOf = (language) =>
  (/^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i.test(language) ? 'rtl' : 'ltr');
/** @param {string} language */
export const baseOf = (language) => language.toLowerCase().split('-')[0];

// Stands in where the browser refuses storage (private windows, sandboxed frames) and where the
// page forbids it.
const memory = new Map();
let isStored = true;
export const storeNothing = () => { isStored = false; };

/** @param {string} key @returns {any} */
export const read = (key) => {
  try {
    return JSON.parse(memory.get(key) ?? (isStored ? localStorage.getItem(key) : null));
  } catch {
    return null;
  }
};

/** @param {string} key @param {unknown} item */
export const keep = (key, item) => {
  const text = JSON.stringify(item);
  try {
    if (!isStored) throw 0;
    localStorage.setItem(key, text);
  } catch {
    memory.set(key, text);
  }
};

/** @param {string} key */
export const drop = (key) => {
  memory.delete(key);
  try { localStorage.removeItem(key); } catch { /* Then it was never stored. */ }
};

/** The names under which something is kept. @param {string} start */
export const kept = (start) => {
  let keys = [...memory.keys()];
  try { keys = keys.concat(Object.keys(localStorage)); } catch { /* Memory is all there is. */ }
  return keys.filter((key) => key.startsWith(start));
};
