/** One real match of a language model on each game, played again from its recorded replies, byte for byte. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MatchRecord } from '../arena/match.ts';
import { catalog } from '../games/catalog.ts';
import { type Seating, verify } from '../src/commands/replay.ts';
import { modelSurroundings } from '../src/llm.ts';
import { agentNamed } from '../src/roster.ts';

const folder = join(import.meta.dirname, 'cassettes');

test.each(catalog.map(({ game }) => game.name))('%s', async game => {
  const text = readFileSync(join(folder, `${game}.record.jsonl`), 'utf8').trimEnd();
  const record = JSON.parse(text) as MatchRecord;
  expect(record.game).toBe(game);
  const { around } = modelSurroundings({ cassette: join(folder, `${game}.jsonl.gz`) });
  const seat: Seating = (spec, played) =>
    agentNamed(
      spec,
      played,
      around(() => {}),
    );
  expect(await verify(text, record, seat)).toBeUndefined();
});
