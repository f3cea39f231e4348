/**
 * A program that speaks UCI: one MOVE after the other and the last again and
 * again, each said twice, or some misbehaviour.
 *
 *     node fake-uci-engine.mjs MOVE…|MANNER
 */

import { createInterface } from 'node:readline';

const moves = process.argv.slice(2);
const [manner] = moves;

/** What it answers to the first word of a line. */
const ANSWERS = {
  uci: () =>
    manner === 'nameless'
      ? 'uciok'
      : 'id name Fake 1.0\noption name UCI_Variant type combo default chess var chess var flipello\nuciok',
  isready: () => 'readyok',
  go() {
    if (manner === 'dies') process.exit(3);
    const move = moves.length > 1 ? moves.shift() : moves[0];
    return `info depth 1\nbestmove ${move} ponder P@a1\r\nbestmove ${move}`;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const answer = ANSWERS[line.split(' ')[0]]?.();
  if (answer !== undefined) console.log(answer);
}
