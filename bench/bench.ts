/** `npm run bench [part …]`: how fast it is here. Parts: playouts, search, overhead, model; all where none is named. */

import { modelSpeed } from './language-model.ts';
import { overheads } from './overhead.ts';
import { playoutSpeeds, type Speed } from './playouts.ts';
import { searchSpeeds } from './search.ts';

const SECONDS = 3;
const PAIRS = 250;

function printSpeeds(title: string, speeds: readonly Speed[]): void {
  console.log(`\n${title}`);
  for (const { game, perSecond, theirs } of speeds) {
    const ratio =
      theirs === undefined ? '' : `${(perSecond / theirs).toFixed(1)} × OpenSpiel's ${theirs.toLocaleString('en')}`;
    console.log(`  ${game.padEnd(14)} ${Math.round(perSecond).toLocaleString('en').padStart(12)}   ${ratio}`);
  }
}

const PARTS: Readonly<Record<string, () => void | Promise<void>>> = {
  playouts: () => printSpeeds('random playouts a second, one thread', playoutSpeeds(SECONDS)),
  search: () => printSpeeds('MCTS simulations a second, one playout each, one thread', searchSpeeds(SECONDS)),
  async overhead() {
    console.log('\nthe arena: milliseconds a move between instant agents, recorded and logged');
    for (const { game, matches, milliseconds } of await overheads(PAIRS)) {
      console.log(`  ${game.padEnd(14)} ${milliseconds.toFixed(4).padStart(12)}   ${matches} matches`);
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
