// The questions: words, number rows, choices and free text, each with its error.

/** Two digits within this time make one number: 1 then 0 is ten. */
const DIGITS_MS_MAX = 800;

const WORDS = {
  zh: {
    launch: '意见反馈', close: '关闭', send: '提交', sending: '正在提交…', again: '重试',
    required: '必填', loading: '正在加载问卷…', opened: '页面末尾打开了一份简短的问卷。',
    thanks: '谢谢，您的回答已经收到。', answer: '请回答这个问题', any: '请至少回答一个问题',
    check: '请检查标出的回答', least: '请至少选择 # 项', most: '最多可选 # 项',
    kept: '谢谢。暂时未能送达，您的回答已保存在这台设备上，稍后会自动提交。',
    failed: '问卷暂时无法加载，请检查网络后重试。', refused: '抱歉，这份回答无法提交',
    nps: ['完全不可能', '非常可能'], rating: ['非常差', '非常好'], effort: ['非常费力', '非常轻松'],
  },
  en: {
    launch: 'Feedback', close: 'Close', send: 'Send', sending: 'Sending…', again: 'Try again',
    required: 'Required', loading: 'Loading the survey…',
    opened: 'A short survey has opened at the end of the page.',
    thanks: 'Thank you. Your answer has arrived.', answer: 'Please answer this question',
    any: 'Please answer at least one question', check: 'Please check the marked answers',
    least: 'Please choose at least #', most: 'Choose up to #',
    kept: 'Thank you. We could not deliver it just now, so your answer is saved on this device ' +
      'and will be sent by itself later.',
    failed: 'The survey could not be loaded. Please check your connection and try again.',
    refused: 'Sorry, this answer could not be accepted',
    nps: ['Not at all likely', 'Extremely likely'], rating: ['Very poor', 'Very good'],
    effort: ['Very difficult', 'Very easy'],
  },
};

const h = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === 'function') element.addEventListener(name, guard(value));
    else if (value != null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
};

const directionOf = (language) =>
  (/^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i.test(language) ? 'rtl' : 'ltr');
const baseOf = (language) => language.toLowerCase().split('-')[0];

/** "zh" finds "zh-CN" and "en-GB" finds "en": a near language beats the survey's default. */
const nearest = (wanted, survey) => {
  const known = survey.languages || [];
  for (const tag of wanted) {
    const found = known.find((it) => it.toLowerCase() === tag.toLowerCase()) ||
      known.find((it) => baseOf(it) === baseOf(tag));
    if (found) return found;
  }
  return survey.default_language || known[0] || 'en';
};

/** The numbers a scored question offers. */
const pointsOf = (question) => {
  const [from, to] = question.type === 'nps' ? [0, 10]
    : [1, question.type === 'effort' ? 7 : question.points || 5];
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
};

/** A row of numbers: one tab stop, arrows, Home, End and digits choose. */
const scale = (ui, question, ids, changed) => {
  const points = pointsOf(question);
  const words = ui.words[question.type];
  const ends = [question.low, question.high].map((texts, at) =>
    (texts ? ui.say('span', {}, texts) : h('span', {}, words[at])));
  const name = (at) => (at === 0 ? `, ${ends[0].textContent}`
    : at === points.length - 1 ? `, ${ends[1].textContent}` : '');
  let chosen;
  const choose = (at) => {
    chosen = points[at];
    buttons.forEach((button, index) => {
      button.setAttribute('aria-checked', index === at);
      button.tabIndex = index === at ? 0 : -1;
    });
    buttons[at].focus();
    changed();
  };
  const buttons = points.map((point, at) => h('button', {
    type: 'button', role: 'radio', 'aria-checked': 'false', tabindex: at ? -1 : 0,
    'aria-label': point + name(at), click: () => choose(at),
  }, String(point)));
  let typed = { digits: '', at: 0 };
  const digit = (key) => {
    const digits = (Date.now() - typed.at < DIGITS_MS_MAX ? typed.digits : '') + key;
    const found = [digits, key].map(Number).map((it) => points.indexOf(it));
    typed = { digits: key, at: Date.now() };
    return 0 <= found[0] ? found[0] : found[1];
  };
  const keydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = points.length - 1;
    const now = buttons.indexOf(event.target);
    const [next, back] = ui.direction === 'rtl' ? ['Left', 'Right'] : ['Right', 'Left'];
    const to = /^\d$/.test(event.key) ? digit(event.key) : {
      [`Arrow${next}`]: now < last ? now + 1 : 0, ArrowDown: now < last ? now + 1 : 0,
      [`Arrow${back}`]: 0 < now ? now - 1 : last, ArrowUp: 0 < now ? now - 1 : last,
      Home: 0, End: last,
    }[event.key] ?? -1;
    if (to < 0) return;
    event.preventDefault();
    choose(to);
  };
  const box = h('div', { role: 'radiogroup', class: `scale n${points.length}`,
    'aria-required': question.required ? 'true' : null, ...ids, keydown }, ...buttons);
  const legend = h('p', { class: 'ends', 'aria-hidden': 'true' },
    h('span', {}, `${points[0]} – `, ends[0]), h('span', {}, `${points.at(-1)} – `, ends[1]));
  return { parts: [box, legend], marks: [box], value: () => chosen,
    focus: () => buttons.find((it) => it.tabIndex === 0).focus() };
};

