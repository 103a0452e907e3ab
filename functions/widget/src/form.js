// A survey as a form: on one page or step by step, saved as it goes, and sent at the end.

import { fresh, h, tell } from './base.js';
import { field, kindOf } from './fields.js';
import { path } from './logic.js';
import { send } from './queue.js';
import { baseOf, drop, keep, read } from './state.js';

/** @import { Field, Kind, Ui } from './fields.js' */
/** @import { Steps } from './steps.js' */
/** @import { Answers, Ending, Hidden, Survey } from './types.js' */

/** How long after the last key a half-finished response is saved. */
const SAVE_AFTER_MS = 900;
/** After a day the server takes what it has as a whole, and the form is begun anew. It is also
 * the longest time in front of a form that it believes. */
const DAY_MS = 86400000;
const DRAFT = 'huiyin:draft:';
/** Nobody's address stays behind on a device that others may use. */
const PRIVATE = /^(email|phone)$/;

/**
 * @typedef {object} About What goes with the answers.
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {string} language
 * @property {() => Hidden} hidden
 * @property {() => Record<string, unknown>} facts
 * @property {string} [score]
 */

/** "zh" finds "zh-CN" and "en-GB" finds "en": a near language beats the survey's default.
 * @param {readonly string[]} wanted
 * @param {Survey} survey
 */
export const nearest = (wanted, { languages, default_language }) => {
  for (const tag of wanted) {
    const found = languages.find((it) => it.toLowerCase() === tag.toLowerCase()) ||
      languages.find((it) => baseOf(it) === baseOf(tag));
    if (found) return found;
  }
  return default_language;
};

/**
 * Draws a survey into `body`. `done` is told the ending, or that the answer waits.
 * @param {Ui} ui
 * @param {Survey & { id: string }} survey
 * @param {Record<string, Kind>} kinds
 * @param {About} about
 * @param {HTMLElement} body
 * @param {(ending: Ending | undefined, isKept: boolean) => void} done
 */
