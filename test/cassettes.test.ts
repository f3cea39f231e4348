/** Real matches of a language model, played again from its recorded replies, byte for byte. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MatchRecord } from '../arena/match.ts';
import { type Seating, verify } from '../src/commands/replay.ts';
import { modelSurroundings } from '../src/llm.ts';
import { agentNamed } from '../src/roster.ts';

const folder = join(import.meta.dirname, 'cassettes');

const RECORD = '.record.jsonl';
const games = readdirSync(folder)
  .filter(file => file.endsWith(RECORD))
  .map(file => file.slice(0, -RECORD.length));

test.each(games)('%s', async game => {
  const text = readFileSync(join(folder, game + RECORD), 'utf8').trimEnd();
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
