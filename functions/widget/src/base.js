// What every part stands on: errors that stay in here, elements, storage, requests.

/** A request slower than this counts as lost; an answer stays and is tried again. */
const TIMEOUT_MS = 15000;

/** @param {...unknown} told */
export const warn = (...told) => {
  try { console.warn('[huiyin]', ...told); } catch { /* A page may have broken its console. */ }
};

/**
 * Whatever goes wrong in here stays in here: the host page never sees our exceptions.
 * @template {(...given: any[]) => any} Work
 * @param {Work} work
 */
export const guard = (work) => /** @type {Work} */ ((...given) => {
  try {
    const result = work(...given);
    return result instanceof Promise ? result.catch(warn) : result;
  } catch (error) {
    return warn(error);
  }
});

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

/**
 * An element: functions become listeners, other values attributes, and null is left out.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | number | null | undefined)} children
 * @returns {any}
 */
export const h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, guard(value));
    else if (value != null && value !== false) element.setAttribute(name, value);
  }
  element.append(.../** @type {Node[]} */ (children.filter((it) => it != null)));
  return element;
};

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

/** A name that nobody else draws; `crypto.randomUUID` exists on https only. */
export const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map((it) => it.toString(16).padStart(2, '0')).join('');

/**
 * Yields null if nothing came back: offline, blocked or too slow are the same to us.
 * @param {string} url
 * @param {RequestInit} options
 */
export const request = async (url, options) => {
  try {
    const signal = AbortSignal.timeout?.(TIMEOUT_MS);
    return await fetch(url, { credentials: 'omit', signal, ...options });
  } catch {
    return null;
  }
};

/**
 * Sends JSON. `keepalive` lets it outlive the page; browsers allow 64 KiB of that.
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {string} body
 * @param {boolean} [keepalive]
 */
export const tell = (method, url, headers, body, keepalive = true) => request(url,
  { method, headers: { ...headers, 'content-type': 'application/json' }, body, keepalive });

/** @param {Response} reply @returns {Promise<any>} */
export const jsonOf = async (reply) => {
  try { return await reply.json() || {}; } catch { return {}; }
};
