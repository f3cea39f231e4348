import { expect, test } from 'vitest';
import { bestMove, type Evaluation, Tree } from '../../agents/search.ts';
import { connectFour as connectFourFamily } from '../../games/connect-four/rules.ts';
import { gameOf } from '../../games/family.ts';
import { replay } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';

const connectFour = gameOf(connectFourFamily);
const ticTacToe = gameOf(ticTacToeFamily);

/** Knows nothing: every position is even and every move as good as the next. */
const clueless: Evaluation = { value: 0, priors: new Float32Array(9).fill(1) };

const inConnectFour = (moves: string) => replay(connectFour, [...moves]);

function searched(moves: string, simulations: number, judged: 'by playouts' | 'by a network') {
  const random = seededRandom(1);
  const tree = new Tree(connectFour, inConnectFour(moves), random);
  for (let i = 0; i < simulations; i++) {
    if (judged === 'by playouts') tree.simulate();
    else if (tree.leaf() !== undefined) tree.judge(clueless);
  }
  return { tree, move: connectFour.formatMove(bestMove(tree.moves(), random).move) };
}

test.each([
  ['wins at the bottom', 'aabbcc', 'd'],
  ['wins upwards', 'acacac', 'a'],
  ['stops a row', 'aabbc', 'd'],
  ['stops a column', 'gababa', 'a'],
])('search %s, whoever judges the leaves', (_, moves, expected) => {
  expect(searched(moves, 800, 'by playouts').move).toBe(expected);
  expect(searched(moves, 800, 'by a network').move).toBe(expected);
});

test('each simulation passes through one move of the root', () => {
  for (const judged of ['by playouts', 'by a network'] as const) {
    const { tree } = searched('dd', 300, judged);
    expect(tree.simulations).toBe(300);
    const visits = tree.moves().reduce((sum, move) => sum + move.visits, 0);
    expect(visits).toBe(judged === 'by playouts' ? 300 : 299);
  }
});

test('the root is valued as its search found it: a winning side near 1, the losing side near -1', () => {
  const best = (moves: string) =>
    Math.max(
      ...searched(moves, 500, 'by playouts')
        .tree.moves()
        .map(move => move.value),
    );
  expect(best('aabbcc')).toBeGreaterThan(0.9);
  expect(best('aabbc')).toBeLessThan(0.5);
});

test('a forced win two moves deep is proven, and no more time is given to moves that lose', () => {
  // x holds d and e on the bottom row: with c it has three, and b and f are both free.
  const { tree } = searched('dgeg', 2000, 'by a network');
  expect(tree.proof).toBe(1);
  const wins = tree.moves().filter(({ proven }) => proven === 'win');
  expect(wins.map(({ move }) => connectFour.formatMove(move))).toContain('c');
});

test('a position lost against any reply is proven lost', () => {
  const { tree } = searched('dgegc', 2000, 'by a network');
  expect(tree.proof).toBe(-1);
});

test('tic-tac-toe, searched through, is a draw', () => {
  const tree = new Tree(ticTacToe, ticTacToe.start, seededRandom(1));
  for (let i = 0; i < 3000; i++) if (tree.leaf() !== undefined) tree.judge(clueless);
  expect(tree.proof).toBe(0);
  expect(Math.abs(bestMove(tree.moves(), seededRandom(1)).value)).toBeLessThan(0.2);
});

test('priors steer the search: the favoured move is looked at first', () => {
  const priors = Float32Array.from({ length: 7 }, (_, move) => (move === 5 ? 10 : 1));
  const tree = new Tree(connectFour, connectFour.start, seededRandom(1));
  for (let i = 0; i < 2; i++) if (tree.leaf() !== undefined) tree.judge({ value: 0, priors });
  expect(tree.moves().find(({ visits }) => visits > 0)?.move).toBe(5);
  expect(tree.moves().find(({ move }) => move === 5)?.prior).toBeCloseTo(10 / 16);
});

test('a proven win is played before a much visited move', () => {
  const move = (visits: number, proven?: 'win' | 'loss') => ({ move: visits, visits, value: 0, prior: 0, proven });
  expect(bestMove([move(90), move(3, 'win'), move(7)], seededRandom(1)).visits).toBe(3);
  expect(bestMove([move(90, 'loss'), move(3), move(7)], seededRandom(1)).visits).toBe(7);
});
