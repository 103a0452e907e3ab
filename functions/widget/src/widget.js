/*
 * Huiyin survey widget: one script tag, no dependency.
 *
 *   <script src="https://…/widget.js" data-key="pk_…" data-survey="srv_…" async></script>
 *
 * data-mode      popover | tab | modal | inline | page; the last two stand where the tag
 *                stands, or in data-target="#selector", whose content "page" replaces
 * data-language  zh-CN …           else the page's language, else the browser's
 * data-launcher  on | off          the button that opens it; a modal has none unless "on"
 * data-label     text on that button
 * data-channel   web               data-group   new | existing | core
 * data-api       another origin for the API
 * data-storage   off               keeps nothing on the visitor's device
 * data-link      token of a personal link        data-score   a score given before
 * data-hidden-…  a hidden field: data-hidden-order-number is order_number
 *
 * data-after, data-scroll, data-url, data-exit, data-click, data-event: see triggers.js.
 *
 * The one global: huiyin.open(survey?), close(), identify({…}), hidden({…}), on(event, listener).
 */

import { fresh, guard, h, jsonOf, request, tell, warn } from './base.js';
import { choices, kindOf, KINDS, scale, text } from './fields.js';
import { form, nearest } from './form.js';
import { flush, hooks } from './queue.js';
import { baseOf, directionOf, emit, keep, on, read, storeNothing } from './state.js';
import { watch } from './triggers.js';
import { WORDS } from './words.js';

/** @import { Ending, Hidden, Survey, Texts } from './types.js' */
/** @typedef {ReturnType<typeof create>} Widget */

const VISITOR = 'huiyin:visitor';

/** What the page told of the visitor. @type {Record<string, any>} */
const known = {};
/** @type {Hidden} */
const hidden = {};

/** Who this is, as far as anybody knows: a customer, or a random name and no fingerprint.
 * @returns {Record<string, string>}
 */
const who = () => {
  const { customer, visitor = read(VISITOR) || fresh() } = known;
  if (customer) return { customer };
  keep(VISITOR, visitor);
  return { visitor };
};

let base = '';
let isPinned = false;
/** @type {Promise<any> | undefined} */
let loading;
/** What the second module brings, fetched when the first survey needs it. */
const more = () => {
  const load = async () => {
    // Where the tag names a hash, what it loads has to keep its own.
    if (isPinned) {
      document.head.append(h('link', { rel: 'modulepreload', href: base + MORE.name,
        integrity: MORE.integrity, crossorigin: '' }));
    }
    const found = await import(base + MORE.name).catch((error) => {
      // A newer version was deployed since this copy was cached.
      if (isPinned) throw error;
      return import(`${base}more.js`);
    });
    const made = found.default({ choices, h, scale, text, words: WORDS });
    Object.assign(KINDS, made.KINDS);
    return made;
  };
  loading ||= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
};

hooks.more = more;

/**
 * @param {DOMStringMap} settings
 * @param {HTMLElement} [script]
 */
