// The demo shop page: reads key, survey, lang and mode from the address, and embeds the
// widget exactly as a customer's page would, by its script tag.
(() => {
  'use strict';

  const OPEN_AFTER_MS = 1200;
  const find = (selector) => document.querySelector(selector);
  const asked = new URLSearchParams(location.search);
  const key = (asked.get('key') || '').trim();
  const survey = (asked.get('survey') || '').trim();
  const mode = ['tab', 'modal', 'inline'].find((it) => it === asked.get('mode')) || 'popover';
  const inline = mode === 'inline';
  const wanted = asked.get('lang') || navigator.language;
  const chinese = /^zh\b/i.test(wanted);

  /** The address of this page with one parameter changed. */
  const address = (changes) => {
    const parameters = new URLSearchParams(asked);
    for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
    return `?${parameters}`;
  };

  const translate = () => {
    document.documentElement.lang = chinese ? 'zh-CN' : 'en';
    if (!chinese) document.title = 'Order confirmed · Café Lumen (Huiyin demo)';
    // One heading per language stands in the page; the section is named by the visible one.
    if (!chinese) find('.order').setAttribute('aria-labelledby', 'thanks-en');
    for (const link of document.querySelectorAll('[data-lang]')) {
      link.href = address({ lang: link.dataset.lang });
      if (link.dataset.lang === document.documentElement.lang) link.ariaCurrent = 'true';
    }
    for (const link of document.querySelectorAll('[data-mode]')) {
      link.href = address({ mode: link.dataset.mode });
      if (link.dataset.mode === mode) link.ariaCurrent = 'true';
    }
  };

  /** What the script tag carries, as [attribute, value]. */
  const attributes = () => {
    const list = [['src', `${location.origin}/widget.js`], ['data-key', key],
      ['data-survey', survey]];
    if (asked.get('lang')) list.push(['data-language', asked.get('lang')]);
    if (mode !== 'popover') list.push(['data-mode', mode]);
    return list;
  };

  const embed = () => {
    const script = document.createElement('script');
    for (const [name, value] of attributes()) script.setAttribute(name, value);
    script.async = true;
    if (inline) {
      document.body.className = 'wide';
      find('#inline').append(script);
      return;
    }
    script.addEventListener('load', () => {
      setTimeout(() => window.huiyin?.open(survey), OPEN_AFTER_MS);
    });
    document.body.append(script);
  };

  const copy = async () => {
    const done = chinese ? '已复制' : 'Copied';
    const failed = chinese ? '请手动选择并复制' : 'Please select and copy it by hand';
    let copied = false;
    try {
      // Absent on plain http, so its absence ends up in the same place as a refusal.
      await navigator.clipboard.writeText(find('#tag').textContent);
      copied = true;
    } catch {
      getSelection().selectAllChildren(find('#tag'));
    }
    find('#copied').textContent = copied ? done : failed;
  };

  const show = () => {
    const escape = (value) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    const inside = attributes().map(([name, value]) => `${name}="${escape(value)}"`);
    find('#tag').textContent = `<script\n  ${inside.join('\n  ')}\n  async></script>`;
    find('#copy').addEventListener('click', copy);
    find('#open').addEventListener('click', () => window.huiyin?.open(survey));
    find('#hosted').href = `/s/${survey}?lang=${document.documentElement.lang}`;
    find('#with').hidden = false;
    embed();
  };

  const explain = () => {
    find('#wrong').hidden = !key && !survey;
    find('#key').value = key;
    find('#survey').value = survey;
    const go = () => location.assign(address({
      key: find('#key').value.trim(), survey: find('#survey').value.trim(),
    }));
    find('#go').addEventListener('click', go);
    find('.go').addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target.tagName === 'INPUT') go();
    });
    document.body.className = 'wide missing';
    find('#without').hidden = false;
  };

  translate();
  if (/^pk_\w+$/.test(key) && /^srv_\w+$/.test(survey)) show();
  else explain();
})();
