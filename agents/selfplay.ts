/** Games that a network plays against itself, and what it is to learn from them. */

import { drawChance, type Game, type Move, type Outcome, randomMove, resultFor, type Seat } from '../games/game.ts';
import { type Random, seededRandom } from '../games/random.ts';
import { bestMove, type SearchedMove, Tree } from './search.ts';
import type { Evaluator } from './tensors.ts';

export interface SelfPlaySettings {
  /** Simulations of a full search. Only positions searched fully are taught. */
  readonly fullSimulations: number;
  /** Simulations of the fast searches that only move the game on (Wu 2019, "Accelerating self-play learning in Go", §3.1). */
  readonly fastSimulations: number;
  /** Share of moves that get a full search. */
  readonly fullShare: number;
  /** Half of the games begin with up to this many random plies. */
  readonly randomPlies: number;
  /** So many plies after those, moves are drawn in proportion to their visits; then the best is played. */
  readonly variedPlies: number;
  /** Share of the search's own estimate in the value target; the game's result makes up the rest. */
  readonly searchShare: number;
}

/** Positions to learn from, one after the other in flat arrays. */
export interface Lessons {
  readonly count: number;
  /** count × planes × rows × columns, zeros and ones. */
  readonly observations: Uint8Array;
  /** count × moves: each move's share of the visits. */
  readonly policies: Float32Array;
  /** count: -1 … 1 for the seat to move. */
  readonly values: Float32Array;
  readonly games: number;
  readonly evaluations: number;
}

/** Dirichlet noise at the root: AlphaZero's share, and its rule of about ten random moves' worth spread over the legal ones. */
const NOISE_SHARE = 0.25;
const NOISE_TOTAL = 10;

interface Moment {
  readonly seat: Seat;
  readonly observation: Float32Array;
  readonly policy: Float32Array;
  /** The search's estimate for `seat`. */
  readonly value: number;
}

interface Table<State> {
  readonly random: Random;
  state: State;
  tree: Tree<State>;
  full: boolean;
  noisy: boolean;
  ply: number;
  readonly moments: Moment[];
}

/**
 * Plays games number `from` up to `to`, `evaluator.batch` of them side by side.
 *
 * Game n is played with the n-th stream of `seed` and does not depend on which
 * others are played beside it. Positions for which `heldOut` holds are not
 * taught.
 */
export async function selfPlay<State>(
  game: Game<State>,
  evaluator: Evaluator,
  settings: SelfPlaySettings,
  { seed, from, to }: { readonly seed: number; readonly from: number; readonly to: number },
  heldOut: (observation: Float32Array) => boolean,
): Promise<Lessons> {
  const size = evaluator.input.length / evaluator.batch;
  const finished: { readonly moments: readonly Moment[]; readonly outcome: Outcome }[] = [];
  let next = from;
  let evaluations = 0;

  const open = (): Table<State> | undefined => {
    if (next >= to) return undefined;
    const random = seededRandom(Math.imul(seed, 0x9e3779b1) + next++);
    const state = beginning(game, settings, random);
    const table = {
      random,
      state,
      tree: new Tree(game, state, random),
      full: false,
      noisy: false,
      ply: 0,
      moments: [],
    };
    begin(table, settings);
    return table;
  };

  const tables = Array.from({ length: evaluator.batch }, open);
  while (tables.some(table => table)) {
    for (let i = 0; i < tables.length; i++) {
      while (tables[i]) {
        const table = tables[i]!;
        const leaf = advance(game, table, settings);
        if (leaf !== undefined) {
          evaluator.input.set(game.observe(leaf), i * size);
          break;
        }
        const outcome = game.outcome(table.state);
        if (outcome) {
          finished.push({ moments: table.moments, outcome });
          tables[i] = open();
        }
      }
    }
    if (!tables.some(table => table)) break;
    await evaluator.run();
    for (let i = 0; i < tables.length; i++) {
      const table = tables[i];
      if (!table) continue;
      evaluations++;
      table.tree.judge({
        value: evaluator.value[i]!,
        priors: evaluator.policy.subarray(i * game.moveCount, (i + 1) * game.moveCount),
      });
      if (table.full && !table.noisy) {
        table.noisy = true;
        table.tree.mixIntoPriors(dirichlet(game.moves(table.state).length, table.random), NOISE_SHARE);
      }
    }
  }
  return gather(game, finished, size, settings, evaluations, heldOut);
}

