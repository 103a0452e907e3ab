// The queue: an answer is kept before it is sent, and removed once it has arrived.

import { guard, jsonOf, request, tell, warn } from './base.js';
import { drop, emit, keep, kept, read } from './state.js';

const KEEPALIVE_CHARS_MAX = 16000;
const BACKOFF_MS_MAX = 300000;
/** Nobody reads an answer this late as news, and a dead address must not be called forever. */
const KEEP_MS_MAX = 30 * 86400000;
/** An answer that is just being sent is left alone this long by whoever empties the queue. */
const FIRST_TRY_MS_MAX = 60000;
/** Conflicts that no waiting resolves; any other 409 is the same answer still in progress. */
const ENDED = /(closed|published|used)$/;
/** Our keys are random, so only our own answer can have taken one: it has arrived. */
const ARRIVED = /key-reused$/;
const QUEUE = 'huiyin:answer:';

/**
 * @typedef {object} Item
 * @property {string} url Of the survey.
 * @property {string} survey
 * @property {number} version
 * @property {Record<string, string>} headers
 * @property {string} body Kept as text: the same key must always come with the same bytes.
 * @property {number} at
 * @property {number} not_before
 * @property {number} [tries]
 */

/** @typedef {{ sent?: any, kept?: boolean, problem?: any }} Outcome */

/** How the second module is had. @type {{ more: () => Promise<any> }} */
export const hooks = { more: async () => null };

/** @typedef {{ post: typeof post, read: typeof read, sendOne: typeof sendOne,
 *   settle: typeof settle, QUEUE: string }} Tools */

/**
 * @param {Item} item
 * @param {string} body
 * @param {string} [key]
 */
const post = (item, body, key) => tell('POST', `${item.url}/responses`,
  key ? { ...item.headers, 'idempotency-key': key } : item.headers, body,
  !item.tries && body.length < KEEPALIVE_CHARS_MAX);

/**
 * Decides what a reply means for a kept answer.
 * @param {string} key
 * @param {Item} item
 * @param {Response | null} reply
 * @param {any} told
 * @returns {Outcome}
 */
const settle = (key, item, reply, told) => {
  if (reply?.ok || ARRIVED.test(told.type)) {
    drop(QUEUE + key);
    emit('sent', { survey: item.survey });
    return { sent: told };
  }
  // While nobody is looking, a key that was revoked by mistake must not cost an answer.
  const passing = [408, 409, 425, 429, ...(item.tries ? [401, 403, 404] : [])];
  if (reply && reply.status < 500 && (!passing.includes(reply.status) || ENDED.test(told.type))) {
    drop(QUEUE + key);
    emit('refused', { survey: item.survey, problem: told });
    return { problem: told };
  }
  item.tries = (item.tries || 0) + 1;
  const asked = Number(reply?.headers.get('retry-after')) * 1000 || 0;
  const backoff = Math.min(BACKOFF_MS_MAX, 1000 * 2 ** item.tries) * (0.5 + Math.random() / 2);
  // Only a server's answer delays the next page view; without network that costs nobody a thing.
  item.not_before = reply ? Date.now() + Math.max(asked, backoff) : 0;
  keep(QUEUE + key, item);
  plan(Math.max(asked, backoff));
  return { kept: true };
};

/** @param {string} key @param {Item} item */
const sendOne = async (key, item) => {
  let reply = await post(item, item.body, key);
  let told = reply ? await jsonOf(reply) : {};
  if (/proof-needed$/.test(told.type)) {
    const asked = await request(`${item.url}/challenge`, { headers: item.headers });
    const proof = asked?.ok && await (await hooks.more()).prove(await jsonOf(asked));
    if (proof) {
      reply = await post(item, JSON.stringify({ ...JSON.parse(item.body), proof }), key);
      told = reply ? await jsonOf(reply) : {};
    }
  }
  return settle(key, item, reply, told);
};

const empty = async () => {
  /** @type {[string, Item][]} */
  const ready = [];
  for (const key of kept(QUEUE)) {
    /** @type {Item} */
    const item = read(key);
    if (!item?.url || item.at < Date.now() - KEEP_MS_MAX) drop(key);
    else if (Date.now() < item.not_before) plan(item.not_before - Date.now());
    else ready.push([key.slice(QUEUE.length), item]);
  }
  // Several go together, as far as they belong together.
  const made = ready[1] && await hooks.more().catch(warn);
  if (made) await made.together(ready, { post, read, sendOne, settle, QUEUE });
  else for (const [key, item] of ready) await sendOne(key, item);
};

let isBusy = false;
/** Sends what waits. */
export const flush = guard(async () => {
  if (isBusy) return;
  isBusy = true;
  // If two tabs ever do this at once, the idempotency key still makes it one answer.
  await empty().catch(warn);
  isBusy = false;
});

let timer = 0;
let due = 0;
/** @param {number} delay_ms */
const plan = (delay_ms) => {
  const at = Date.now() + delay_ms;
  if (timer && due <= at) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(() => { timer = 0; flush(); }, Math.min(delay_ms, 2 ** 31 - 1));
};

/**
 * Keeps an answer and sends it.
 * @param {string} key
 * @param {Pick<Item, 'url' | 'survey' | 'version' | 'headers' | 'body'>} answer
 * @returns {Promise<Outcome>}
 */
export const send = async (key, answer) => {
  const item = { ...answer, at: Date.now(), not_before: Date.now() + FIRST_TRY_MS_MAX };
  keep(QUEUE + key, item);
  try {
    return await sendOne(key, item);
  } catch (error) {
    warn(error);
    return { kept: true };
  }
};
