/*
 * Huiyin survey widget: one script tag, no dependency, no build step.
 *
 *   <script src="https://…/widget.js" data-key="pk_…" data-survey="srv_…" async></script>
 *
 * data-language  zh-CN …           else the page's language, else the browser's
 * data-mode      popover | inline  inline stands where the tag stands, or in data-target="#sel"
 * data-launcher  off               no button; the page calls huiyin.open() itself
 * data-label     text on that button
 * data-channel   web               data-api   another origin for the API
 *
 * The one global: huiyin.open(survey?), huiyin.close(), huiyin.on(event, listener).
 */

/** Under this key a second copy of the script finds the first one, instead of a second global. */
const ADD = Symbol.for('huiyin.add');

class Widget {
  constructor(settings, script) {
    this.settings = settings;
    this.survey = settings.survey;
    this.url = `${settings.api}/v1/surveys/${encodeURIComponent(settings.survey)}`;
    this.inline = settings.mode === 'inline';
    const page = document.documentElement.lang;
    this.wanted = settings.language ? [settings.language]
      : page ? [page] : navigator.languages || [];
    this.host = h('huiyin-survey', { class: this.inline ? null : 'float' });
    const root = this.host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    this.news = h('p', { role: 'status', class: 'away' });
    this.launcher = h('button', { type: 'button', class: 'launch', click: () => this.open() });
    this.launcher.hidden = this.inline || settings.launcher === 'off';
    this.title = h('h2', { id: 'title' });
    this.cross = h('button', { type: 'button', class: 'x', click: () => this.close() });
    this.cross.hidden = this.inline;
    this.body = h('div', { class: 'body' });
    this.status = h('div', { class: 'status', role: 'status', tabindex: -1 });
    this.card = h('section', { class: 'card', role: this.inline ? 'region' : 'dialog',
      'aria-labelledby': 'title', tabindex: -1 },
    h('div', { class: 'head' }, this.title, this.cross), this.body, this.status);
    this.card.hidden = !this.inline;
    // The page's own shortcuts must not fire while somebody types an answer here.
    const keys = (event) => {
      if (event.key === 'Escape' && event.type === 'keydown') this.close();
      event.stopPropagation();
    };
    root.append(h('div', { class: this.inline ? 'hy inline' : 'hy float', keydown: keys,
      keyup: keys, keypress: keys }, this.launcher, this.card, this.news));
    this.speak(this.wanted[0] || 'en');
    this.place(script);
    if (this.inline) this.load();
  }

  place(script) {
    const target = this.settings.target && document.querySelector(this.settings.target);
    if (this.inline && target) target.append(this.host);
    else if (this.inline && document.body.contains(script)) script.after(this.host);
    else document.body.append(this.host);
  }

  /** Takes on a language: words, direction, and the names of the buttons. */
  speak(language) {
    this.language = language;
    this.words = WORDS[baseOf(language)] || WORDS.en;
    this.direction = directionOf(language);
    this.card.lang = language;
    this.card.dir = this.direction;
    this.launcher.parentNode.dir = this.direction;
    this.launcher.parentNode.lang = language;
    this.launcher.textContent = this.settings.label || this.words.launch;
    this.cross.setAttribute('aria-label', this.words.close);
  }

  /** An element with a text in this language, else in the survey's default one. */
  say(tag, attributes, texts) {
    const language = [this.language, this.fallback, ...Object.keys(texts)]
      .find((it) => texts[it] !== undefined);
    const other = language === this.language ? null : language;
    return h(tag, { ...attributes, lang: other, dir: other && directionOf(other) },
      texts[language]);
  }

  async load() {
    if (this.loading || this.fields) return;
    this.loading = true;
    this.title.textContent = this.words.loading;
    this.body.replaceChildren();
    const reply = await request(this.url, { headers: this.headers() });
    const found = reply?.ok && await jsonOf(reply);
    this.loading = false;
    if (found?.questions) {
      this.draw(found);
      return;
    }
    if (reply && 400 <= reply.status && reply.status < 500 && reply.status !== 429) {
      const problem = await jsonOf(reply);
      this.title.textContent = problem.title || this.words.failed;
      warn(`survey ${this.survey}: ${reply.status} ${problem.title} ${problem.detail || ''}`);
    } else {
      this.title.textContent = this.words.failed;
      this.body.append(h('button', { type: 'button', class: 'again', click: () => this.load() },
        this.words.again));
    }
    this.news.textContent = this.title.textContent;
  }

  headers() {
    return { authorization: `Bearer ${this.settings.key}`, 'accept-language': this.language };
  }

  draw(found) {
    this.fallback = found.default_language;
    this.version = found.version;
    this.thanks = found.thanks;
    this.speak(nearest(this.wanted, found));
    this.title.replaceChildren(this.say('span', {}, found.title));
    this.fields = found.questions.map((question, at) => field(this, question, at))
      .filter(Boolean);
    this.alert = h('p', { class: 'error', role: 'alert' });
    this.button = h('button', { type: 'button', class: 'send', click: () => this.submit() },
      this.words.send);
    this.status.replaceChildren();
    this.body.hidden = false;
    this.body.replaceChildren(...[
      found.welcome ? this.say('p', { class: 'welcome' }, found.welcome) : '',
      ...this.fields.map((it) => it.element), this.alert, this.button]);
    this.redraw = () => this.draw(found);
    this.shown = performance.now();
  }

