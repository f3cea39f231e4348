/** Whom the page offers: every strength can be seated at every game that it is offered for. */

import { describe, expect, test } from 'vitest';
import { entryNamed } from '../../games/catalog.ts';
import { opponents } from '../../src/commands/serve.ts';
import { agentNamed } from '../../src/roster.ts';

const offered = opponents(false).flatMap(({ strengths }) => strengths);

describe.each(offered.filter(({ games = [] }) => games.length > 0))('$spec', ({ spec, games = [] }) => {
  test.each(games)('is seated at %s', async name => {
    await expect(agentNamed(spec, entryNamed(name)!.game)).resolves.toHaveProperty('decide');
  });
});

test('plans are offered where they come with the game', () => {
  const plans = offered.filter(({ spec }) => spec.startsWith('script:'));
  expect(plans.map(({ label }) => label)).toContain('worker-rush');
  for (const { games } of plans) expect(games).not.toContain('connect-four');
});

test('a language model is offered only where there is one', () => {
  const names = (model: boolean) => opponents(model).map(({ name }) => name);
  expect(names(true)).toContain('llm');
  expect(names(false)).not.toContain('llm');
});