const choices = (ui, question, ids, changed) => {
  const many = question.type === 'multiple_choice';
  const max = (many && question.max) || Infinity;
  const boxes = question.options.map((option) => h('input', {
    type: many ? 'checkbox' : 'radio', name: ids['aria-labelledby'], value: option.id,
  }));
  const taken = () => boxes.filter((it) => it.checked).map((it) => it.value);
  const change = () => {
    const full = max <= taken().length;
    if (many) boxes.forEach((it) => { it.disabled = full && !it.checked; });
    changed();
  };
  const box = h('div', { role: many ? 'group' : 'radiogroup', class: 'choices', change,
    'aria-required': question.required && !many ? 'true' : null, ...ids },
  ...question.options.map((option, at) =>
    h('label', {}, boxes[at], ui.say('span', {}, option.text))));
  return { parts: [box], marks: many ? boxes : [box], focus: () => boxes[0].focus(),
    value: () => (many ? taken().length ? taken() : undefined : taken()[0]) };
};

const text = (ui, question, ids, changed) => {
  const max = question.max_length || 2000;
  const count = h('p', { class: 'hint count', hidden: '' });
  const area = h('textarea', { maxlength: max, rows: 3, ...ids,
    'aria-required': question.required ? 'true' : null,
    input: () => {
      count.hidden = area.value.length < max * 0.8;
      count.textContent = `${area.value.length} / ${max}`;
      changed();
    } });
  return { parts: [area, count], marks: [area], focus: () => area.focus(),
    value: () => area.value.trim() || undefined };
};

const KINDS = { nps: scale, rating: scale, effort: scale, single_choice: choices,
  multiple_choice: choices, text };

/** One question: its words, its control, and the place where its error appears. */
const field = (ui, question, at) => {
  const kind = KINDS[question.type];
  // A newer server may know a type that this copy does not.
  if (!kind) return null;
  const { words } = ui;
  const least = question.min || (question.required ? 1 : 0);
  const hint = [1 < least && words.least.replace('#', least),
    question.max && words.most.replace('#', question.max)].filter(Boolean).join(' · ');
  const error = h('p', { class: 'error', role: 'alert', id: `e${at}` });
  const fail = (message) => {
    error.textContent = message;
    element.classList.toggle('bad', message !== '');
    control.marks.forEach((it) => it.setAttribute('aria-invalid', message !== ''));
  };
  const control = kind(ui, question, { 'aria-labelledby': `q${at}`,
    'aria-describedby': `h${at} e${at}` }, () => fail(''));
  const element = h('div', { class: 'field' },
    h('div', { class: 'ask', id: `q${at}` }, ui.say('span', {}, question.text), ' ',
      question.required ? h('span', { class: 'need' }, words.required) : null),
    h('p', { class: 'hint', id: `h${at}` }, hint), ...control.parts, error);
  /** What is wrong with the answer, in words; empty when nothing is. */
  const wrong = () => {
    const value = control.value();
    if (value === undefined) return question.required ? words.answer : '';
    return Array.isArray(value) && value.length < least ? words.least.replace('#', least) : '';
  };
  return { id: question.id, element, fail, wrong, value: control.value, focus: control.focus };
};
