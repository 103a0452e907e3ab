// The table of cases that the server's logic is held to as well.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { path } from '../src/logic.js';

const table = new URL('../../../tests/golden/logic.json', import.meta.url);

for (const it of JSON.parse(readFileSync(table, 'utf8'))) {
  test(it.name, () => {
    const found = path(it.survey, it.answers, it.hidden, it.language);
    assert.deepEqual(found, { reached: it.reached, ending: it.ending });
  });
}