export const form = (ui, survey, kinds, about, body, done) => {
  const { words } = ui;
  const { questions, version } = survey;
  const began = performance.now();
  const draftName = DRAFT + survey.id;
  const stored = read(draftName);
  const draft = stored?.version === version && Date.now() - stored.at < DAY_MS ? stored
    : { key: fresh(), version, answers: {} };
  let saving = 0;
  /** The question that somebody is at. */
  let at = '';
  const elapsed = () => (draft.elapsed || 0) + Math.round(performance.now() - began);

  /** @param {boolean} [right] Only those that are. @returns {Answers} */
  const answers = (right) => Object.fromEntries(fields.filter((it) => !right || !it.wrong())
    .map((it) => [it.id, it.value()]).filter(([, value]) => value != null));
  const route = (given = answers()) => path(survey, given, about.hidden(), about.language);
  /** The questions that the path reaches. */
  const ahead = () => {
    const { reached } = route();
    return fields.filter((it) => reached.includes(it.id));
  };

  /** The response so far; answers to what the path does not reach are no part of it. */
  /** @param {boolean} [right] */
  const response = (right) => {
    const given = answers(right);
    const { reached } = route(given);
    return {
      version, hidden: about.hidden(), language: about.language, ...about.facts(),
      form_token: survey.form_token, website: trap.value,
      answers: Object.fromEntries(Object.entries(given).filter(([id]) => reached.includes(id))),
    };
  };

  const save = () => {
    clearTimeout(saving);
    draft.answers = answers();
    questions.forEach(({ id, type }) => { if (PRIVATE.test(type)) delete draft.answers[id]; });
    keep(draftName, { ...draft, at: Date.now(), elapsed: elapsed() });
    // What fails here is saved with the next question, or arrives with the whole.
    tell('PUT', `${about.url}/partials/${draft.key}`, about.headers,
      JSON.stringify({ ...response(true), at }));
  };

  /** @param {string} id */
  const changed = (id) => {
    at = id;
    clearTimeout(saving);
    saving = setTimeout(save, SAVE_AFTER_MS);
    show();
  };

  /** @type {Field[]} */
  const fields = questions.flatMap((question, index) => {
    const kind = kinds[kindOf(question)];
    // A newer server may know a type that this copy does not.
    return kind ? [field(ui, question, index, kind, () => changed(question.id))] : [];
  });
  fields.forEach((it) => {
    if (draft.answers[it.id] !== undefined) it.set(draft.answers[it.id]);
  });
  // A score that was given in a mail is shown as taken, and can still be changed.
  const scored = questions.find((it) => /^(nps|rating|effort)$/.test(it.type));
  if (about.score) fields.find((it) => it.id === scored?.id)?.set(+about.score);

  const alert = h('p', { class: 'error', role: 'alert' });
  const button = h('button', { class: 'send', click: () => go() }, words.send);
  const trap = h('input', { name: 'website', tabindex: -1, autocomplete: 'off' });

  const show = () => {
    const list = ahead();
    fields.forEach((it) => { it.element.hidden = !list.includes(it); });
    steps?.show(list);
  };

  /** Marks every wrong answer and goes to the first. Yields whether all are right.
   * @param {Field[]} list
   * @param {boolean} [isAll]
   */
  const check = (list, isAll) => {
    const wrong = list.filter((it) => {
      const message = it.wrong();
      it.fail(message);
      return message;
    });
    if (isAll && list.every((it) => it.value() === undefined)) {
      // Nobody has to answer a single question, but nothing at all is no response.
      const first = list.find((it) => it.type !== 'statement') || list[0];
      first.fail(words.answer);
      wrong.unshift(first);
    }
    alert.textContent = '';
    if (wrong[0]) turn(wrong[0]);
    return !wrong[0];
  };

  /** @param {Field} to */
  const turn = (to) => {
    at = to.id;
    steps?.turn(to);
    to.focus();
  };

  const submit = async () => {
    // aria-disabled and not disabled: a disabled button would lose the focus.
    if (button.getAttribute('aria-disabled') || !check(ahead(), true)) return;
    clearTimeout(saving);
    const { ending } = route();
    button.setAttribute('aria-disabled', 'true');
    const { sent, problem } = await send(draft.key, {
      url: about.url, headers: about.headers, survey: survey.id, version,
      body: JSON.stringify({
        ...response(), answered_at: new Date().toISOString(),
        // Nobody reads as fast as a script clicks. A form left open for days says no more than
        // one left open for a day, which is the longest that is taken.
        elapsed_ms: Math.min(elapsed(), DAY_MS),
      }),
    });
    button.removeAttribute('aria-disabled');
    if (problem) refuse(problem);
    else {
      drop(draftName);
      // The server alone knows of quotas, which may have an ending of their own.
      const id = sent && 'ending' in sent ? sent.ending : ending;
      done(survey.endings?.find((it) => it.id === id), !sent);
    }
  };

  /** @param {{ title?: string, errors?: { pointer?: string, detail: string }[] }} problem */
  const refuse = ({ title, errors = [] }) => {
    const named = fields.filter((it) => {
      const error = errors.find(({ pointer = '' }) =>
        `${pointer}/`.startsWith(`/answers/${it.id}/`));
      if (error) it.fail(error.detail);
      return error;
    });
    alert.textContent = title || words.failed;
    if (named[0]) turn(named[0]);
  };

  /** @type {Steps | undefined} */
  const steps = survey.layout === 'steps' ? ui.steps({
    words, ahead, check, save, submit, turn, button, first: fields[0] }) : undefined;
  const go = () => (steps ? steps.next() : submit());
  body.replaceChildren(...[steps?.top,
    survey.welcome && ui.say('p', { class: 'welcome' }, survey.welcome),
    ...fields.map((it) => it.element), alert,
    // Nobody sees this line or comes by it; whoever fills it in is a robot.
    h('div', { class: 'away', 'aria-hidden': 'true' }, trap),
    h('div', { class: 'turn' }, steps?.back, button)].filter((it) => it));
  body.onkeydown = ({ key, isComposing, target }) => {
    if (key === 'Enter' && !isComposing && /** @type {any} */ (target).matches('input')) go();
  };
  show();
};
