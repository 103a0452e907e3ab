// What the widget itself says. The second module brings more, and Arabic.

/** @typedef {Record<string, any>} Words */

/** @type {Record<string, Words>} */
export const WORDS = {
  zh: {
    launch: '意见反馈', close: '关闭', send: '提交', again: '重试',
    required: '必填', opened: '页面末尾打开了一份问卷。',
    thanks: '谢谢，您的回答已经收到。', answer: '请回答这个问题',
    kept: '谢谢。您的回答已保存在这台设备上，稍后会自动提交。',
    failed: '没有成功，请稍后重试。',
    nps: ['完全不可能', '非常可能'], rating: ['非常差', '非常好'], effort: ['非常费力', '非常轻松'],
  },
  en: {
    launch: 'Feedback', close: 'Close', send: 'Send', again: 'Try again',
    required: 'Required',
    opened: 'A survey has opened at the end of the page.',
    thanks: 'Thank you. Your answer has arrived.', answer: 'Please answer this question',
    kept: 'Thank you. Your answer is saved on this device and will be sent later.',
    failed: 'That did not work. Please try again.',
    nps: ['Not at all likely', 'Extremely likely'], rating: ['Very poor', 'Very good'],
    effort: ['Very difficult', 'Very easy'],
  },
};