const create = (settings, script) => {
  const { key, survey = '', mode = 'popover', target } = settings;
  const url = `${settings.api}/v1/surveys/${encodeURIComponent(survey)}`;
  const isPage = mode === 'page';
  const isFixed = isPage || mode === 'inline';
  const isModal = mode === 'modal';
  const hasLauncher = !isFixed && (isModal ? settings.launcher === 'on'
    : settings.launcher !== 'off');
  const about = { survey };
  let words = WORDS.en;
  let language = '';
  let fallback = '';
  let isLoading = false;
  let hasOpened = false;
  /** @type {any} */
  let from;
  /** @type {(() => void) | undefined} */
  let redraw;

  const news = h('p', { role: 'status', class: 'away' });
  const launcher = h('button', { class: 'launch', click: () => open(true) });
  const title = h(isPage ? 'h1' : 'h2', { id: 'title' });
  const cross = h('button', { class: 'x', click: () => close() });
  const body = h('div', { class: 'body' });
  const status = h('div', { class: 'status', role: 'status', tabindex: -1 });
  const card = h(isModal ? 'dialog' : 'section', { class: 'card', tabindex: -1,
    role: isFixed || isModal ? null : 'dialog', 'aria-labelledby': 'title',
    // The browser would close it by itself, and leave the rest as it is.
    cancel: (/** @type {Event} */ event) => { event.preventDefault(); close(); } },
  h('div', { class: 'head' }, title, cross), body, status);
  // The page's own shortcuts must not fire while somebody types an answer here.
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape' && event.type === 'keydown' && !event.isComposing) close();
    event.stopPropagation();
  };
  const box = h('div', { class: `hy ${isFixed ? 'fixed' : 'float'} ${mode}`, keydown: keys,
    keyup: keys, keypress: keys }, launcher, card, news);
  const host = h('huiyin-survey', { class: isFixed ? null : 'float' });
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(box);
  launcher.hidden = !hasLauncher;
  cross.hidden = isFixed;
  card.hidden = !isFixed;

  /** Takes on a language: words, direction, and the names of the buttons. @param {string} tag */
  const speak = (tag) => {
    language = tag;
    words = WORDS[baseOf(tag)] || WORDS.en;
    box.dir = directionOf(tag);
    box.lang = tag;
    launcher.textContent = settings.label || words.launch;
    cross.setAttribute('aria-label', words.close);
  };

  /**
   * An element with a text in this language, else in the survey's default one.
   * @param {string} tag
   * @param {Record<string, any>} attributes
   * @param {Texts} texts
   */
  const say = (tag, attributes, texts) => {
    const found = [language, fallback, ...Object.keys(texts)].find((it) => it in texts) || '';
    const other = found === language ? null : found;
    return h(tag, { ...attributes, lang: other, dir: other && directionOf(other) }, texts[found]);
  };

  /** @returns {readonly string[]} */
  const wanted = () => {
    const told = known.language || settings.language || document.documentElement.lang;
    return told ? [told] : navigator.languages || [];
  };
  const headers = () => ({ authorization: `Bearer ${key}`, 'accept-language': language });

  const place = () => {
    const spot = isFixed && (target ? document.querySelector(target) : script);
    if (!spot || !document.body.contains(spot)) document.body.append(host);
    else if (isPage) spot.replaceChildren(host);
    else if (target) spot.append(host);
    else spot.after(host);
  };

  const load = async () => {
    if (isLoading || redraw) return;
    isLoading = true;
    title.textContent = '…';
    body.replaceChildren();
    const reply = await request(url, { headers: headers() });
    const found = reply ? await jsonOf(reply) : {};
    const isKnown = found.questions && await draw(found).then(() => true, warn);
    isLoading = false;
    if (isKnown) return;
    if (reply) warn(survey, found);
    // A problem has its words as a text.
    const { title: why } = found;
    news.textContent = title.textContent = typeof why === 'string' ? why : words.failed;
    body.append(h('button', { class: 'send', click: load }, words.again));
  };

  /** Puts on what the second module brings. @param {Survey['theme']} [theme] */
  const dress = async (theme) => {
    const made = await more();
    const own = new CSSStyleSheet();
    own.replaceSync(made.STYLE + (theme ? made.theme(theme, warn) : ''));
    root.adoptedStyleSheets = [sheet, own];
    return made;
  };

  /** @param {Survey & { id: string }} found */
  const draw = async (found) => {
    fallback = found.default_language;
    const tag = nearest(wanted(), found);
    // Rarer types, Arabic and colours of a survey's own come with the second module.
    const made = (found.theme || found.layout === 'steps' || /^ar\b/i.test(tag) ||
      found.questions.some((it) => !KINDS[kindOf(it)])) && await dress(found.theme);
    speak(tag);
    title.replaceChildren(found.title ? say('span', {}, found.title) : '');
    const fits = (/** @type {{ id: string, max_length: number }} */ { id, max_length }) =>
      (Object.hasOwn(hidden, id) ? [[id, String(hidden[id]).slice(0, max_length)]] : []);
    redraw = () => {
      status.replaceChildren();
      body.hidden = false;
      form({ words, direction: box.dir, say, steps: made?.steps }, found, KINDS, {
        url, headers: headers(), language, score: settings.score,
        // Asked for anew each time: the page may tell them late.
        hidden: () => Object.fromEntries((found.hidden || []).flatMap(fits)),
        facts: () => ({ channel: settings.channel || 'web', link: settings.link,
          group: known.group || settings.group, visitor: who().visitor }),
      }, body, (ending, isKept) => thank(ending || { id: '', text: found.thanks || {} }, isKept));
    };
    redraw();
    if (isPage) place();
  };

  /** @param {Ending} ending @param {boolean} isKept */
  const thank = ({ text: texts, link, link_text: name }, isKept) => {
    const focused = root.activeElement;
    body.hidden = true;
    status.append(
      // "It has arrived" would be a lie about an answer that still waits on this device.
      isKept || !Object.keys(texts).length ? h('p', {}, words[isKept ? 'kept' : 'thanks'])
        : say('p', {}, texts),
      link?.startsWith('https:') && h('a', { href: link },
        name ? say('span', {}, name) : link) || '');
    if (focused) status.focus();
    emit('answered', about);
  };

  /** @param {boolean} isOnPurpose */
  const open = (isOnPurpose) => {
    if (isFixed) host.scrollIntoView({ block: 'nearest' });
    if (!card.hidden) return;
    // A survey that opens by itself must not pull anybody's focus out of what they are doing.
    const isAsked = isModal || isOnPurpose && (navigator.userActivation?.isActive ?? true);
    from = document.activeElement;
    if (body.hidden) redraw?.();
    hasOpened = true;
    launcher.hidden = true;
    card.hidden = false;
    if (isModal) card.showModal();
    if (isAsked) card.focus();
    else news.textContent = words.opened;
    emit('open', about);
    tell('POST', `${url}/displays`, headers(), JSON.stringify(who()));
    load();
  };

  /** Opens of its own accord, once a page view, and only if the server has nothing against it. */
  const offer = async () => {
    if (hasOpened) return;
    hasOpened = true;
    const reply = await request(`${url}/eligibility?${new URLSearchParams(who())}`,
      { headers: headers() });
    // A server that does not know this route does not hold back either.
    if (reply && /^(2|404|501)/.test(/** @type {any} */ (reply.status)) &&
      (await jsonOf(reply)).eligible !== false) {
      // Nobody who asked for nothing is shown how it loads, or fails to.
      await load();
      if (redraw) open(false);
    } else emit('held', about);
  };

  const close = () => {
    if (isFixed || card.hidden) return;
    const focused = root.activeElement;
    card.hidden = true;
    if (isModal) card.close();
    news.textContent = '';
    launcher.hidden = !hasLauncher;
    if (focused) {
      if (from === host || !from?.isConnected) launcher.focus();
      else from.focus();
    }
    emit('close', about);
  };

  speak(wanted()[0] || 'en');
  const begin = guard(async () => {
    // A page in Arabic and the rarer forms need it before anything is seen.
    if (isModal || mode === 'tab' || /^ar\b/i.test(language)) await dress().catch(warn);
    speak(language);
    if (!isPage) place();
  });
  begin();
  if (isFixed) load();
  else watch(settings, guard((isOnPurpose) => (isOnPurpose ? open(true) : offer())));
  return { survey, open: guard(() => open(true)), close, host };
};

