// A survey's own colours, corrected until they can be read (WCAG 2.2, 1.4.3 and 1.4.11).

const TEXT_RATIO_MIN = 4.5;
const CONTROL_RATIO_MIN = 3;

/** @typedef {number[]} Colour Red, green and blue, 0–255. */

/** @param {string | undefined} text @returns {Colour | undefined} */
const read = (text) => (/^#[\da-f]{6}$/i.test(text || '')
  ? [1, 3, 5].map((at) => parseInt(String(text).slice(at, at + 2), 16)) : undefined);

/** @param {Colour} colour */
const show = (colour) =>
  `#${colour.map((it) => Math.round(it).toString(16).padStart(2, '0')).join('')}`;

/** @param {Colour} colour */
const luminance = (colour) => {
  const [red, green, blue] = colour.map((it) => it / 255)
    .map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** @param {Colour} one @param {Colour} two */
export const contrast = (one, two) => {
  const [dark, light] = [one, two].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/** @param {Colour} one @param {Colour} two @param {number} part Of the second. */
const mix = (one, two, part) => one.map((it, at) => it + (two[at] - it) * part);

const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];
/** Whichever of the two can be read better. @param {Colour} on */
const plain = (on) => (contrast(on, WHITE) < contrast(on, BLACK) ? BLACK : WHITE);

/**
 * The nearest colour, towards black or white, that stands out enough from each ground.
 * @param {Colour} colour
 * @param {number} ratio
 * @param {...Colour} grounds
 */
export const mend = (colour, ratio, ...grounds) => {
  const to = plain(grounds[0]);
  for (let part = 0; part < 1; part += 0.02) {
    const found = mix(colour, to, part).map(Math.round);
    if (grounds.every((it) => ratio <= contrast(found, it))) return found;
  }
  return to;
};

/** The card and what lies on it, with a little of the accent, as widget.css mixes them.
 * @param {Colour} card @param {Colour} accent
 */
const groundsOf = (card, accent) => [0, 0.08, 0.18].map((part) => mix(card, accent, part));

/**
 * The rules of a theme.
 * @param {{ accent?: string, background?: string, text?: string }} given
 * @param {(...told: unknown[]) => void} warn
 */
export const theme = (given, warn) => {
  const [accent, background, ink] = [given.accent, given.background, given.text].map(read);
  /**
   * @param {string} name
   * @param {Colour} colour
   * @param {number} ratio
   * @param {Colour} on
   * @param {...Colour} others
   */
  const check = (name, colour, ratio, on, ...others) => {
    const found = mend(colour, ratio, on, ...others);
    if (show(found) !== show(colour)) {
      warn(`theme.${name} ${show(colour)} on ${show(on)} is hard to read, ` +
        `${show(found)} is used (WCAG 2.2 AA)`);
    }
    return found;
  };
  /** @param {Colour} card @param {Colour} text @param {Colour} colour */
  const rules = (card, text, colour) => {
    const on = plain(colour);
    // On a middling grey not even black can be read with just any accent.
    const [, tint, line] = groundsOf(card, colour)
      .map((it) => (contrast(text, it) < TEXT_RATIO_MIN ? card : it));
    return Object.entries({
      card, ink: text, accent: colour, on, tint, line,
      soft: mend(mix(card, text, 0.74), TEXT_RATIO_MIN, card),
      edge: mend(mix(card, text, 0.5), CONTROL_RATIO_MIN, card),
      bad: mend([163, 38, 29], TEXT_RATIO_MIN, card),
    }).map(([name, it]) => `--${name}:${show(it)}`).join(';');
  };
  const [light, dark] = [['#ffffff', '#15211f'], ['#16201f', '#e8f0ee']]
    .map((it) => /** @type {Colour[]} */ (it.map(read)));
  if (background || ink) {
    // Colours of its own for the ground are meant for the day and the night alike.
    const card = background || light[0];
    const colour = check('accent', accent || ink || plain(card), CONTROL_RATIO_MIN, card);
    const [, ...others] = groundsOf(card, colour);
    const text = check('text', ink || plain(card), TEXT_RATIO_MIN, card, ...others);
    const scheme = plain(card) === WHITE ? 'dark' : 'light';
    return `.hy{${rules(card, text, colour)};color-scheme:${scheme}}`;
  }
  if (!accent) return '';
  const night = mend(accent, TEXT_RATIO_MIN, dark[0]);
  const day = check('accent', accent, CONTROL_RATIO_MIN, light[0]);
  return `.hy{${rules(light[0], light[1], day)}}` +
    `@media (prefers-color-scheme:dark){.hy{${rules(dark[0], dark[1], night)}}}`;
};
