/**
 * A second oracle beside OpenSpiel: Fairy-Stockfish as WebAssembly (npm's ffish, GPL, so for tests alone) plays four of
 * our games by rules written down in its own variant language, side by side with ours.
 */

import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { breakthrough } from '../games/breakthrough/rules.ts';
import { connectFour } from '../games/connect-four/rules.ts';
import { gameOf } from '../games/family.ts';
import { type Game, opponent, randomMove, type Seat } from '../games/game.ts';
import { upsideDown } from '../games/grid.ts';
import { othello } from '../games/othello/rules.ts';
import { seededRandom } from '../games/random.ts';
import { ticTacToe } from '../games/tic-tac-toe/rules.ts';
import { perft } from './playouts.ts';

/** What is used of ffish. Its own declarations describe another package, which exports a function. */
interface Ffish {
  onRuntimeInitialized?: () => void;
  readonly Board: new (variant: string) => Board;
  loadVariantConfig(ini: string): void;
}

interface Board {
  /** Moves with a blank between them. */
  legalMoves(): string;
  push(move: string): boolean;
  pop(): void;
  isGameOver(): boolean;
  /** '1-0', '0-1', '1/2-1/2'; White is our seat 0. */
  result(): string;
  /** Frees its memory, which no garbage collector does. */
  delete(): void;
}

interface Oracle {
  readonly game: Game;
  /** One of Fairy-Stockfish's own variants that the rules below begin with; else it is much like chess. */
  readonly base?: string;
  /** The game in Fairy-Stockfish's variant language, a line a setting. */
  readonly rules: readonly string[];
  /** Our text of its move. */
  readonly text: (move: string) => string;
  /** The move sequences of so many plies are counted in both. */
  readonly depth: number;
  /** Theirs cannot say that the winner loses; their winner is then our loser. */
  readonly isReversed?: boolean;
}

const GAMES = 12;

const DROPS = ['immobile = p', 'pieceDrops = true', 'doubleStep = false', 'castling = false', 'nMoveRule = 0'];
const stones = (each: number): string => `[${'P'.repeat(each)}${'p'.repeat(each)}] w - - 0 1`;
const board = (columns: number, rows: number): readonly string[] => [`maxFile = ${columns}`, `maxRank = ${rows}`];
const empty = (columns: number, rows: number): string =>
  `startFen = ${Array(rows).fill(columns).join('/')}${stones((columns * rows + 1) / 2)}`;

/** 'P@b3' drops a stone; a passing player "moves" a disc to where it is, 'b3b3'. */
const squareOf = (move: string): string => (move.startsWith('P@') ? move.slice(2) : 'pass');

const ticTacToeWith = (misere: boolean): Oracle => ({
  game: gameOf(ticTacToe, { misere }),
  rules: [...board(3, 3), ...DROPS, empty(3, 3), 'connectN = 3', `connectValue = ${misere ? 'loss' : 'win'}`],
  text: squareOf,
  depth: 5,
});

const connectFourWith = (columns: number, rows: number, misere = false): Oracle => ({
  game: gameOf(connectFour, { columns, rows, misere }),
  rules: [
    ...board(columns, rows),
    ...DROPS,
    empty(columns, rows),
    'dropOnTop = true',
    'connectN = 4',
    `connectValue = ${misere ? 'loss' : 'win'}`,
  ],
  text: move => squareOf(move).charAt(0),
  depth: 4,
});

const othelloWith = (fourDiscs: string, values: { misere?: boolean; parallel?: boolean }): Oracle => ({
  game: gameOf(othello, values),
  base: 'flipello',
  rules: [`startFen = 8/8/8/${fourDiscs}/8/8/8${stones(60)}`],
  // Their first row is at the bottom, ours at the top, or the side that begins is on the other side.
  text: move => upsideDown(squareOf(move), 8),
  depth: 5,
  isReversed: values.misere ?? false,
});

const breakthroughWith = (
  columns: number,
  rows: number,
  values: { misere?: boolean; straight?: boolean } = {},
): Oracle => ({
  game: gameOf(breakthrough, { columns, rows, ...values }),
  base: 'breakthrough',
  rules: [
    ...board(columns, rows),
    // A pawn without double steps, in Betza's notation: ahead without capturing, diagonally in both ways.
    `customPiece1 = p:${values.straight ? 'fWfF' : 'fmWfF'}`,
    `startFen = ${army('p', columns, rows)}${`/${columns}`.repeat(rows - 2 * armyRows(rows))}/${army('P', columns, rows)} w - - 0 1`,
    'flagPiece = p',
    `flagRegionWhite = *${rows}`,
    'flagRegionBlack = *1',
  ],
  text: move => upsideDown(move, rows),
  depth: 3,
  isReversed: values.misere ?? false,
});
const armyRows = (rows: number): number => (rows >= 6 ? 2 : 1);
const army = (piece: string, columns: number, rows: number): string =>
  Array(armyRows(rows)).fill(piece.repeat(columns)).join('/');