/** Does something once there is a document. @param {() => void} work */
const ready = (work) => (document.readyState === 'loading'
  ? document.addEventListener('DOMContentLoaded', work) : work());

/** @type {Widget[]} */
const widgets = [];
/** What the first tag said, for surveys that the page opens by their id. @type {any} */
let first;

const add = guard((/** @type {HTMLScriptElement} */ script) => {
  const settings = { ...script.dataset };
  settings.key ||= settings.site;
  if (!settings.key) return warn('data-key is needed');
  base ||= script.src.replace(/widget[./][^/]*$/, 'widget/');
  isPinned ||= !!script.integrity;
  settings.api = (settings.api || new URL(script.src).origin).replace(/\/+$/, '');
  if (settings.storage === 'off') storeNothing();
  for (const [name, value] of Object.entries(settings)) {
    if (/^hidden./.test(name)) {
      const id = name.slice(6).replace(/\B[A-Z]/g, '_$&').replaceAll('-', '_').toLowerCase();
      hidden[id] = value || '';
    }
  }
  first ||= settings;
  const start = guard(() => { widgets.push(create(settings, script)); });
  return settings.survey && ready(start);
});

guard(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript ||
    document.querySelector('script[data-key][src*="/widget"]'));
  // A second copy of the script hands its tag to the first.
  if (window.huiyin) return window.huiyin.add(script);
  window.huiyin = {
    /** Opens a survey: the one named, else the first of the page. */
    open: (/** @type {string | undefined} */ survey) => ready(guard(() => {
      let found = survey ? widgets.find((it) => it.survey === survey) : widgets[0];
      if (!found && survey && first) {
        const { key, api, language, channel, group } = first;
        found = create({ key, api, language, channel, group, survey, launcher: 'off' });
        widgets.push(found);
      }
      found?.open();
    })),
    close: guard(() => widgets.forEach((it) => it.close())),
    /** Says who the visitor is: `visitor` or `customer`, `group`, `language`. */
    identify: (/** @type {object} */ told) => { Object.assign(known, told); },
    /** Gives values of hidden fields. */
    hidden: (/** @type {Hidden} */ values) => { Object.assign(hidden, values); },
    /** Events: open, close, answered, sent, refused, held. Yields a function that stops. */
    on,
    add,
  };
  window.addEventListener('online', flush);
  flush();
  return add(script);
})();
