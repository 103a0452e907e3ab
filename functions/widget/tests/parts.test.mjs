// What can be tested without a page: hashes, masks, addresses, colours, order, words.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import more from '../src/more.js';
import { order } from '../src/options.js';
import { prove, sha256 } from '../src/proof.js';
import { fits } from '../src/rare.js';
import { contrast, mend, theme } from '../src/theme.js';
import { isAt } from '../src/triggers.js';
import { WORDS } from '../src/words.js';

const hash = (text) => createHash('sha256').update(text).digest('hex');

test('a hash is the one of FIPS 180-4, at every length of a block', () => {
  for (let length = 0; length < 200; length += 1) {
    const text = 'aé回'.repeat(length).slice(0, length);
    assert.equal(sha256(text), hash(text), `${length}`);
  }
});

test('a proof names the number that was asked for', async () => {
  const asked = { algorithm: 'SHA-256', salt: 'salt?x=1&', signature: 's', maxnumber: 3000 };
  const challenge = hash(`${asked.salt}2345`);
  const proof = JSON.parse(atob(await prove({ ...asked, challenge })));
  assert.deepEqual(proof,
    { algorithm: 'SHA-256', challenge, number: 2345, salt: asked.salt, signature: 's' });
  assert.equal(await prove({ ...asked, challenge, maxnumber: 9 }), undefined);
});

test('a mask is digits, Latin letters, either, or itself', () => {
  for (const [mask, words, expected] of [
    ['AA-####', 'SH-2024', true], ['AA-####', 'sh-2024', true], ['AA-####', 'SH-202', false],
    ['AA-####', 'S1-2024', false], ['AA-####', 'SH_2024', false], ['**', 'a1', true],
    ['**', 'a-', false], ['#', '٣', false], ['A', '中', false], ['(#)', '(1)', true],
  ]) assert.equal(fits(mask, words), expected, `${mask} ${words}`);
});

test('a pattern fits an address as a whole', () => {
  const at = { href: 'https://shop.example/cart/2?step=1', pathname: '/cart/2', search: '?step=1' };
  for (const [pattern, expected] of [
    ['/cart/*', true], ['/cart', false], ['/cart/2', true], ['*step=1', true], ['/ca.t/2', false],
    ['/other /cart/2', true], ['https://shop.example/*', true], ['http://shop.example/*', false],
    ['/cart/2?step=1', true], ['', false], ['*', true],
  ]) assert.equal(isAt(pattern, at), expected, pattern);
});

const rgb = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));

test('colours are moved as far as they must be, and the console is told', () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
  assert.deepEqual(mend([11, 95, 91], 4.5, [255, 255, 255]), [11, 95, 91]);
  for (const background of ['#ffffff', '#fdf6ff', '#808080', '#767676', '#000000', '#f5d90a']) {
    for (const accent of ['#f5d90a', '#0b5f5b', '#ff0000', '#808080']) {
      const told = [];
      const rules = theme({ background, accent, text: '#b9a6c9' }, (...it) => told.push(it));
      const colour = (name) => rgb(new RegExp(`--${name}:(#\\w{6})`).exec(rules)[1]);
      const card = colour('card');
      for (const ground of [card, colour('tint'), colour('line')]) {
        assert.ok(4.5 <= contrast(colour('ink'), ground), `${background} ${accent} ${rules}`);
      }
      assert.ok(3 <= contrast(colour('accent'), card));
      assert.ok(4.5 <= contrast(colour('on'), colour('accent')));
      assert.ok(3 <= contrast(colour('edge'), card) && 4.5 <= contrast(colour('soft'), card));
      assert.equal(told.length === 0, rules.includes(accent) && rules.includes('#b9a6c9'));
    }
  }
  assert.equal(theme({ accent: 'red;}*{display:none' }, () => {}), '');
});

test('what is open or excludes the others stays last', () => {
  const options = [{ id: 'open', open: true }, { id: 'a' }, { id: 'none', exclusive: true },
    { id: 'b' }, { id: 'c' }];
  const ids = (list) => list.map((it) => it.id);
  assert.deepEqual(ids(order(options, false)), ids(options));
  const seen = new Set();
  for (let time = 0; time < 500; time += 1) {
    const mixed = ids(order(options, true));
    assert.deepEqual(mixed.slice(3), ['open', 'none']);
    seen.add(mixed.join());
  }
  assert.equal(seen.size, 6);
});

test('every word is there in Chinese, English and Arabic', () => {
  globalThis.STYLE = '';
  more({ words: WORDS });
  const names = (language) => Object.keys(WORDS[language]).sort();
  assert.ok(25 < names('zh').length);
  assert.deepEqual(names('en'), names('zh'));
  assert.deepEqual(names('ar'), names('zh'));
  for (const words of Object.values(WORDS)) {
    for (const [name, text] of Object.entries(words)) {
      const holes = (it) => String(it).split('{}').length;
      assert.equal(holes(text), holes(WORDS.en[name]), name);
    }
  }
});