const ORACLES: readonly Oracle[] = [
  ticTacToeWith(false),
  ticTacToeWith(true),
  connectFourWith(7, 6),
  connectFourWith(6, 5),
  connectFourWith(4, 4),
  connectFourWith(7, 6, true),
  othelloWith('3pP3/3Pp3', {}),
  othelloWith('3pp3/3PP3', { parallel: true }),
  othelloWith('3pP3/3Pp3', { misere: true }),
  breakthroughWith(8, 8),
  breakthroughWith(6, 6),
  breakthroughWith(5, 4),
  breakthroughWith(8, 8, { straight: true }),
  breakthroughWith(8, 8, { misere: true }),
];

let ffish: Ffish;

beforeAll(async () => {
  ffish = await loaded();
  // Its list of variants exists from the first board on.
  new ffish.Board('chess').delete();
  for (const [i, { base, rules }] of ORACLES.entries()) {
    const name = base === undefined ? `ours${i}` : `ours${i}:${base}`;
    ffish.loadVariantConfig([`[${name}]`, ...rules, ''].join('\n'));
  }
});

/** It would fetch its file from the network where there is `fetch`, and end the process at any error that nobody catches. */
async function loaded(): Promise<Ffish> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map(event => process.rawListeners(event));
  vi.stubGlobal('fetch', undefined);
  const module = createRequire(import.meta.url)('ffish') as Ffish;
  await new Promise<void>(resolve => {
    module.onRuntimeInitialized = resolve;
  });
  vi.unstubAllGlobals();
  for (const [i, event] of events.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (!before[i]!.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
  return module;
}

describe.each(ORACLES.map((oracle, i) => ({ name: oracle.game.name, variant: `ours${i}`, ...oracle })))(
  '$name',
  ({ game, variant, text, depth, isReversed }) => {
    const theirMoves = (position: Board): ReadonlyMap<string, string> =>
      new Map(
        position.isGameOver()
          ? []
          : position
              .legalMoves()
              .split(' ')
              .map(move => [text(move), move]),
      );

    test('random games have the same legal moves at every ply, and the same end', () => {
      for (let seed = 0; seed < GAMES; seed++) {
        const random = seededRandom(seed);
        const theirs = new ffish.Board(variant);
        let state = game.start;
        for (let outcome = game.outcome(state); !outcome; outcome = game.outcome(state)) {
          const moves = theirMoves(theirs);
          const ours = game.moves(state).map(move => game.formatMove(move));
          expect([...moves.keys()].sort().join(' '), `seed ${seed}`).toBe(ours.sort().join(' '));
          const move = randomMove(game, state, random);
          theirs.push(moves.get(game.formatMove(move))!);
          state = game.play(state, move);
        }
        // Where neither has a move any more, theirs waits until both have passed.
        for (let moves = theirMoves(theirs); moves.size > 0; moves = theirMoves(theirs)) {
          expect([...moves.keys()], game.show(state)).toEqual(['pass']);
          theirs.push(moves.get('pass')!);
        }
        expect(winnerIn(theirs.result(), isReversed), game.show(state)).toBe(winnerOf(game, state));
        theirs.delete();
      }
    });

    test(`${depth} moves can be played in as many ways`, () => {
      const theirs = new ffish.Board(variant);
      const count = (left: number): number => {
        const moves = [...theirMoves(theirs).values()];
        if (left === 1) return moves.length;
        return moves.reduce((sum, move) => {
          theirs.push(move);
          const below = count(left - 1);
          theirs.pop();
          return sum + below;
        }, 0);
      };
      expect(count(depth)).toBe(perft(game, depth));
      theirs.delete();
    });
  },
);

test.each(
  [othelloWith('3pP3/3Pp3', {}), breakthroughWith(8, 8)].map(({ game, text }) => ({ name: game.name, game, text })),
)('moves of $name are written for UCI as Fairy-Stockfish writes them, and read back', ({ game, text }) => {
  const uci = game.uci!;
  for (let seed = 0; seed < GAMES; seed++) {
    const random = seededRandom(seed);
    const theirs = new ffish.Board(uci.variant);
    for (let state = game.start; !game.outcome(state); ) {
      const ours = game.moves(state).map(move => uci.format(state, move));
      expect(ours.toSorted()).toEqual(theirs.legalMoves().split(' ').toSorted());
      expect(ours.map(written => uci.parse(written))).toEqual(game.moves(state));
      expect(ours.map(text)).toEqual(game.moves(state).map(move => game.formatMove(move)));
      const move = randomMove(game, state, random);
      theirs.push(uci.format(state, move));
      state = game.play(state, move);
    }
    theirs.delete();
  }
  expect(['', 'P@', 'P@i9', 'a1', 'e2e9', '0000'].map(written => uci.parse(written))).toEqual(Array(6).fill(undefined));
});

function winnerOf(game: Game, state: unknown): Seat | null {
  const outcome = game.outcome(state)!;
  return outcome.kind === 'draw' ? null : outcome.winner;
}

function winnerIn(result: string, isReversed = false): Seat | null {
  if (result === '1/2-1/2') return null;
  expect(['1-0', '0-1']).toContain(result);
  const winner = result === '1-0' ? 0 : 1;
  return isReversed ? opponent(winner) : winner;
}
