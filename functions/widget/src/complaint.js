/*
 * Huiyin complaints: one script tag, no dependency.
 *
 *   <script src="https://…/complaint.js" data-key="pk_…" data-site="sit_…" async></script>
 *   <button data-huiyin-complaint>Complain</button>
 *
 * Every element with data-huiyin-complaint, now or later, opens a dialog; so does a link, which
 * may lead to the hosted form /c/{site} for those without scripts.
 *
 * data-language    zh-CN, en       else the page's language, else the browser's
 * data-touchpoint  tch_…           where it happened; of the tag, or of one such element
 * data-api         another origin for the API
 */

import { fresh, guard, h, jsonOf, request, tell, warn } from './base.js';
import { prove } from './proof.js';

/** A form must be as old as this before it is sent. */
const AGE_MS_MIN = 2100;
const MARK = '[data-huiyin-complaint]';

/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  zh: {
    title: '投诉与建议', close: '关闭', text: '发生了什么？',
    hint: '提交后您会立即获得服务单号和专属链接。', optional: '方便我们联系您（选填）',
    name: '您的称呼', phone: '电话', wechat: '微信号', email: '电子邮箱', send: '提交',
    sending: '正在提交…', consent: '提交即表示同意我们保存以上内容，联系方式仅用于处理本次投诉。',
    thanks: '您的投诉已收到，谢谢。', joined: '您此前已就此事投诉，本次内容已并入。',
    number: '服务单号', link: '查看处理进度', keep: '请保存此链接，仅供您本人使用。',
    due: '我们将在此时间前答复您：', failed: '没有成功，请重试。您填写的内容仍在。',
    page: '使用网页表单', busy: '提交过于频繁，请稍后再试。', check: '请检查此处内容',
    'text!': '请说明情况，不超过 10000 个字符', 'email!': '例如 name@example.com',
    'phone!': '例如 +86 138 0013 8000',
  },
  en: {
    title: 'Tell us what went wrong', close: 'Close', text: 'What happened?',
    hint: 'You get a ticket number and a private link at once.',
    optional: 'So that we can reach you (optional)', name: 'Your name', phone: 'Phone',
    wechat: 'WeChat', email: 'E-mail', send: 'Send', sending: 'Sending…',
    consent: 'By sending you agree that we keep this, and use your contacts for it alone.',
    thanks: 'We have your complaint. Thank you.',
    joined: 'You told us of this before; this was added to it.',
    number: 'Ticket number', link: 'See what becomes of it',
    keep: 'Keep this link; it is yours alone.', due: 'We answer you by ',
    failed: 'That did not work. Please try again; what you typed is still here.',
    page: 'Use the form on a page', busy: 'Please try again in a moment.',
    check: 'Please check this', 'text!': 'Please tell us, in at most 10,000 characters',
    'email!': 'Such as name@example.com', 'phone!': 'Such as +86 138 0013 8000',
  },
};

/** What is asked: its name, and what a browser may fill in there. */
const CONTACTS = [['name', 'name'], ['phone', 'tel'], ['wechat', 'off'], ['email', 'email']];

