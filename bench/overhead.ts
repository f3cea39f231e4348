/** What the arena itself costs: matches of agents that answer at once, recorded and logged. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../agents/agent.ts';
import { roundRobin } from '../arena/schedule.ts';
import { catalog } from '../games/catalog.ts';
import { openLog } from '../src/log.ts';
import { playTimed } from '../src/timed.ts';

const instant = (name: string): Agent => ({
  name,
  conditions: { division: 'engine', budget: {} },
  decide: ({ legal, random }) => ({ move: legal[Math.floor(random() * legal.length)]! }),
});

export interface Overhead {
  readonly game: string;
  readonly matches: number;
  readonly milliseconds: number;
}

/** Milliseconds a move in `2 * pairs` matches of each game, the log on disk included. */
export async function overheads(pairs: number): Promise<readonly Overhead[]> {
  const folder = await mkdtemp(join(tmpdir(), 'swp-bench-'));
  const log = openLog(join(folder, 'log.db'));
  try {
    const results: Overhead[] = [];
    for (const { game } of catalog) {
      const tournament = log.begin({ game: game.name });
      const agents = [instant('a'), instant('b')] as const;
      const schedule = roundRobin(game, 2, () => pairs, 1);
      let moves = 0;
      const begin = performance.now();
      for (const { index, seats, seed, opening } of schedule) {
        const match = { game, agents: [agents[seats[0]]!, agents[seats[1]]!] as const, seed, opening };
        const { record, clock } = await playTimed(match);
        log.append(tournament, index, record, clock);
        moves += record.plies.length;
      }
      results.push({
        game: game.name,
        matches: schedule.length,
        milliseconds: (performance.now() - begin) / moves,
      });
    }
    return results;
  } finally {
    log.close();
    await rm(folder, { recursive: true });
  }
}
