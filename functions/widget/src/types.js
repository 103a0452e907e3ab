// The shapes that the sources talk about, for `tsc --checkJs`; nothing of it is shipped.

/**
 * Texts by language tag.
 * @typedef {Record<string, string>} Texts
 */

/**
 * @typedef {object} Condition
 * @property {Condition[]} [all]
 * @property {Condition[]} [any]
 * @property {Condition} [not]
 * @property {string} [question]
 * @property {string} [row]
 * @property {string} [hidden]
 * @property {string} [is]
 * @property {unknown} [value]
 * @property {string} [language]
 */

/**
 * @typedef {object} Option
 * @property {string} id
 * @property {Texts} text
 * @property {boolean} [open] Takes words of the visitor's own.
 * @property {boolean} [exclusive] Goes with no other option.
 */

/**
 * @typedef {object} Question
 * @property {string} id
 * @property {string} type
 * @property {Texts} text
 * @property {Texts} [help]
 * @property {boolean} [required]
 * @property {Condition} [show_if]
 * @property {{ if?: Condition, to: string }[]} [next]
 * @property {Texts} [low]
 * @property {Texts} [high]
 * @property {number} [points]
 * @property {string} [display]
 * @property {Option[]} [options]
 * @property {Option[]} [rows]
 * @property {boolean} [shuffle]
 * @property {number | string} [min]
 * @property {number | string} [max]
 * @property {number} [min_length]
 * @property {number} [max_length]
 * @property {string} [pattern]
 * @property {number} [decimals]
 * @property {Texts} [unit]
 */

/**
 * @typedef {object} Ending
 * @property {string} id
 * @property {Texts} text
 * @property {Condition} [if]
 * @property {string} [link]
 * @property {Texts} [link_text]
 */

/**
 * The public definition, as `GET /v1/surveys/{id}` tells it.
 * @typedef {object} Survey
 * @property {string} [id]
 * @property {number} version
 * @property {string} default_language
 * @property {string[]} languages
 * @property {Texts} [title]
 * @property {Texts} [welcome]
 * @property {Texts} [thanks]
 * @property {string} [layout]
 * @property {{ accent?: string, background?: string, text?: string }} [theme]
 * @property {Question[]} questions
 * @property {Ending[]} [endings]
 * @property {{ id: string, max_length: number }[]} [hidden]
 * @property {string} [form_token]
 */

/** @typedef {Record<string, any>} Answers */
/** @typedef {Record<string, string>} Hidden */

export {};
