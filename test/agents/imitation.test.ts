import { expect, test } from 'vitest';
import { type Epoch, examplesIn, IMITATION, imitate } from '../../agents/imitation.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, randomMove } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { ticTacToe as family } from '../../games/tic-tac-toe/rules.ts';

const ticTacToe = gameOf(family);
const game = ticTacToe as unknown as Game;
const moves = (text: string) => text.split(' ').map(move => ticTacToe.parseMove(move)!);

test('the moves of the winner are imitated, from where players decided', () => {
  const played = { moves: moves('a1 a2 b1 b2 c1'), from: 2 };
  const examples = examplesIn(ticTacToe, played);
  expect(examples.map(({ move }) => ticTacToe.formatMove(move))).toEqual(['b1', 'c1']);
  expect(examples[1]!.value).toBeGreaterThan(examples[0]!.value);
  expect(examples[0]!.legal).toHaveLength(7);
});

test('in a drawn game both sides are imitated, in an unfinished one nobody', () => {
  const drawn = moves('b2 a1 c3 c1 b1 b3 a2 c2 a3');
  expect(examplesIn(ticTacToe, { moves: drawn, from: 0 })).toHaveLength(9);
  expect(examplesIn(ticTacToe, { moves: drawn.slice(0, 8), from: 0 })).toEqual([]);
});

/** Games of somebody who takes the first free square of a fixed order, against anybody. */
function habitual(seed: number) {
  const random = seededRandom(seed);
  const habit = moves('b2 a1 c3 a3 c1 b1 a2 c2 b3');
  const played: number[] = [];
  let state = ticTacToe.start;
  while (!ticTacToe.outcome(state)) {
    const legal = ticTacToe.moves(state);
    const move =
      ticTacToe.turn(state) === 0
        ? habit.find(square => legal.includes(square))!
        : randomMove(ticTacToe, state, random);
    played.push(move);
    state = ticTacToe.play(state, move);
  }
  return { moves: played, from: 0 };
}

// The habit is not the same in a mirror, so no position is mirrored here.
test('a habit is learned, and foretold in games that were not; the same seed learns the same', async () => {
  const games = Array.from({ length: 120 }, (_, seed) =>
    examplesIn(game, habitual(seed)).filter(
      ({ observation }) => observation.reduce((sum, cell) => sum + cell, 0) % 2 === 0,
    ),
  );
  const recipe = { ...IMITATION, filters: 8, blocks: 1, batch: 32, rate: [1e-2, 1e-4] as const, heldOut: 0.2 };
  const learned = async () => {
    let last: Epoch | undefined;
    for await (const epoch of imitate({ ...game, symmetries: [] }, recipe, games, 20, 1, 'onnxruntime-node'))
      last = epoch;
    return last!;
  };
  const epoch = await learned();
  expect(epoch.match.positions).toBeGreaterThan(30);
  expect(epoch.match.first).toBeGreaterThan(0.85);
  expect(epoch.match.amongThree).toBeGreaterThanOrEqual(epoch.match.first);
  expect((await learned()).weights).toEqual(epoch.weights);
});