/** @param {DOMStringMap} settings */
const create = (settings) => {
  const { key, site = '', api } = settings;
  const url = `${api}/v1/sites/${encodeURIComponent(site)}/complaints`;
  const page = `${api}/c/${encodeURIComponent(site)}`;
  const tag = settings.language || document.documentElement.lang || navigator.language || '';
  const language = /^zh\b/i.test(tag) ? 'zh-CN' : 'en';
  const words = WORDS[language.slice(0, 2)];
  const headers = { authorization: `Bearer ${key}`, 'accept-language': language };

  /** What stands in the fields, and what is wrong with each. @type {Record<string, any>} */
  const inputs = {};
  /** @param {string} name @param {Record<string, any>} attributes */
  const field = (name, attributes) => {
    const error = h('p', { class: 'error', id: `e-${name}` });
    const input = h(name === 'text' ? 'textarea' : 'input', { id: name, name, rows: 5,
      'aria-describedby': `e-${name}`, input: () => mark(name, ''), ...attributes });
    inputs[name] = { input, error };
    return [h('label', { for: name }, words[name]), error, input];
  };
  /** @param {string} name @param {string} message */
  const mark = (name, message) => {
    inputs[name].error.textContent = message;
    inputs[name].input.setAttribute('aria-invalid', message !== '');
  };

  const trap = h('input', { name: 'website', tabindex: -1, autocomplete: 'off' });
  const alert = h('p', { class: 'error', role: 'alert' });
  const send = h('button', { class: 'send', type: 'submit' }, words.send);
  const form = h('form', { novalidate: '', submit: (/** @type {Event} */ event) => {
    event.preventDefault();
    submit();
  } },
  h('p', { class: 'soft' }, words.hint), ...field('text', { 'aria-required': 'true' }),
  h('p', { class: 'soft' }, words.optional),
  ...CONTACTS.flatMap(([name, autocomplete]) =>
    field(name, { autocomplete, inputmode: autocomplete })),
  h('div', { class: 'away', 'aria-hidden': 'true' }, trap),
  h('p', { class: 'soft' }, words.consent), alert, send);
  const done = h('div', { role: 'status', tabindex: -1 });
  // The dialog of the browser holds the focus, closes with Escape and gives the focus back.
  const dialog = h('dialog', { 'aria-labelledby': 'title', lang: language,
    keydown: (/** @type {Event} */ event) => event.stopPropagation() },
  h('div', { class: 'head' }, h('h2', { id: 'title' }, words.title),
    h('button', { class: 'x', type: 'button', 'aria-label': words.close,
      click: () => dialog.close() }, '×')), form, done);
  const host = h('huiyin-complaint');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(dialog);

  let touchpoint = settings.touchpoint;
  let token = '';
  /** The same words never come twice under it; other words have another. */
  let sent = { key: '', body: '' };

  const ask = async () => {
    const reply = await request(url, { headers });
    ({ form_token: token = '' } = reply?.ok ? await jsonOf(reply) : {});
  };

  /** @param {Record<string, string>} more */
  const post = (more) => {
    const contact = Object.fromEntries(CONTACTS.map(([name]) => [name, inputs[name].input.value]));
    const told = { text: inputs.text.input.value, contact, language, touchpoint_id: touchpoint,
      website: trap.value };
    const body = JSON.stringify(told);
    if (sent.body !== body) sent = { key: fresh(), body };
    // With the token or the proof of another try it is still the same complaint.
    const whole = JSON.stringify({ ...told, form_token: token, ...more });
    return tell('POST', url, { ...headers, 'idempotency-key': sent.key }, whole, false);
  };

  /** @param {string} message @param {boolean} [hasPage] */
  const fail = (message, hasPage) => alert.replaceChildren(message,
    hasPage ? h('a', { href: page }, ` ${words.page}`) : '');

  /** @param {any} told */
  const refused = (told) => {
    let first;
    for (const { pointer = '' } of told.errors || []) {
      const name = pointer.split('/').pop();
      if (!inputs[name]) continue;
      mark(name, words[`${name}!`] || words.check);
      first ||= inputs[name].input;
    }
    fail(first ? words.check : words.failed, !first);
    (first || send).focus();
  };

  const submit = async () => {
    if (send.disabled) return;
    fail('');
    send.disabled = true;
    send.textContent = words.sending;
    await guard(deliver)();
    send.disabled = false;
    send.textContent = words.send;
  };

  const deliver = async () => {
    let reply = await post({});
    let told = reply ? await jsonOf(reply) : {};
    if (/form-token$/.test(told.type)) {
      await ask();
      await new Promise((resolve) => { setTimeout(resolve, AGE_MS_MIN); });
      reply = await post({});
      told = reply ? await jsonOf(reply) : {};
    }
    if (/proof-needed$/.test(told.type)) {
      const asked = await request(`${url}/challenge`, { headers });
      const proof = asked?.ok && await prove(await jsonOf(asked));
      if (proof) {
        reply = await post({ proof });
        told = reply ? await jsonOf(reply) : {};
      }
    }
    if (reply?.ok) thank(told);
    else if (reply?.status === 429) fail(words.busy);
    else if (reply?.status === 422) refused(told);
    else fail(words.failed, true);
  };

  /** @param {any} told */
  const thank = ({ number, url: link, promise, is_joined }) => {
    const due = promise?.answer_due && new Date(promise.answer_due).toLocaleString(language,
      { dateStyle: 'full', timeStyle: 'short' });
    form.hidden = true;
    form.reset();
    sent = { key: '', body: '' };
    done.replaceChildren(
      h('p', {}, words[is_joined ? 'joined' : 'thanks']),
      h('p', {}, `${words.number} `, h('b', {}, number)),
      due ? h('p', {}, words.due + due) : '',
      link ? h('p', {},
        h('a', { href: link, target: '_blank', rel: 'noreferrer' }, words.link), ' ',
        h('span', { class: 'soft' }, words.keep)) : '');
    done.focus();
  };

  /** @param {HTMLElement} [from] */
  const open = (from) => {
    if (!host.isConnected) document.body.append(host);
    if (dialog.open) return;
    touchpoint = from?.dataset.touchpoint || settings.touchpoint;
    // What was sent is over; what was not is still there.
    form.hidden = false;
    done.replaceChildren();
    fail('');
    dialog.showModal();
    inputs.text.input.focus();
    ask();
  };
  return open;
};

guard(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript ||
    document.querySelector('script[data-site][src*="/complaint"]'));
  const settings = { ...script.dataset };
  settings.api = (settings.api || new URL(script.src).origin).replace(/\/+$/, '');
  if (!settings.key || !settings.site) return warn('data-key and data-site are needed');
  /** @type {((from?: HTMLElement) => void) | undefined} */
  let open;
  const press = guard((/** @type {any} */ event) => {
    const from = event.target.closest?.(MARK);
    const isKey = event.type === 'keydown';
    // Buttons and links make a click of a key by themselves.
    if (!from) return;
    if (isKey && (!/^(Enter| )$/.test(event.key) || from.matches('button,a,input'))) return;
    event.preventDefault();
    open ||= create(settings);
    open(from);
  });
  document.addEventListener('click', press);
  document.addEventListener('keydown', press);
  const dress = guard(() => document.querySelectorAll(MARK).forEach((/** @type {any} */ it) => {
    if (it.matches('button,a,input')) return;
    // Whatever else opens it is told and reached as the button that it is.
    it.setAttribute('role', 'button');
    it.tabIndex = 0;
  }));
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', dress);
  else dress();
  return undefined;
})();
