// The second module, `/widget-more.js`: rarer questions, Arabic, colours, the proof of work.

import { together } from './batch.js';
import { prove } from './proof.js';
import { kinds } from './rare.js';
import { stepping } from './steps.js';
import { theme } from './theme.js';

/** @import { Kit } from './rare.js' */

const ZH = {
  form: '格式不正确', from: '不能小于 {}', to: '不能大于 {}', rows: '请回答每一行', up: '上移',
  down: '下移', place: '第 {} 位，共 {} 位', unranked: '未排序', rank: '请排出前 {} 位',
  least: '请至少选择 {} 项', most: '最多可选 {} 项', short: '请至少输入 {} 个字',
  next: '下一题', back: '上一题', step: '第 {} 题，共 {} 题', agree: '我同意', own: '请说明',
  format: '格式：{}',
};
const EN = {
  form: 'Please check the format', from: 'Must be {} or more', to: 'Must be {} or less',
  rows: 'Please answer every row', up: 'Move up', down: 'Move down', place: '{} of {}',
  unranked: 'not ranked', rank: 'Please rank {}', agree: 'I agree',
  least: 'Please choose at least {}', most: 'Choose up to {}',
  short: 'Please write at least {} characters',
  next: 'Next', back: 'Back', step: 'Question {} of {}', own: 'Please specify',
  format: 'Format: {}',
};
const AR = {
  launch: 'رأيك يهمنا', close: 'إغلاق', send: 'إرسال',
  again: 'حاول مرة أخرى', next: 'التالي', back: 'السابق', step: 'السؤال {} من {}',
  agree: 'أوافق', own: 'يرجى التوضيح', required: 'مطلوب',
  opened: 'فُتح استبيان قصير في نهاية الصفحة.', thanks: 'شكرًا لك. وصلت إجابتك.',
  answer: 'يرجى الإجابة عن هذا السؤال',
  least: 'يرجى اختيار {} على الأقل',
  most: 'اختر {} كحد أقصى', short: 'يرجى كتابة {} حرفًا على الأقل', format: 'الصيغة: {}',
  kept: 'شكرًا لك. تعذّر الإرسال الآن، وقد حُفظت إجابتك على هذا الجهاز وستُرسل تلقائيًا لاحقًا.',
  failed: 'تعذّر ذلك. يرجى التحقق من الاتصال ثم المحاولة مرة أخرى.',
  nps: ['غير محتمل إطلاقًا', 'محتمل جدًا'],
  rating: ['سيئ جدًا', 'جيد جدًا'], effort: ['صعب جدًا', 'سهل جدًا'],
  form: 'يرجى التحقق من الصيغة', from: 'يجب ألا يقل عن {}', to: 'يجب ألا يزيد على {}',
  rows: 'يرجى الإجابة عن كل صف', up: 'نقل إلى أعلى', down: 'نقل إلى أسفل',
  place: '{} من {}', unranked: 'بلا ترتيب', rank: 'يرجى ترتيب {}',
};

/**
 * Puts values where braces stand.
 * @param {string} text
 * @param {...unknown} values
 */
const fill = (text, ...values) =>
  values.reduce((/** @type {string} */ all, it) => all.replace('{}', String(it)), text);

/** @param {Omit<Kit, 'fill'> & { words: Record<string, any> }} lent By the core. */
export default (lent) => {
  const { words } = lent;
  const kit = { ...lent, fill };
  Object.assign(words.zh, ZH);
  Object.assign(words.en, EN);
  words.ar = AR;
  return { KINDS: kinds(kit), STYLE, prove, steps: stepping(kit), theme, together };
};
