import { expect, test } from 'vitest';
import type { Root } from '../../agents/gumbel.ts';
import { createSeer } from '../../agents/perfect.ts';
import {
  bestMove,
  type Evaluation,
  FADE,
  prunedVisits,
  type SearchedMove,
  type Sight,
  Tree,
} from '../../agents/search.ts';
import { type ConnectFour, connectFour as connectFourFamily } from '../../games/connect-four/rules.ts';
import { gameFor, gameOf } from '../../games/family.ts';
import { type Game, randomMove, replay } from '../../games/game.ts';
import { kalah } from '../../games/kalah/rules.ts';
import { seededRandom } from '../../games/random.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';

const connectFour = gameOf(connectFourFamily);
const ticTacToe = gameOf(ticTacToeFamily);

/** Knows nothing: every position is even and every move as good as the next. */
const clueless: Evaluation = { value: 0, priors: new Float32Array(9).fill(1) };

/** The first two planes are the stones. */
const stonesOn = (state: ConnectFour): number =>
  connectFour
    .observe(state)
    .slice(0, 2 * 42)
    .reduce((sum, stone) => sum + stone, 0);

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
  expect(tree.proof?.result).toBe(1);
  const wins = tree.moves().filter(({ proven }) => proven === 'win');
  expect(wins.map(({ move }) => connectFour.formatMove(move))).toContain('c');
});

test('a proven win is worth the less the later it comes, and its positions can be taught', () => {
  const { tree } = searched('dgeg', 2000, 'by a network');
  const win = tree.moves().find(({ proven }) => proven === 'win')!;
  expect(win.plies).toBe(3);
  expect(tree.value).toBeCloseTo(FADE ** 3);
  const proofs = tree.proofs();
  expect(proofs.length).toBeGreaterThan(0);
  for (const { state, value, moves } of proofs) {
    const lost = connectFour.moves(state).every(move => winsAtOnce(connectFour.play(state, move)));
    if (value < 0) expect(lost || value > -(FADE ** 2)).toBe(true);
    expect(moves.length).toBeGreaterThan(0);
  }
});

const winsAtOnce = (state: ReturnType<typeof inConnectFour>) =>
  connectFour.moves(state).some(move => connectFour.outcome(connectFour.play(state, move))?.kind === 'win');

