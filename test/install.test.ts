/** What `npm install` runs of others. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  readonly hasInstallScript?: boolean;
}

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8'));
const packages: Readonly<Record<string, Locked>> = read('package-lock.json').packages;
const allowed: Readonly<Record<string, boolean>> = read('package.json').allowScripts;

test('package.json allows or denies the install script of every package that has one', () => {
  const withScript = Object.keys(packages).filter(place => packages[place]!.hasInstallScript);
  expect(withScript.map(place => place.split('node_modules/').at(-1)).filter(name => !(name! in allowed))).toEqual([]);
});

// It would fetch CUDA libraries of hundreds of megabytes, or fail without them. An npm that does not know allowScripts
// runs it unless the lock keeps silent about it: after an update of the package, take "hasInstallScript" out again.
test("onnxruntime-node's install script is run by no npm", () => {
  expect(allowed['onnxruntime-node']).toBe(false);
  expect(packages['node_modules/onnxruntime-node']).not.toHaveProperty('hasInstallScript');
});
