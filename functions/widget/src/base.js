// What every script stands on: errors that stay in here, elements, requests.

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
