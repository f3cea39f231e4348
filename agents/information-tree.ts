/**
 * A whole game as one tree in flat arrays, with its information sets: the
 * positions that the seat to move cannot tell apart. For games small enough to
 * be written out, with whatever chance and hidden moves they have.
 */

import { type Game, type Move, type Seat, worthFor } from '../games/game.ts';

/** What a seat knows when it is to move. */
export interface InformationSet {
  readonly seat: Seat;
  /** One of its positions. */
  readonly state: unknown;
  readonly legal: readonly Move[];
  /** Every move so far, null for one that the seat did not see. */
  readonly history: readonly (Move | null)[];
  /** Where its moves stand in a strategy: from here on, in the order of `legal`. */
  readonly first: number;
}

/** Who moves at a node: a seat, chance, or nobody, for the game is over. */
export const CHANCE = 2;
export const OVER = 3;

/** Nodes are numbered level by level, the children of each side by side; the start is 0. */
export interface InformationTree {
  readonly game: Game;
  readonly sets: readonly InformationSet[];
  /** Moves over all information sets: the length of a strategy. */
  readonly choices: number;
  /** The first node of each level, and after the last level the number of nodes. */
  readonly levels: readonly number[];
  /** By node: 0, 1, CHANCE or OVER. */
  readonly mover: Uint8Array;
  /** By node: its information set, where a seat moves. */
  readonly set: Int32Array;
  /** By node: its first child; those of node n end where those of n + 1 begin. */
  readonly child: Int32Array;
  /** By node: where the move that leads to it stands in a strategy; -1 for chance's and for the start. */
  readonly choice: Int32Array;
  /** By node: the probability of the move of chance that leads to it; 1 for a seat's. */
  readonly chance: Float64Array;
  /** By node: what the result is worth to seat 0, -1 … 1, where the game is over. */
  readonly worth: Float64Array;
  /** How many of the points that the game counts (chips) a whole win is worth, where points and worth are in proportion. */
  readonly pointsPerWin: number | undefined;
}

/** By choice: the probability of each move; those of an information set sum to 1. */
export type Strategy = Float64Array;

/** So many positions are written out before a game counts as too large. */
export const MOST_NODES = 500_000;

interface Opened {
  readonly state: unknown;
  /** By seat: the number of what it has seen so far. */
  readonly seen: readonly [number, number];
  readonly histories: readonly [readonly (Move | null)[], readonly (Move | null)[]];
}

/**
 * What a seat knows is all it has been told: each move that is not hidden from
 * it and how the position was shown to it, ply by ply. So it never forgets.
 * Throws Error for a game of more than `most` positions.
 */
export function informationTree(game: Game, most = MOST_NODES): InformationTree {
  const seenNumbers = new Map<string, number>();
  const setNumbers = new Map<number, number>();
  const sets: InformationSet[] = [];
  let choices = 0;
  const [mover, set, child, choice, chance, worth]: number[][] = [[], [], [], [], [], []];
  let ratio: number | undefined | null;

  /** What is seen after one more ply, as a number. */
  const numberOf = (seat: Seat, before: number, move: Move | null, state: unknown): number => {
    const text = `${seat} ${before} ${move} ${game.show(state, seat)}`;
    const known = seenNumbers.get(text) ?? seenNumbers.size;
    seenNumbers.set(text, known);
    return known;
  };
  const setOf = (seat: Seat, { state, seen, histories }: Opened): number => {
    const known = setNumbers.get(seen[seat]);
    if (known !== undefined) return known;
    const legal = game.moves(state);
    setNumbers.set(seen[seat], sets.length);
    sets.push({ seat, state, legal, history: histories[seat], first: choices });
    choices += legal.length;
    return sets.length - 1;
  };

  let level: readonly Opened[] = [
    {
      state: game.start,
      seen: [numberOf(0, -1, null, game.start), numberOf(1, -1, null, game.start)],
      histories: [[], []],
    },
  ];
  choice!.push(-1);
  chance!.push(1);
  const levels = [0];
  while (level.length > 0) {
    const next: Opened[] = [];
    const end = levels.at(-1)! + level.length;
    const coming = level.reduce((sum, { state }) => sum + game.moves(state).length, 0);
    if (end + coming > most) throw new Error(`it has more than ${most} positions`);
    for (const opened of level) {
      const { state, seen, histories } = opened;
      child!.push(end + next.length);
      const outcome = game.outcome(state);
      if (outcome) {
        const value = worthFor(0, outcome);
        mover!.push(OVER);
        set!.push(-1);
        worth!.push(value);
        ratio = ratioAfter(ratio, value, outcome.scores);
        continue;
      }
      const turn = game.turn(state);
      const moves = game.moves(state);
      const chances = turn === 'chance' ? game.chances!(state) : undefined;
      const own = turn === 'chance' ? -1 : setOf(turn, opened);
      mover!.push(turn === 'chance' ? CHANCE : turn);
      set!.push(own);
      worth!.push(0);
      for (const [i, move] of moves.entries()) {
        const after = game.play(state, move);
        const told = ([0, 1] as const).map(seat => (game.hides?.(state, move, seat) ? null : move));
        next.push({
          state: after,
          seen: [numberOf(0, seen[0], told[0]!, after), numberOf(1, seen[1], told[1]!, after)],
          histories: [
            [...histories[0], told[0]!],
            [...histories[1], told[1]!],
          ],
        });
        choice!.push(own === -1 ? -1 : sets[own]!.first + i);
        chance!.push(chances?.[i] ?? 1);
      }
    }
    levels.push(end);
    level = next;
  }
  return {
    game,
    sets,
    choices,
    levels,
    mover: Uint8Array.from(mover!),
    set: Int32Array.from(set!),
    child: Int32Array.from([...child!, child!.length]),
    choice: Int32Array.from(choice!),
    chance: Float64Array.from(chance!),
    worth: Float64Array.from(worth!),
    pointsPerWin: ratio ?? undefined,
  };
}

/** Points per whole win after one more result: undefined while unknown, null once they are out of proportion. */
function ratioAfter(
  ratio: number | undefined | null,
  worth: number,
  scores: readonly [number, number] | undefined,
): number | undefined | null {
  if (ratio === null || !scores || scores[0] !== -scores[1]) return null;
  if (worth === 0) return scores[0] === 0 ? ratio : null;
  const here = scores[0] / worth;
  return ratio === undefined || Math.abs(here - ratio) < 1e-9 * Math.abs(here) ? here : null;
}

/** All moves of an information set equally likely. */
export function uniformStrategy({ sets, choices }: InformationTree): Strategy {
  const strategy = new Float64Array(choices);
  for (const { first, legal } of sets) strategy.fill(1 / legal.length, first, first + legal.length);
  return strategy;
}
