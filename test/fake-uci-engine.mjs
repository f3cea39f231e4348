/**
 * A program that speaks UCI: MOVE again and again, or some misbehaviour.
 *
 *     node fake-uci-engine.mjs MOVE|MANNER
 */

import { createInterface } from 'node:readline';

const [manner] = process.argv.slice(2);

/** What it answers to the first word of a line. */
const ANSWERS = {
  uci: () =>
    manner === 'nameless'
      ? 'uciok'
      : 'id name Fake 1.0\noption name UCI_Variant type combo default chess var chess var flipello\nuciok',
  isready: () => 'readyok',
  go: () =>
    manner === 'silent' ? undefined : manner === 'dies' ? process.exit(3) : `info depth 1\nbestmove ${manner}`,
};

for await (const line of createInterface({ input: process.stdin })) {
  const answer = ANSWERS[line.split(' ')[0]]?.();
  if (answer !== undefined) console.log(answer);
}
