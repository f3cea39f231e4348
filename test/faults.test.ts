/** The planted faults of every game can be planted; `scripts/plant-faults.mjs` tells whether they are caught. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { families } from '../games/catalog.ts';

interface Fault {
  readonly about: string;
  /** In the game's folder; rules.ts where it is left out. */
  readonly file?: string;
  readonly find: string;
  readonly replace: string;
}

const root = join(import.meta.dirname, '..');

test.each(families.map(({ name }) => name))('%s: what is replaced is there exactly once', name => {
  const faults = JSON.parse(readFileSync(join(root, 'test', 'faults', `${name}.json`), 'utf8')) as readonly Fault[];
  expect(faults.length, `faults in test/faults/${name}.json`).toBeGreaterThanOrEqual(5);
  for (const { about, file = 'rules.ts', find, replace } of faults) {
    const places = readFileSync(join(root, 'games', name, file), 'utf8').split(find).length - 1;
    expect(places, `${about}: how often '${find}' stands in games/${name}/${file}`).toBe(1);
    expect(replace, about).not.toBe(find);
  }
});
