/** `npm run bench [part …]`: how fast it is here. Parts: playouts, search, solver, guests, training, selfplay, overhead, model; all where none is named. */

import { guestSpeeds } from './guests.ts';
import { modelSpeed } from './language-model.ts';
import { openSpielSpeeds } from './openspiel.ts';
import { overheads } from './overhead.ts';
import { selfPlaySpeeds } from './selfplay.ts';
import { solveStarts, solveTimes } from './solver.ts';
import { type Speed, speeds } from './speeds.ts';
import { trainingSpeeds } from './training.ts';

const SECONDS = 3;
const PAIRS = 250;
const SOLVED_PLIES = [0, 4, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28];
const SOLVED = 50;

/** `here`: OpenSpiel's own speed on this machine, measured in the same run. */
async function printSpeeds(title: string, measured: AsyncIterable<Speed>, here?: ReadonlyMap<string, number>) {
  console.log(`\n${title}`);
  const whole = (number: number) => Math.round(number).toLocaleString('en').padStart(11);
  for await (const { game, perSecond, dealtPerSecond, theirs } of measured) {
    const ratio = (own: number, other: number | undefined, whose: string) =>
      other === undefined ? '' : `${`${(own / other).toFixed(1)} ×`.padStart(8)} ${whose}${whole(other)}`;
    const columns = [
      ratio(perSecond, theirs, "OpenSpiel's known"),
      ratio(dealtPerSecond, here?.get(game), 'its speed here'),
    ];
    console.log(`  ${game.padEnd(20)} ${whole(perSecond)} ${columns.join(' ')}`.trimEnd());
  }
}

const PARTS: Readonly<Record<string, () => void | Promise<void>>> = {
  async playouts() {
    const here = openSpielSpeeds(SECONDS);
    await printSpeeds('random playouts a second, one thread', speeds('playouts', SECONDS), here);
    if (here)
      console.log('  with its speed here ours is compared from the first decision on, too: cards dealt, dice thrown');
    else console.log("  OpenSpiel itself was not measured: $PYTHON, or else python3, has no 'pyspiel'");
  },
  search: () => printSpeeds('MCTS simulations a second, one playout each, one thread', speeds('search', SECONDS)),
  async guests() {
    console.log("\nsearch of boardgame.io games, iterations a second, one thread, beside boardgame.io's own MCTSBot");
    for (const { game, ours, theirs } of await guestSpeeds(SECONDS)) {
      const [here, there] = [ours, theirs].map(speed => Math.round(speed).toLocaleString('en').padStart(11));
      console.log(`  ${game.padEnd(20)} ${here}  ${(ours / theirs).toFixed(1).padStart(6)} × its bot's${there}`);
    }
  },
  solver() {
    console.log(
      `\nconnect-four solved: milliseconds of processor time for all seven moves, ${SOLVED} random positions a ply`,
    );
    console.log('  ply      mean    median      most');
    for (const { ply, mean, median, most } of solveTimes(SOLVED_PLIES, SOLVED)) {
      const columns = [mean, median, most].map(time => time.toFixed(1).padStart(9));
      console.log(`  ${String(ply).padStart(3)} ${columns.join(' ')}`);
    }
    console.log('\nsearched to the end: seconds of processor time for all first moves, and who wins');
    for (const { game, seconds, best } of solveStarts()) {
      const result = best > 0 ? 'first' : best < 0 ? 'second' : 'draw';
      console.log(`  ${game.padEnd(60)} ${seconds.toFixed(2).padStart(6)}   ${result}`);
    }
  },
  async training() {
    console.log('\ntraining: positions a second; and while two threads play themselves, with what they judge a second');
    for await (const { engine, filters, blocks, threads, alone, busy } of trainingSpeeds()) {
      const [learned, beside, judged] = [alone, busy.learned, busy.judged].map(number =>
        Math.round(number).toLocaleString('en').padStart(7),
      );
      console.log(
        `  ${filters} × ${blocks} on ${threads}  ${engine.padEnd(16)} ${learned}   ${beside} beside ${judged} judged`,
      );
    }
  },
  async selfplay() {
    console.log(
      '\nself-play of connect-four on two threads: positions a second that the network judges, beside it alone',
    );
    for await (const { filters, blocks, playing, alone } of selfPlaySpeeds(SECONDS)) {
      const [here, there] = [playing, alone].map(speed => Math.round(speed).toLocaleString('en').padStart(7));
      console.log(`  ${filters} × ${blocks}  ${here}  ${(playing / alone).toFixed(2)} × alone${there}`);
    }
  },
  async overhead() {
    console.log('\nthe arena: milliseconds a move between instant agents, recorded and logged');
    for (const { game, matches, milliseconds } of await overheads(PAIRS)) {
      console.log(`  ${game.padEnd(20)} ${milliseconds.toFixed(4).padStart(12)}   ${matches} matches`);
    }
  },
  async model() {
    console.log('\nthe local language model on connect-four');
    const speed = await modelSpeed();
    if (!speed) return console.log("  not measured: its weights are not here; 'swp model pull' fetches them");
    const { model, decisions, secondsPerMove, cachedShare, studySeconds } = speed;
    console.log(`  ${model}: ${secondsPerMove.toFixed(2)} s a move over ${decisions} moves,`);
    console.log(
      `  ${(100 * cachedShare).toFixed(1)} % of the prompt from the cache, ${studySeconds.toFixed(1)} s to load and study`,
    );
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find(part => !Object.hasOwn(PARTS, part));
if (unknown !== undefined) {
  console.error(`bench: there is no part '${unknown}'; there are: ${Object.keys(PARTS).join(', ')}`);
  process.exitCode = 2;
} else {
  for (const part of wanted.length > 0 ? wanted : Object.keys(PARTS)) await PARTS[part]!();
}