  /** Marks every wrong answer and goes to the first. Yields whether all are right. */
  check() {
    const wrong = this.fields.filter((it) => {
      const message = it.wrong();
      it.fail(message);
      return message;
    });
    const empty = this.fields.every((it) => it.value() === undefined);
    this.alert.textContent = wrong[0] ? this.words.check : empty ? this.words.any : '';
    const first = wrong[0] || (empty ? this.fields[0] : null);
    first?.focus();
    return !first;
  }

  async submit() {
    // aria-disabled and not disabled: a disabled button would lose the focus.
    if (this.button.getAttribute('aria-disabled') || !this.check()) return;
    const key = QUEUE + uuid();
    const at = new Date();
    keep(key, {
      url: `${this.url}/responses`, headers: this.headers(), survey: this.survey, at: +at,
      // Kept as text: the same key must always come with the same bytes.
      body: JSON.stringify({
        version: this.version,
        answers: Object.fromEntries(this.fields.map((it) => [it.id, it.value()])),
        channel: this.settings.channel || 'web', language: this.language,
        answered_at: at.toISOString(),
        // Nobody reads as fast as a script clicks. A form left open for days says no more than
        // one left open for a day, which is the longest that is taken.
        elapsed_ms: Math.min(Math.round(performance.now() - this.shown), 86400000),
      }),
    });
    this.button.setAttribute('aria-disabled', 'true');
    this.button.textContent = this.words.sending;
    const { problem, kept } = await send(key);
    this.button.removeAttribute('aria-disabled');
    this.button.textContent = this.words.send;
    if (problem) this.refuse(problem);
    else this.thank(kept);
  }

  refuse(problem) {
    this.alert.textContent = problem.title || this.words.refused;
    const named = this.fields.filter((it) => {
      const error = (problem.errors || []).find(({ pointer = '' }) =>
        `${pointer}/`.startsWith(`/answers/${it.id}/`));
      if (error) it.fail(error.detail);
      return error;
    });
    named[0]?.focus();
  }

  thank(kept) {
    const focused = this.host.shadowRoot.activeElement;
    this.done = true;
    this.body.hidden = true;
    this.status.append(h('span', { class: 'tick', 'aria-hidden': 'true' }),
      // "It has arrived" would be a lie about an answer that still waits on this device.
      kept || !this.thanks ? h('p', {}, this.words[kept ? 'kept' : 'thanks'])
        : this.say('p', {}, this.thanks));
    if (focused) this.status.focus();
    emit('answered', { survey: this.survey });
  }

  open() {
    if (this.inline) return this.host.scrollIntoView({ block: 'nearest' });
    if (!this.card.hidden) return undefined;
    // A survey that opens by itself must not pull anybody's focus out of what they are doing.
    const asked = navigator.userActivation?.isActive ?? true;
    this.from = document.activeElement;
    if (this.done) this.redraw();
    this.done = false;
    this.launcher.hidden = true;
    this.card.hidden = false;
    if (asked) this.card.focus();
    else this.news.textContent = this.words.opened;
    emit('open', { survey: this.survey });
    return this.load();
  }

  close() {
    if (this.inline || this.card.hidden) return;
    const focused = this.host.shadowRoot.activeElement;
    this.card.hidden = true;
    this.news.textContent = '';
    this.launcher.hidden = this.settings.launcher === 'off';
    if (focused) {
      if (this.from === this.host) this.launcher.focus();
      else this.from?.focus();
    }
    emit('close', { survey: this.survey });
  }
}

const widgets = [];
const add = guard((script) => {
  const settings = { ...script.dataset };
  if (!settings.key || !settings.survey) return warn('data-key and data-survey are needed');
  settings.api = (settings.api || new URL(script.src).origin).replace(/\/+$/, '');
  const start = guard(() => { widgets.push(new Widget(settings, script)); });
  if (document.readyState === 'loading') {
    return document.addEventListener('DOMContentLoaded', start, { once: true });
  }
  return start();
});

guard(() => {
  const script = document.currentScript ||
    document.querySelector('script[data-survey][src*="widget.js"]');
  if (window.huiyin?.[ADD]) return window.huiyin[ADD](script);
  window.huiyin = Object.freeze({
    /** Opens a survey: the one named, else the first of the page. */
    open: guard((survey) => {
      const [first] = widgets;
      if (!first && document.readyState === 'loading') {
        document.addEventListener('DOMContentLoaded', () => window.huiyin.open(survey));
      }
      let found = survey ? widgets.find((it) => it.survey === survey) : first;
      if (!found && first) {
        found = new Widget({ ...first.settings, survey, mode: 'popover', launcher: 'off' });
        widgets.push(found);
      }
      found?.open();
    }),
    close: guard(() => widgets.forEach((it) => it.close())),
    /** Events: open, close, answered, sent, refused. Yields a function that stops listening. */
    on: guard((event, listener) => {
      const entry = { event, listener };
      listeners.push(entry);
      return guard(() => { listeners.splice(listeners.indexOf(entry), 1); });
    }),
    [ADD]: add,
  });
  document.addEventListener('keydown', guard((event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (document.activeElement === document.body) window.huiyin.close();
  }));
  window.addEventListener('online', flush);
  flush();
  return add(script);
})();
