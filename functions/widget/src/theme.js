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
 * The nearest colour, towards black or white, that stands out enough.
 * @param {Colour} colour
 * @param {Colour} on
 * @param {number} ratio
 */
export const mend = (colour, on, ratio) => {
  for (let part = 0; part < 1; part += 0.02) {
    const found = mix(colour, plain(on), part).map(Math.round);
    if (ratio <= contrast(found, on)) return found;
  }
  return plain(on);
};

/**
 * The rules of a theme.
 * @param {{ accent?: string, background?: string, text?: string }} given
 * @param {(...told: unknown[]) => void} warn
 */
export const theme = (given, warn) => {
  const [accent, background, ink] = [given.accent, given.background, given.text].map(read);
  /** @param {string} name @param {Colour} colour @param {Colour[]} on @param {number} ratio */
  const check = (name, colour, on, ratio) => {
    const found = on.reduce((it, one) => mend(it, one, ratio), colour);
    if (show(found) !== show(colour)) {
      warn(`theme.${name} ${show(colour)} on ${show(on[0])} is hard to read, ` +
        `${show(found)} is used (WCAG 2.2 AA)`);
    }
    return found;
  };
  /** @param {Colour} card @param {Colour} text @param {Colour} colour */
  const rules = (card, text, colour) => {
    const on = plain(colour);
    return Object.entries({
      card, ink: text, accent: colour, on,
      soft: mend(mix(card, text, 0.74), card, TEXT_RATIO_MIN),
      edge: mend(mix(card, text, 0.5), card, CONTROL_RATIO_MIN),
      bad: mend([163, 38, 29], card, TEXT_RATIO_MIN),
    }).map(([name, it]) => `--${name}:${show(it)}`).join(';');
  };
  const [light, dark] = [['#ffffff', '#15211f'], ['#16201f', '#e8f0ee']]
    .map((it) => /** @type {Colour[]} */ (it.map(read)));
  if (background || ink) {
    // Colours of its own for the ground are meant for the day and the night alike.
    const card = background || light[0];
    const colour = check('accent', accent || ink || plain(card), [card], CONTROL_RATIO_MIN);
    // Buttons stand on a ground with a little of the accent, as widget.css mixes it.
    const grounds = [0, 0.08, 0.18].map((part) => mix(card, colour, part));
    const text = check('text', ink || plain(card), grounds, TEXT_RATIO_MIN);
    const scheme = plain(card) === WHITE ? 'dark' : 'light';
    return `.hy{${rules(card, text, colour)};color-scheme:${scheme}}`;
  }
  if (!accent) return '';
  const night = mend(accent, dark[0], TEXT_RATIO_MIN);
  return `.hy{${rules(light[0], light[1], check('accent', accent, [light[0]], CONTROL_RATIO_MIN))}}` +
    `@media (prefers-color-scheme:dark){.hy{${rules(dark[0], dark[1], night)}}}`;
};