/** The next leaf to judge; undefined when the table's game has moved on or is over. */
function advance<State>(game: Game<State>, table: Table<State>, settings: SelfPlaySettings): State | undefined {
  const simulations = table.full ? settings.fullSimulations : settings.fastSimulations;
  while (table.tree.simulations <= simulations && table.tree.proof === 0) {
    const leaf = table.tree.leaf();
    if (leaf !== undefined) return leaf;
  }
  const moves = table.tree.moves();
  const policy = new Float32Array(game.moveCount);
  const wanted = preferred(moves);
  const visits = wanted.reduce((sum, move) => sum + move.visits, 0);
  for (const { move, visits: share } of wanted) policy[move] = visits ? share / visits : 1 / wanted.length;
  if (table.full) {
    table.moments.push({
      seat: game.turn(table.state) as Seat,
      observation: game.observe(table.state),
      policy,
      value: table.tree.proof || estimate(moves),
    });
  }
  const move = table.ply < settings.variedPlies ? drawn(policy, table.random) : bestMove(moves, table.random).move;
  table.state = settled(game, game.play(table.state, move), table.random);
  table.ply++;
  if (!game.outcome(table.state)) {
    table.tree = new Tree(game, table.state, table.random);
    begin(table, settings);
  }
  return undefined;
}

function begin<State>(table: Table<State>, settings: SelfPlaySettings): void {
  table.full = table.random() < settings.fullShare;
  table.noisy = false;
}

/** The start, or, for every second game, a position a few random plies from it. */
function beginning<State>(game: Game<State>, settings: SelfPlaySettings, random: Random): State {
  for (;;) {
    let state = game.start;
    const plies = random() < 0.5 ? 0 : Math.floor(random() * (settings.randomPlies + 1));
    for (let ply = 0; ply < plies && !game.outcome(state); ply++)
      state = game.play(state, randomMove(game, state, random));
    state = settled(game, state, random);
    if (!game.outcome(state)) return state;
  }
}

/** The state once chance has moved, where it is to move. */
function settled<State>(game: Game<State>, state: State, random: Random): State {
  let last = state;
  while (!game.outcome(last) && game.turn(last) === 'chance') last = game.play(last, drawChance(game, last, random));
  return last;
}

/** The moves worth teaching: proven wins if there are any, else all that are not proven losses. */
function preferred(moves: readonly SearchedMove[]): readonly SearchedMove[] {
  const wins = moves.filter(({ proven }) => proven === 'win');
  if (wins.length > 0) return wins.map(move => ({ ...move, visits: 1 }));
  const open = moves.filter(({ proven }) => proven !== 'loss');
  return open.length > 0 ? open : moves;
}

const estimate = (moves: readonly SearchedMove[]): number => {
  const visits = moves.reduce((sum, move) => sum + move.visits, 0);
  return visits && moves.reduce((sum, move) => sum + move.visits * move.value, 0) / visits;
};

function drawn(policy: Float32Array, random: Random): Move {
  let left = random();
  let last = -1;
  for (let move = 0; move < policy.length; move++) {
    if (policy[move] === 0) continue;
    last = move;
    left -= policy[move]!;
    if (left < 0) break;
  }
  return last;
}

/** A draw from the symmetric Dirichlet distribution over `count` moves with concentration NOISE_TOTAL / count. */
function dirichlet(count: number, random: Random): readonly number[] {
  const draws = Array.from({ length: count }, () => gamma(NOISE_TOTAL / count, random));
  const sum = draws.reduce((total, draw) => total + draw, 0);
  return draws.map(draw => draw / sum);
}

/** A gamma draw: Marsaglia & Tsang, "A simple method for generating gamma variables" (2000), §§2 and 6. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * Math.max(random(), 1e-12) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * normal ** 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

function gather<State>(
  game: Game<State>,
  finished: readonly { readonly moments: readonly Moment[]; readonly outcome: Outcome }[],
  size: number,
  { searchShare }: SelfPlaySettings,
  evaluations: number,
  heldOut: (observation: Float32Array) => boolean,
): Lessons {
  const kept = finished.flatMap(({ moments, outcome }) =>
    moments
      .filter(({ observation }) => !heldOut(observation))
      .map(moment => ({
        ...moment,
        target:
          Math.abs(moment.value) === 1
            ? moment.value
            : searchShare * moment.value + (1 - searchShare) * resultFor(moment.seat, outcome),
      })),
  );
  const observations = new Uint8Array(kept.length * size);
  const policies = new Float32Array(kept.length * game.moveCount);
  for (const [i, { observation, policy }] of kept.entries()) {
    observations.set(observation, i * size);
    policies.set(policy, i * game.moveCount);
  }
  return {
    count: kept.length,
    observations,
    policies,
    values: Float32Array.from(kept, ({ target }) => target),
    games: finished.length,
    evaluations,
  };
}
