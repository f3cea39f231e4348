/**
 * `npm run bench:league -- GAME --iterations N`: what a league is worth where
 * cards are hidden. Trains a league, and the same learner with itself alone, in
 * runs/league-GAME/, where a run that was stopped is taken up again. Prints how
 * much each can be exploited in the end, writes docs/league-GAME.jsonl, a line for
 * each iteration, and a page of curves, runs/league-GAME.html;
 * scripts/picture.mjs makes a picture of it.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Chart } from '../src/curves.ts';
import { root } from '../src/files.ts';
import { gameNamed } from '../src/games.ts';
import { writeSheet } from '../src/sheet.ts';
import { hasCheckpoint } from '../src/train/checkpoints.ts';
import { type LeagueLine, trainLeague } from '../src/train/league.ts';
import { alone } from '../src/train/lock.ts';

/** A line of the results. NashConv is in chips. */
interface Result extends Pick<LeagueLine, 'iteration' | 'games' | 'nashConv' | 'nashConvNewest'> {
  readonly opponents: 'league' | 'itself';
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    iterations: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const [name = 'leduc-poker'] = positionals;
const game = gameNamed(name);
const results = [...(await trained('league')), ...(await trained('itself'))];
await writeFile(
  join(root, 'docs', `league-${name}.jsonl`),
  results.map(result => `${JSON.stringify(result)}\n`).join(''),
);

const curves: readonly { readonly title: string; readonly of: Result['opponents']; readonly y: keyof Result }[] = [
  { title: 'league: average policy', of: 'league', y: 'nashConv' },
  { title: 'self-play: newest policy', of: 'itself', y: 'nashConvNewest' },
  { title: 'self-play: average policy', of: 'itself', y: 'nashConv' },
  { title: 'league: newest policy', of: 'league', y: 'nashConvNewest' },
];
const chart: Chart = {
  title: `${name}: what best responses gain, in both seats together (NashConv)`,
  x: 'games played, those of exploiters included',
  y: 'chips',
  logarithmic: 'both',
  series: curves.map(({ title, of, y }, colour) => ({
    name: title,
    joined: true,
    colour,
    points: results
      .filter(({ opponents, games }) => opponents === of && games > 0)
      .map(result => ({ x: result.games, y: Number(result[y]) })),
  })),
};
for (const { name: title, points } of chart.series) {
  console.log(`${title}: NashConv ${points.at(-1)!.y} chips after ${points.at(-1)!.x} games`);
}
const page = join(root, 'runs', `league-${name}.html`);
await writeSheet(page, {
  title: `${name}: a league and self-play`,
  program: 'curves',
  data: { title: `A league on ${name}`, facts: [], charts: [chart] },
});
console.log(`the curves are in ${page}`);

/** The log of a run, which is made or taken up where it is not complete. */
async function trained(opponents: Result['opponents']): Promise<readonly Result[]> {
  const out = join(root, 'runs', `league-${name}`, opponents);
  const resume = hasCheckpoint(out);
  await alone(out, () =>
    trainLeague(game, {
      iterations: Number(values.iterations),
      seed: Number(values.seed),
      out,
      workers: 1,
      curriculum: false,
      settings: resume ? [] : [`opponents=${opponents}`, ...values.set],
      resume,
    }),
  );
  const lines = (await readFile(join(out, 'log.jsonl'), 'utf8')).trim().split('\n');
  return lines.map(line => {
    const { iteration, games, nashConv, nashConvNewest } = JSON.parse(line) as LeagueLine;
    return { opponents, iteration, games, nashConv, nashConvNewest };
  });
}