test.each(['by sequential halving', 'by PUCT'])('a root %s looks at every move, and finds the one that wins', kind => {
  const random = seededRandom(1);
  const simulations = 32;
  const root =
    kind === 'by PUCT'
      ? ({ kind: 'puct', forced: 2 } as const)
      : ({ kind: 'gumbel', simulations, considered: 16, noise: 1 } as const);
  const tree = new Tree(connectFour, connectFour.start, random, root);
  // Whoever put a stone on d is taken to be winning.
  const onlyD = (state: unknown): Evaluation => {
    const own = connectFour.observe(state as ReturnType<typeof inConnectFour>)[38]! > 0;
    const other = connectFour.observe(state as ReturnType<typeof inConnectFour>)[42 + 38]! > 0;
    return { value: own ? 0.8 : other ? -0.8 : 0, priors: new Float32Array(7).fill(1) };
  };
  while (tree.simulations <= simulations) {
    const leaf = tree.leaf();
    if (leaf) tree.judge(onlyD(leaf));
  }
  const moves = tree.moves();
  expect(moves.every(({ visits }) => visits > 0)).toBe(true);
  const best = kind === 'by PUCT' ? bestMove(moves, random).move : tree.halved();
  expect(connectFour.formatMove(best)).toBe('d');
  if (kind === 'by PUCT') return;
  const policy = tree.improvedPolicy();
  expect(policy.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(policy.find(({ move }) => move === best)!.share).toBeGreaterThan(0.5);
});

test('forced looks are taken out of the policy, a single one goes, and the favourite keeps all of its own', () => {
  const move = (number: number, visits: number, value: number, prior: number): SearchedMove => ({
    move: number,
    visits,
    value,
    prior,
    proven: undefined,
    plies: 0,
  });
  const pruned = prunedVisits([
    move(0, 80, 0.5, 0.6),
    move(1, 8, -0.9, 0.3),
    move(2, 1, 0, 0.05),
    move(3, 20, 0.5, 0.05),
  ]);
  expect(pruned.map(({ visits }) => visits)).toEqual([80, 3, 0, 17]);
});

test('a position lost against any reply is proven lost', () => {
  const { tree } = searched('dgegc', 2000, 'by a network');
  expect(tree.proof?.result).toBe(-1);
});

test('tic-tac-toe, searched through, is a draw', () => {
  const tree = new Tree(ticTacToe, ticTacToe.start, seededRandom(1));
  while (tree.proof === undefined && tree.simulations < 100_000) if (tree.leaf() !== undefined) tree.judge(clueless);
  expect(tree.proof?.result).toBe(0);
  expect(tree.value).toBe(0);
  expect(tree.moves().every(({ proven }) => proven === 'draw')).toBe(true);
});

test('priors steer the search: the favoured move is looked at first', () => {
  const priors = Float32Array.from({ length: 7 }, (_, move) => (move === 5 ? 10 : 1));
  const tree = new Tree(connectFour, connectFour.start, seededRandom(1));
  for (let i = 0; i < 2; i++) if (tree.leaf() !== undefined) tree.judge({ value: 0, priors });
  expect(tree.moves().find(({ visits }) => visits > 0)?.move).toBe(5);
  expect(tree.moves().find(({ move }) => move === 5)?.prior).toBeCloseTo(10 / 16);
});

test('a proven win is played before a much visited move, and a proven draw before one that would lose', () => {
  const move = (visits: number, proven?: 'win' | 'draw' | 'loss', value = 0): SearchedMove => ({
    move: visits,
    visits,
    value,
    prior: 0,
    proven,
    plies: 1,
  });
  const played = (...moves: SearchedMove[]) => bestMove(moves, seededRandom(1)).visits;
  expect(played(move(90), move(3, 'win'), move(7))).toBe(3);
  expect(played(move(90, 'loss'), move(3), move(7))).toBe(7);
  expect(played(move(90, undefined, -0.1), move(3, 'draw'), move(7, undefined, 0.5))).toBe(3);
  expect(played(move(90, undefined, 0.1), move(3, 'draw'), move(7, 'loss'))).toBe(90);
  expect(played(move(90, 'loss'), move(3, 'draw'))).toBe(3);
  expect(played(move(0), move(3, 'draw'))).toBe(3);
});

test('what a seer tells of the positions that a search comes to is proven, from so many plies below its root', () => {
  // 22 stones; seat 0 wins in 15 plies, by two moves of six.
  const state = inConnectFour('effaccagfecfecfaefgbge');
  const asked: number[] = [];
  const seer = createSeer(connectFour as Game, 5000);
  const search = (seenFrom: number) => {
    asked.length = 0;
    const tree = new Tree(connectFour, state, seededRandom(1), undefined, {
      ...seer,
      end(next) {
        asked.push(stonesOn(next as ConnectFour));
        return seer.end(next);
      },
    });
    tree.begin(state, undefined, seenFrom);
    while (tree.simulations < 100 && tree.proof === undefined) if (tree.leaf() !== undefined) tree.judge(clueless);
    return tree;
  };
  const truth = seer.truth(state)!;
  const tree = search(1);
  expect(tree.proof).toEqual({ result: truth.result, plies: truth.plies });
  expect(tree.simulations).toBeLessThan(10);
  expect(asked.every(stones => stones === 23)).toBe(true);
  search(3);
  expect(Math.min(...asked)).toBe(25);
});

test('a position is asked about again when it was reached 2, 4, 8 … times, unless one that follows was so in vain', () => {
  /** By the stones on it, how often a position had been reached when it was asked about. */
  const asked = new Map<number, number[]>();
  const tree = new Tree(connectFour, connectFour.start, seededRandom(1), undefined, {
    end: () => undefined,
    again(state, times) {
      const stones = stonesOn(state as ConnectFour);
      asked.set(stones, [...(asked.get(stones) ?? []), times]);
      return undefined;
    },
  });
  // A single line, as long as its first move is possible.
  const first = { value: 0, priors: Float32Array.of(0, 0, 0, 1, 0, 0, 0) };
  while (tree.simulations < 10) if (tree.leaf() !== undefined) tree.judge(first);
  expect(asked.get(1)).toEqual([2, 8]);
  expect([2, 3, 4, 5].map(stones => asked.get(stones))).toEqual([[2], [2], [2], [2]]);
});

test('positions are asked about again from so many plies below the root', () => {
  const asked: number[] = [];
  const sight: Sight = {
    end: () => undefined,
    again(state) {
      asked.push(stonesOn(state as ConnectFour));
      return undefined;
    },
  };
  const tree = new Tree(connectFour, connectFour.start, seededRandom(1), undefined, sight);
  tree.begin(connectFour.start, undefined, 2);
  while (tree.simulations < 200) if (tree.leaf() !== undefined) tree.judge(clueless);
  expect(Math.min(...asked)).toBe(2);
});

test('who wins a position is proven when it is told at last', () => {
  // 18 stones.
  const state = inConnectFour('effaccagfecfecfaef');
  const seer = createSeer(connectFour as Game, 5_000_000);
  const search = (sight: Sight) => {
    const tree = new Tree(connectFour, state, seededRandom(1), undefined, sight);
    while (tree.simulations < 400 && tree.proof === undefined) if (tree.leaf() !== undefined) tree.judge(clueless);
    return tree;
  };
  const blind = search({ end: () => undefined });
  const seeing = search({ end: () => undefined, again: (next, times) => seer.winner(next, 10_000 * times) });
  expect(blind.proof).toBeUndefined();
  expect(seeing.proof?.result).toBe(seer.truth(state)!.result);
});

test.each(['end', 'again'] as const)(
  'what %s tells of a position where the same seat moves again is proven for that seat',
  asked => {
    const game = gameFor(kalah, 'pits=3,stones=2') as Game;
    const seer = createSeer(game, 1_000_000);
    const moved = new Set<string>();
    for (let first = 0; first < 40; first++) {
      const random = seededRandom(first);
      let state = game.start;
      for (let ply = 0; ply < 3 && !game.outcome(state); ply++)
        state = game.play(state, randomMove(game, state, random));
      if (game.outcome(state)) continue;
      const truth = seer.truth(state)!;
      const told = (next: unknown) => {
        const end = seer.winner(next, 1_000_000)!;
        moved.add(`${game.turn(next) === game.turn(state) ? 'again' : 'in turn'} ${end.result}`);
        return end;
      };
      const tree = new Tree(game, state, random, undefined, { end: () => undefined, [asked]: told });
      while (tree.simulations < 200 && tree.proof === undefined) if (tree.leaf() !== undefined) tree.judge(clueless);
      expect(tree.proof?.result).toBe(truth.result);
    }
    expect([...moved].toSorted()).toEqual(['again -1', 'again 0', 'again 1', 'in turn -1', 'in turn 0', 'in turn 1']);
  },
);

test.each<Root>([
  { kind: 'puct', forced: 2 },
  { kind: 'gumbel', simulations: 60, considered: 4, noise: 1 },
])('a tree that begins again searches as a new one does: $kind', root => {
  const seen = (tree: Tree<unknown>) => ({ value: tree.value, proof: tree.proof, moves: tree.moves() });
  const look = (tree: Tree<unknown>, simulations: number) => {
    while (tree.simulations < simulations && tree.proof === undefined) {
      if (tree.leaf() !== undefined) tree.judge({ ...clueless, value: 0.5 });
    }
  };
  let random = seededRandom(1);
  const again = new Tree(connectFour, inConnectFour('dg'), () => random(), root) as Tree<unknown>;
  look(again, 400);
  for (const moves of ['', 'aabbcc', 'dgeg', 'aaaaaa']) {
    const anew = new Tree(connectFour, inConnectFour(moves), seededRandom(2), root) as Tree<unknown>;
    random = seededRandom(2);
    again.begin(inConnectFour(moves), root);
    expect(seen(again)).toEqual(seen(anew));
    look(again, 60);
    look(anew, 60);
    expect(seen(again)).toEqual(seen(anew));
    expect(again.proofs()).toEqual(anew.proofs());
    look(again, 200);
  }
});
