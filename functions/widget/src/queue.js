// The queue: an answer is kept before it is sent, and removed once it has arrived.

/** A request slower than this counts as lost; the answer stays and is tried again. */
const TIMEOUT_MS = 15000;
const BACKOFF_MS_MAX = 300000;
/** Nobody reads an answer this late as news, and a dead address must not be called forever. */
const KEEP_MS_MAX = 30 * 86400000;
/** Conflicts that no waiting resolves; any other 409 is the same answer still in progress. */
const ENDED = /(survey-closed|not-published)$/;
const QUEUE = 'huiyin:answer:';

const warn = (error) => {
  try { console.warn('[huiyin]', error); } catch { /* A page may have broken its console. */ }
};

/** Whatever goes wrong in here stays in here: the host page never sees our exceptions. */
const guard = (work) => (...given) => {
  try {
    const result = work(...given);
    return result instanceof Promise ? result.catch(warn) : result;
  } catch (error) {
    return warn(error);
  }
};

const listeners = [];
const emit = (event, detail) => listeners.forEach((it) => {
  if (it.event === event) guard(it.listener)(detail);
});

// Stands in where the browser refuses storage (private windows, sandboxed frames).
const memory = new Map();

const read = (key) => {
  try { return JSON.parse(memory.get(key) ?? localStorage.getItem(key)); } catch { return null; }
};

const keep = (key, item) => {
  const text = JSON.stringify(item);
  try { localStorage.setItem(key, text); } catch { memory.set(key, text); }
};

const drop = (key) => {
  memory.delete(key);
  try { localStorage.removeItem(key); } catch { /* Then it was never stored. */ }
};

const waiting = () => {
  let keys = [...memory.keys()];
  try { keys = keys.concat(Object.keys(localStorage)); } catch { /* Memory is all there is. */ }
  return keys.filter((key) => key.startsWith(QUEUE));
};

/** A version 4 UUID; `crypto.randomUUID` exists on https only. */
const uuid = () => crypto.randomUUID?.() ??
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

const request = async (url, options) => {
  const alarm = new AbortController();
  const timer = setTimeout(() => alarm.abort(), TIMEOUT_MS);
  try {
    return await fetch(url, { credentials: 'omit', signal: alarm.signal, ...options });
  } catch {
    return null; // Offline, blocked or too slow: the same to us.
  } finally {
    clearTimeout(timer);
  }
};

const jsonOf = async (reply) => {
  try { return await reply.json() || {}; } catch { return {}; }
};

/** Sends one kept answer, once. Yields `{sent}`, `{kept}` or the `{problem}` that ended it. */
const deliver = async (key) => {
  const item = read(key);
  // Another tab has just sent it.
  if (!item) return { sent: true };
  const reply = await request(item.url, {
    method: 'POST',
    headers: { ...item.headers, 'content-type': 'application/json',
      'idempotency-key': key.slice(QUEUE.length) },
    body: item.body,
    // Lets a first try outlive the page; browsers allow 64 KiB of that.
    keepalive: !item.tries && item.body.length < 16000,
  });
  if (reply?.ok) {
    drop(key);
    emit('sent', { survey: item.survey });
    return { sent: true };
  }
  const problem = reply ? await jsonOf(reply) : {};
  if (reply && reply.status < 500 &&
    (![408, 409, 425, 429].includes(reply.status) || ENDED.test(problem.type))) {
    drop(key);
    emit('refused', { survey: item.survey, problem });
    return { problem };
  }
  item.tries = (item.tries || 0) + 1;
  const asked = Number(reply?.headers.get('retry-after')) * 1000 || 0;
  const backoff = Math.min(BACKOFF_MS_MAX, 1000 * 2 ** item.tries) * (0.5 + Math.random() / 2);
  // Only a server's answer delays the next page view; without network that costs nobody a thing.
  item.not_before = reply ? Date.now() + Math.max(asked, backoff) : 0;
  keep(key, item);
  plan(key, Math.max(asked, backoff));
  return { kept: true };
};

const flying = new Set();
const send = async (key) => {
  if (flying.has(key)) return { kept: true };
  flying.add(key);
  try {
    if (!navigator.locks) return await deliver(key);
    // One tab at a time. If two ever collide, the idempotency key still makes it one answer.
    return await navigator.locks.request(key, { ifAvailable: true }, (lock) =>
      lock ? deliver(key) : { kept: true });
  } catch (error) {
    warn(error);
    return { kept: true };
  } finally {
    flying.delete(key);
  }
};

const timers = new Map();
const plan = (key, delay_ms) => {
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(guard(() => send(key)), Math.min(delay_ms, 2 ** 31 - 1)));
};

const flush = guard(() => waiting().forEach((key) => {
  const item = read(key);
  if (!item?.url || item.at < Date.now() - KEEP_MS_MAX) return drop(key);
  return plan(key, Math.max(0, (item.not_before || 0) - Date.now()));
}));
