// Which questions the answers reach, and which ending: "Logic" of docs/surveys.md.
//
// Pure, without a document or a clock. `domain` says the same in Rust for the server, and
// tests/golden/logic.json is the table of cases that holds the two together.

/** @import { Answers, Condition, Hidden, Question, Survey } from './types.js' */

/** An option that came with words of its own counts as its id.
 * @param {any} answer
 * @returns {any}
 */
const idOf = (answer) => (answer && typeof answer === 'object' && !Array.isArray(answer)
  ? Object.keys(answer)[0] : answer);

/**
 * What somebody gave under a name; `constructor` is a name like any other.
 * @param {any} of
 * @param {string | undefined} name
 */
const own = (of, name) => (name && of && Object.hasOwn(of, name) ? of[name] : undefined);

/**
 * The class of a score.
 * @param {Question} question
 * @param {unknown} score
 */
export const classOf = ({ type, points = 5, options }, score) => {
  if (typeof score !== 'number' || options) return undefined;
  if (type === 'nps') return score <= 6 ? 'detractor' : score <= 8 ? 'passive' : 'promoter';
  if (type === 'effort') return score <= 3 ? 'hard' : score <= 4 ? 'neutral' : 'easy';
  if (type !== 'rating' && type !== 'matrix') return undefined;
  const ends = points <= 3 ? 1 : 2;
  return score <= ends ? 'dissatisfied' : score <= points - ends ? 'neutral' : 'satisfied';
};

/**
 * Whether a given answer stands in this relation to a value.
 * @param {Question} question
 * @param {any} answer
 * @param {string} is
 * @param {any} value
 * @returns {boolean | undefined}
 */
const compares = (question, answer, is, value) => {
  if (is === 'answered') return true;
  if (is === 'class') return classOf(question, answer) === value;
  if (is === 'has') {
    return (Array.isArray(answer) ? answer : [answer]).some((it) => idOf(it) === value);
  }
  const given = idOf(answer);
  if (is === 'eq') return given === value;
  if (is === 'ne') return given !== value;
  // Texts have no order that people would expect; dates, written year first, do.
  if (typeof given !== typeof value || (typeof given !== 'number' && question.type !== 'date')) {
    return false;
  }
  return { lt: given < value, le: given <= value, gt: value < given, ge: value <= given }[is];
};

/**
 * The questions that the path reaches, in order, and the ending at its end.
 * @param {Survey} survey
 * @param {Answers} answers
 * @param {Hidden} hidden
 * @param {string} language
 * @returns {{ reached: string[], ending: string | null }}
 */
export const path = ({ questions, endings = [] }, answers, hidden, language) => {
  /** @type {Question[]} */
  const reached = [];
  /** @type {string | undefined} */
  let ending;
  const tag = language.toLowerCase();

  /** @param {Condition} rule @returns {boolean} */
  const holds = (rule) => {
    if (rule.all) return rule.all.every(holds);
    if (rule.any) return rule.any.some(holds);
    if (rule.not) return !holds(rule.not);
    if (rule.language) return `${tag}-`.startsWith(`${rule.language.toLowerCase()}-`);
    // What is asked later, or was never reached, has no answer yet.
    const question = reached.find((it) => it.id === rule.question);
    const whole = question ? own(answers, question.id) : own(hidden, rule.hidden);
    const answer = rule.row ? own(whole, rule.row) : whole;
    if (answer == null || (typeof answer === 'object' && !Object.keys(answer).length)) return false;
    return !!compares(question || /** @type {Question} */ ({}), answer, rule.is || '', rule.value);
  };

  for (let at = 0; at < questions.length;) {
    const question = questions[at];
    at += 1;
    if (question.show_if && !holds(question.show_if)) continue;
    reached.push(question);
    const to = question.next?.find((it) => !it.if || holds(it.if))?.to;
    [, ending] = /^end:(.*)/.exec(to || '') || [];
    if (ending || to === 'end') break;
    // Never back: a definition that would is refused, and a page must not hang on one.
    if (to) at = Math.max(at, questions.findIndex((it) => it.id === to));
  }
  ending ||= endings.find((it) => it.if && holds(it.if))?.id;
  return { reached: reached.map((it) => it.id), ending: ending || null };
};
