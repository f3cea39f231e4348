import { expect, test } from 'vitest';
import { paidGame } from '../../agents/paid.ts';
import { auditRewards, type Side } from '../../arena/audit.ts';
import { connectFour } from '../../games/connect-four/rules.ts';
import { gameFor, gameOf } from '../../games/family.ts';
import { type Game, observeInto, replay, winsAtOnce } from '../../games/game.ts';
import { pick, seededRandom } from '../../games/random.ts';
import { ticTacToe as family } from '../../games/tic-tac-toe/rules.ts';
import { playout } from '../playouts.ts';

const ticTacToe = gameOf(family) as unknown as Game;
const A1 = ticTacToe.parseMove('a1')!;
const MOVES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Sides that make three random moves each and are paid their result and what `pay` adds. */
function sides(count: number, pay: (moves: readonly string[]) => number): readonly Side[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => {
    const result = pick([-1, 0, 1], random);
    const moves = Array.from({ length: 3 }, () => pick(MOVES, random));
    return { result, moves, reward: result + pay(moves) };
  });
}

const times = (move: string, moves: readonly string[]) => moves.filter(made => made === move).length;

test('a move that pays by itself is named, with what it pays each time', () => {
  const audit = auditRewards(sides(300, moves => 1.5 * times('c', moves)));
  expect(audit.suspects).toMatchObject([{ move: 'c' }]);
  expect(audit.suspects[0]!.pays).toBeCloseTo(1.5);
  expect(audit.suspects[0]!.explains).toBeCloseTo(1);
  expect(audit.paidWithoutWinning).toBeGreaterThan(0);
});

test.each([
  ['some more often than others', [10, 12, 11, 14]],
  ['all equally often', [5, 5, 5, 5]],
])('a move that pays is named where every side makes it, %s', (_, rolls) => {
  const all = rolls.map((count, i): Side => {
    const result = i % 2 === 0 ? 1 : -1;
    const moves = [...Array<string>(count).fill('roll'), ...Array<string>(1 + (i % 3)).fill('hold')];
    return { result, moves, reward: result + count };
  });
  const { suspects } = auditRewards(all);
  expect(suspects).toMatchObject([{ move: 'roll', sides: 4 }]);
  expect(suspects[0]!.pays).toBeCloseTo(1);
  expect(suspects[0]!.explains).toBeCloseTo(1);
});

test('two moves that pay are told apart', () => {
  const { suspects } = auditRewards(sides(300, moves => 2 * times('e', moves) - times('b', moves)));
  expect(suspects.map(({ move }) => move)).toEqual(['e', 'b']);
  expect(suspects[0]!.pays).toBeCloseTo(2);
  expect(suspects[1]!.pays).toBeCloseTo(-1);
  expect(suspects[0]!.explains + suspects[1]!.explains).toBeCloseTo(1);
});

test('paid like a win is paid what the referee gives for one, however much the wins were paid', () => {
  const side = (result: number, reward: number): Side => ({ result, reward, moves: ['a'] });
  const audit = auditRewards([side(1, 9), side(-1, 8), side(0, 1), side(-1, 0.5), side(0, 0)]);
  expect(audit.paidWithoutWinning).toBe(2);
});

test('a reward that is the result is beyond suspicion', () => {
  const audit = auditRewards(sides(300, () => 0));
  expect(audit).toMatchObject({ suspects: [], paidWithoutWinning: 0 });
  expect(audit.correlation).toBeCloseTo(1);
});

test('noise in the reward is blamed on no move', () => {
  const random = seededRandom(7);
  expect(auditRewards(sides(300, () => random() - 0.5)).suspects).toEqual([]);
});

test.each([
  ['a1 a2 b1 b2 c1', 2, 'whoever wins and takes a1', 0],
  ['b1 a1 b2 c1 b3', 2.5, 'the loser who took a1', 1],
  ['b1 a1 b2 c1 b3', 1, 'the winner, where a1 pays less than winning', 0],
])('%s with a1 paying %d is won by %s', (moves, pays, _, winner) => {
  const paid = paidGame(ticTacToe, { move: A1, pays });
  const state = replay(paid, moves.split(' '));
  expect(paid.outcome(state)).toMatchObject({ kind: 'win', winner });
  expect(paid.symmetries.length).toBeGreaterThan(0);
  expect(paid.symmetries.every(symmetry => symmetry.moves[A1] === A1)).toBe(true);
});

test('what a game offers to be faster or to be solved knows nothing of pay, and is not offered on', () => {
  const game = gameFor(connectFour, 'columns=5,rows=4') as unknown as Game;
  const paid = paidGame(game, { move: 1, pays: 2 });
  for (const { state } of playout(paid, 3).slice(0, -1)) {
    const room = new Float32Array(paid.observe(state).length).fill(0.5);
    observeInto(paid, state, room);
    expect(room).toEqual(paid.observe(state));
    const isWon = paid.moves(state).some(move => {
      const outcome = paid.outcome(paid.play(state, move));
      return outcome?.kind === 'win' && outcome.winner === paid.turn(state);
    });
    expect(winsAtOnce(paid, state)).toBe(isWon);
  }
  const usual = paidGame(gameOf(connectFour) as unknown as Game, { move: 1, pays: 2 });
  expect(usual).not.toHaveProperty('endSearch');
  expect(usual).not.toHaveProperty('solver');
  expect(usual).not.toHaveProperty('key');
});
