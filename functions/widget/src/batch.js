// Answers that wait together go together.

/** @import { Item, Tools } from './queue.js' */

/** What one call may carry: 64 KiB, and a Chinese character has three bytes. */
const BATCH_MAX = 100;
const BATCH_CHARS_MAX = 20000;

/**
 * Sends answers to one version of one survey.
 * @param {[string, Item][]} group
 * @param {Tools} tools
 */
const sendMany = async (group, { post, sendOne, settle }) => {
  const [[, first]] = group;
  const responses = group.map(([key, { body }]) => ({ key, ...JSON.parse(body) }));
  const reply = 1 < group.length
    ? await post(first, JSON.stringify({ version: first.version, responses })) : undefined;
  // What cannot be judged together is judged one by one.
  if (reply === undefined || (reply && 400 <= reply.status && reply.status < 500)) {
    for (const [key, item] of group) await sendOne(key, item);
    return;
  }
  const { results = [] } = reply?.ok ? await reply.json() : {};
  for (const [key, item] of group) {
    const found = results.find((/** @type {any} */ it) => it.key === key);
    const isRefused = found?.outcome === 'refused' && found.errors?.[0]?.pointer !== '/key';
    // What is refused tells why only if it is sent alone, and may need just a proof.
    if (isRefused) await sendOne(key, item);
    else settle(key, item, /^(taken|repeated|refused)$/.test(found?.outcome) ? reply : null, {});
  }
};

/**
 * Sends all of them, in as few calls as can be.
 * @param {[string, Item][]} ready
 * @param {Tools} tools
 */
const share = async (ready, tools) => {
  /** @type {Map<string, [string, Item][]>} */
  const groups = new Map();
  for (const [key, item] of ready) {
    // Another tab may have been quicker.
    if (!tools.read(tools.QUEUE + key)) continue;
    const name = JSON.stringify([item.url, item.version, item.headers]);
    let group = groups.get(name) || [];
    const chars = group.reduce((sum, [, it]) => sum + it.body.length, item.body.length);
    // A full group goes under a name of its own, and the next one begins.
    if (BATCH_MAX <= group.length || BATCH_CHARS_MAX < chars) {
      groups.set(name + key, group);
      group = [];
    }
    groups.set(name, [...group, [key, item]]);
  }
  for (const group of groups.values()) if (group[0]) await sendMany(group, tools);
};

/**
 * One tab at a time. If two ever collide, the idempotency key still makes it one answer.
 * @param {[string, Item][]} ready
 * @param {Tools} tools
 */
export const together = (ready, tools) => (navigator.locks
  ? navigator.locks.request('huiyin', () => share(ready, tools)) : share(ready, tools));
