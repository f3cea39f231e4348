/** Games that a network plays against itself, and what it is to learn from them. */

import { drawChance, type Game, type Move, observeInto, randomMove, resultFor, type Seat } from '../games/game.ts';
import { pick, type Random, seededRandom } from '../games/random.ts';
import { greedyMoves } from './greedy.ts';
import type { Root } from './gumbel.ts';
import { Memory } from './memory.ts';
import { packInto } from './observations.ts';
import { createSeer, type Seer, type Truth } from './perfect.ts';
import { bestMove, type Evaluation, FADE, FORCED, type Proof, prunedVisits, Tree } from './search.ts';
import type { Evaluator } from './tensors.ts';

export interface SelfPlaySettings {
  /** How a full search's root shares out its simulations: Gumbel's sequential halving, or PUCT with noise, forced playouts and pruned targets. */
  readonly root: 'gumbel' | 'puct';
  /** Simulations of a full search. Only positions searched fully are taught. */
  readonly fullSimulations: number;
  /** Simulations of the fast searches that only move the game on (playout-cap randomisation: Wu 2019, "Accelerating self-play learning in Go", §3.1). */
  readonly fastSimulations: number;
  /** Share of moves that get a full search. */
  readonly fullShare: number;
  /** This share of the games begins with random plies. */
  readonly randomShare: number;
  /** At least so many; some games must last longer. */
  readonly leastPlies: number;
  /** At most so many. */
  readonly randomPlies: number;
  /** Of those games in this share the network's policy makes those plies, but for one in three that is random. */
  readonly policyShare: number;
  /** Of the rest in this share they win at once or stop a loss where they can, and are random else. */
  readonly greedyShare: number;
  /** So many plies after those, moves are drawn from what the search prefers; then the best is played. */
  readonly variedPlies: number;
  /** Share of the search's own estimate in the value target; the game's result makes up the rest. */
  readonly searchShare: number;
  /** Of the positions that a full search proved on its way, so many at most are taught as well. */
  readonly proofs: number;
  /** A game ends where an exact search of so many positions at most tells how it will; 0 and none is made. */
  readonly exactPositions: number;
  /** Such searches also teach up to so many positions of a line that may follow; its moves are drawn from what was taught, but for one in three that is random. */
  readonly exactPlies: number;
  /** So many such lines, of which a search that remembers the first finds the others sooner. */
  readonly exactLines: number;
  /** Of positions that such a search shows to be decided, since every move keeps the result (as in all that are lost), this share is taught: a policy has less to learn of them. */
  readonly decidedShare: number;
  /** Every position that the network's search comes to is proven where an exact search of so many at most tells how it ends; 0 and none is made. */
  readonly exactLeaves: number;
  /** Exact searches of either kind are made from so many plies after the start of the game on; before, they would mostly be in vain. */
  readonly exactFrom: number;
  /** A seat resigns when its search says less than this twice in a row; -1 and it never does. */
  readonly resignBelow: number;
}

/** Positions to learn from, one after the other in flat arrays. */
export interface Lessons {
  readonly count: number;
  /** count × planes × rows × columns, packed. */
  readonly observations: Uint8Array;
  /** count × moves: each move's share of the visits. */
  readonly policies: Float32Array;
  /** count: -1 … 1 for the seat to move. */
  readonly values: Float32Array;
  readonly games: number;
  /** Of all games together, from where self-play began to where their ends were certain. */
  readonly plies: number;
  /** How often the network was asked. It depends on who plays which games beside each other, which nothing else does. */
  readonly evaluations: number;
  /** Games in which a seat would have resigned but had to play on, and those of them that it did not lose. */
  readonly playedOn: number;
  readonly wronglyResigned: number;
}

/** Of the games in which a seat would resign, this share is played on, to see whether it would have been right (Silver et al. 2017, Methods, "Self-play"). */
const PLAYED_ON = 0.1;

/** So many hopeless searches in a row end in resignation. */
const HOPELESS = 2;

/** Most moves that a Gumbel root looks at. */
const CONSIDERED = 16;

/** How often a move is random where a game begins with the policy's, or goes on where it is known how it ends. */
const NOISE = 1 / 3;

/** After an exact search in vain, the next is so many plies later. */
const EXACT_EVERY = 2;

/** Evaluations are remembered, while they have so many numbers at most. */
const MOST_REMEMBERED = 16_000_000;

/** Dirichlet noise at the root: AlphaZero's share, and its rule of about ten random moves' worth spread over the legal ones. */
const NOISE_SHARE = 0.25;
const NOISE_TOTAL = 10;

interface Moment {
  readonly seat: Seat;
  readonly observation: Float32Array;
  readonly policy: Float32Array;
  /** The search's estimate for `seat`. */
  readonly value: number;
  /** Whether `value` is certain, whatever becomes of the game. */
  readonly proven: boolean;
  readonly ply: number;
}

interface Table<State> {
  /** The game's number. */
  readonly number: number;
  readonly random: Random;
  /** Whether a seat that would resign has to play on. */
  readonly playsOn: boolean;
  state: State;
  readonly tree: Tree<State>;
  full: boolean;
  noisy: boolean;
  /** Plies that the policy is yet to make before the game counts. */
  opening: number;
  /** Plies from the game's start to where it began to count. */
  readonly before: number;
  /** From there. */
  ply: number;
  /** Where games end by exact searches: whom to ask. */
  readonly seer: Seer | undefined;
  /** The ply of the next exact search, and what it told. */
  exactAt: number;
  truth: Truth | undefined;
  readonly moments: Moment[];
  /** By seat: its searches in a row that found its position hopeless. */
  readonly hopeless: [number, number];
  /** The seat that resigned, or would have. */
  resigned: Seat | undefined;
}

/** A game that is over, or whose end is proven or resigned. */
interface Finished {
  readonly number: number;
  readonly moments: readonly Moment[];
  /** For seat 0. */
  readonly result: -1 | 0 | 1;
  readonly plies: number;
  /** Plies that are left to the end where it is certain. */
  readonly left: number;
  readonly playedOn: boolean;
  readonly wronglyResigned: boolean;
}

/** Lessons of some of the games, in their order. */
export interface PartOfLessons extends Lessons {
  /** count: the number of the game that each comes from. */
  readonly origins: Int32Array;
}

/** Which games are to be played. */
export interface Games {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** One number: how many of them were begun. Where others play some of them, it is shared memory. */
  readonly begun?: Int32Array;
  /** Whether a seat that would resign does so, but for a share of the games. */
  readonly resigns: boolean;
}

/**
 * Plays games number `from` up to `to`, `evaluator.batch` of them side by side, or
 * those of them that others leave.
 *
 * Game n is played with the n-th stream of `seed` and does not depend on which
 * others are played beside it. Positions for which `heldOut` holds are not
 * taught.
 */
export async function selfPlay<State>(
  game: Game<State>,
  evaluator: Evaluator,
  settings: SelfPlaySettings,
  { seed, from, to, resigns, begun = new Int32Array(1) }: Games,
  heldOut: (observation: Float32Array) => boolean,
): Promise<PartOfLessons> {
  const size = evaluator.input.length / evaluator.batch;
  const memory = new Memory(game.moveCount, Math.floor(MOST_REMEMBERED / (size + game.moveCount)));
  const finished: Finished[] = [];
  let evaluations = 0;
  const seer = settings.exactPositions > 0 ? createSeer(game as Game, settings.exactPositions) : undefined;
  const leafSeer = settings.exactLeaves > 0 ? createSeer(game as Game, settings.exactLeaves) : undefined;

  const open = (): Table<State> | undefined => {
    const number = from + Atomics.add(begun, 0, 1);
    if (number >= to) return undefined;
    const random = seededRandom(Math.imul(seed, 0x9e3779b1) + number);
    const playsOn = random() < PLAYED_ON || !resigns;
    const opening = beginning(game, settings, random);
    const tree = new Tree(game, opening.state, random, undefined, leafSeer);
    const counts = { ply: 0, exactAt: Math.max(0, settings.exactFrom - opening.before), truth: undefined };
    const place = { number, random, playsOn, ...opening, ...counts, tree, full: false, noisy: false };
    const table: Table<State> = { ...place, moments: [], hopeless: [0, 0], resigned: undefined, seer };
    begin(game, table, settings);
    return table;
  };

  const entries = new Int32Array(evaluator.batch);
  /** The rows of the network's input, as numbers and as their bits. */
  const planes = Array.from({ length: evaluator.batch }, (_, row) =>
    evaluator.input.subarray(row * size, (row + 1) * size),
  );
  const bits = planes.map(row => new Int32Array(row.buffer, row.byteOffset, size));
  /** Plays on, from game to game, until a position waits in `row` of the network's input; undefined where no game is left. */
  const playOn = (at: Table<State> | undefined, row: number): Table<State> | undefined => {
    let table = at;
    while (table) {
      const leaf = table.truth ? undefined : advance(game, table, settings);
      if (leaf === undefined) {
        const end = ending(game, table);
        if (end) {
          finished.push(end);
          table = open();
        }
        continue;
      }
      observeInto(game, leaf, planes[row]!);
      entries[row] = memory.entry(bits[row]!);
      const known = memory.told(entries[row]!);
      if (!known) return table;
      judge(game, table, settings, known);
    }
    return undefined;
  };

  const tables = Array.from({ length: evaluator.batch }, open);
  for (;;) {
    memory.makeRoom(evaluator.batch);
    let rows = 0;
    for (const table of tables) {
      const waiting = playOn(table, rows);
      if (waiting) tables[rows++] = waiting;
    }
    if (rows === 0) break;
    tables.length = rows;
    await evaluator.run(rows);
    evaluations += rows;
    for (let row = 0; row < rows; row++) {
      memory.keep(entries[row]!, evaluator, row);
      judge(game, tables[row]!, settings, memory.told(entries[row]!)!);
    }
  }
  return gather(game as Game, finished, size, settings, evaluations, heldOut);
}

/** The next leaf to judge; undefined when the table's game has moved on or is over. */
function advance<State>(game: Game<State>, table: Table<State>, settings: SelfPlaySettings): State | undefined {
  const { tree, random, ply } = table;
  const simulations = simulationsAt(table, settings);
  while (tree.simulations <= simulations && tree.proof === undefined) {
    const leaf = tree.leaf();
    if (leaf !== undefined) return leaf;
  }
  if (table.opening > 0) {
    openWith(game, table, settings);
    return undefined;
  }
  const seat = game.turn(table.state) as Seat;
  const policy = policyOf(game, tree, settings);
  if (table.full) {
    const observation = game.observe(table.state);
    table.moments.push({ seat, observation, policy, value: tree.value, proven: tree.proof !== undefined, ply });
    for (const proof of drawnFrom(tree.proofs(), settings.proofs, random)) {
      table.moments.push(provenMoment(game, proof, ply));
    }
  }
  table.hopeless[seat] = tree.value < settings.resignBelow ? table.hopeless[seat] + 1 : 0;
  if (table.hopeless[seat] >= HOPELESS) table.resigned ??= seat;

  if (tree.proof !== undefined) return undefined;
  const move =
    settings.root === 'gumbel'
      ? tree.halved()
      : ply < settings.variedPlies
        ? drawn(policy, random)
        : bestMove(tree.moves(), random).move;
  table.state = settled(game, game.play(table.state, move), random);
  table.ply++;
  if (!game.outcome(table.state)) begin(game, table, settings);
  return undefined;
}

function judge<State>(
  game: Game<State>,
  table: Table<State>,
  { root }: SelfPlaySettings,
  evaluation: Evaluation,
): void {
  table.tree.judge(evaluation);
  if (root === 'gumbel' || !table.full || table.noisy) return;
  table.noisy = true;
  table.tree.mixIntoPriors(dirichlet(game.moves(table.state).length, table.random), NOISE_SHARE);
}

const simulationsAt = <State>({ opening, full }: Table<State>, settings: SelfPlaySettings): number =>
  opening > 0 ? 0 : full ? settings.fullSimulations : settings.fastSimulations;

/** Makes a move of those that the policy opens with; where the game would be over, it counts from before it. */
function openWith<State>(game: Game<State>, table: Table<State>, settings: SelfPlaySettings): void {
  const { tree, random } = table;
  const move = random() < NOISE ? randomMove(game, table.state, random) : drawn(priorsOf(game, tree), random);
  const next = settled(game, game.play(table.state, move), random);
  table.opening--;
  if (game.outcome(next)) table.opening = 0;
  else table.state = next;
  begin(game, table, settings);
}

/** Begins the search of a position. */
function begin<State>(game: Game<State>, table: Table<State>, settings: SelfPlaySettings): void {
  const { random, state, ply } = table;
  table.full = random() < settings.fullShare;
  table.noisy = false;
  if (table.opening === 0 && table.seer && ply >= table.exactAt) {
    table.exactAt = ply + EXACT_EVERY;
    table.truth = table.seer.truth(state);
    if (table.truth) {
      table.moments.push(...trueMoments(game, table, table.truth, settings));
      return;
    }
  }
  const simulations = simulationsAt(table, settings);
  const noise = ply < settings.variedPlies ? 1 : 0;
  const root: Root =
    settings.root === 'gumbel'
      ? { kind: 'gumbel', simulations, considered: CONSIDERED, noise }
      : { kind: 'puct', forced: table.full ? FORCED : 0 };
  table.tree.begin(state, root, Math.max(0, settings.exactFrom - table.before - ply));
}

/** How a table's game ended, or surely will: nothing is learned from playing on. Undefined while it goes on. */
function ending<State>(
  game: Game<State>,
  { number, state, tree, truth, resigned, playsOn, moments, ply }: Table<State>,
): Finished | undefined {
  if (resigned !== undefined && !playsOn) {
    const result = resigned === 0 ? -1 : 1;
    return { number, moments, result, plies: ply, left: 0, playedOn: false, wronglyResigned: false };
  }
  const outcome = game.outcome(state);
  const end = outcome ? { result: resultFor(0, outcome), plies: 0 } : (truth ?? tree.proof);
  if (!end) return undefined;
  const result = outcome || game.turn(state) === 0 ? end.result : (-end.result as -1 | 0 | 1);
  const playedOn = resigned !== undefined;
  const wronglyResigned = playedOn && result !== (resigned === 0 ? -1 : 1);
  return { number, moments, result, plies: ply, left: end.plies, playedOn, wronglyResigned };
}

/** What the search would have the policy be: count × moves, summing to 1. */
function policyOf<State>(game: Game<State>, tree: Tree<State>, { root }: SelfPlaySettings): Float32Array {
  const policy = new Float32Array(game.moveCount);
  const moves = tree.moves();
  if (tree.proof !== undefined) {
    // Proven: the soonest wins, or else the draws, or else the latest losses.
    const certain = moves.filter(({ proven }) => proven);
    const best = Math.max(...certain.map(({ value }) => value));
    const equal = certain.filter(({ value }) => value === best);
    for (const { move } of equal) policy[move] = 1 / equal.length;
  } else if (root === 'gumbel') {
    for (const { move, share } of tree.improvedPolicy()) policy[move] = share;
  } else {
    const visits = prunedVisits(moves.filter(({ proven }) => proven !== 'loss'));
    const sum = visits.reduce((total, { visits: own }) => total + own, 0);
    for (const { move, visits: own } of visits) policy[move] = sum ? own / sum : 1 / visits.length;
  }
  return policy;
}

/** What the network would have the policy be. */
function priorsOf<State>({ moveCount }: Game<State>, tree: Tree<State>): Float32Array {
  const policy = new Float32Array(moveCount);
  for (const { move, prior } of tree.moves()) policy[move] = prior;
  return policy;
}

/** Lessons about a position that was searched to the end and about lines that may follow, each position once. */
function trueMoments<State>(
  game: Game<State>,
  { state, ply, random, seer }: Table<State>,
  truth: Truth,
  { exactPlies, exactLines, decidedShare }: SelfPlaySettings,
): readonly Moment[] {
  // Not by the game's keys, which mirror images share: their moves are others.
  const nameOf = (state: State): string => JSON.stringify(state);
  const taught = (state: State, truth: Truth, ply: number) => ({
    state,
    moment: trueMoment(game, state, truth, ply),
    isDecided: truth.kept.length === game.moves(state).length,
  });
  const root = taught(state, truth, ply);
  const known = new Map([[nameOf(state), root]]);
  for (let line = 0; line < exactLines; line++) {
    let at = root;
    for (let plies = 1; plies <= exactPlies; plies++) {
      const move = random() < NOISE ? randomMove(game, at.state, random) : drawn(at.moment.policy, random);
      const next = game.play(at.state, move);
      if (game.outcome(next)) break;
      const name = nameOf(next);
      if (!known.has(name)) {
        const found = seer!.truth(next, true);
        if (!found) break;
        known.set(name, taught(next, found, ply + plies));
      }
      at = known.get(name)!;
    }
  }
  return [...known.values()]
    .filter(({ isDecided }) => !isDecided || decidedShare === 1 || random() < decidedShare)
    .map(({ moment }) => moment);
}

/** A lesson about a position that was searched to the end: half of the policy is for the moves that are best, half for all that keep the result. */
function trueMoment<State>(game: Game<State>, state: State, truth: Truth, ply: number): Moment {
  const { result, plies, best, kept } = truth;
  const moment = provenMoment(game, { state, value: result * FADE ** plies, moves: best }, ply);
  for (const move of best) moment.policy[move]! /= 2;
  for (const move of kept) moment.policy[move]! += 1 / (2 * kept.length);
  return moment;
}

/** A lesson about a position that a search proved. */
function provenMoment<State>(game: Game<State>, { state, value, moves }: Proof<State>, ply: number): Moment {
  const policy = new Float32Array(game.moveCount);
  for (const move of moves) policy[move] = 1 / moves.length;
  return { seat: game.turn(state) as Seat, observation: game.observe(state), policy, value, proven: true, ply };
}

/** Up to `count` of `items`, each as likely. */
function drawnFrom<T>(items: readonly T[], count: number, random: Random): readonly T[] {
  const left = [...items];
  for (let i = 0; i < Math.min(count, items.length); i++) {
    const other = i + Math.floor(random() * (left.length - i));
    [left[i], left[other]] = [left[other]!, left[i]!];
  }
  return left.slice(0, count);
}

/** The start, or, for a share of the games, a position some plies from it, which are random or yet to be made by the policy. */
function beginning<State>(game: Game<State>, settings: SelfPlaySettings, random: Random) {
  const { randomShare, leastPlies, randomPlies, policyShare, greedyShare } = settings;
  for (;;) {
    const plies = random() < randomShare ? leastPlies + Math.floor(random() * (randomPlies - leastPlies + 1)) : 0;
    if (policyShare > 0 && random() < policyShare) {
      return { state: settled(game, game.start, random), before: plies, opening: plies };
    }
    const isGreedy = greedyShare > 0 && random() < greedyShare;
    let state = game.start;
    for (let ply = 0; ply < plies && !game.outcome(state); ply++) {
      const turn = game.turn(state);
      const move =
        isGreedy && turn !== 'chance'
          ? pick(greedyMoves(game as Game, state, turn, game.moves(state)).moves, random)
          : randomMove(game, state, random);
      state = game.play(state, move);
    }
    state = settled(game, state, random);
    if (!game.outcome(state)) return { state, before: plies, opening: 0 };
  }
}

/** The state once chance has moved, where it is to move. */
export function settled<State>(game: Game<State>, state: State, random: Random): State {
  let last = state;
  while (!game.outcome(last) && game.turn(last) === 'chance') last = game.play(last, drawChance(game, last, random));
  return last;
}

/** The state so many random plies on, or where the game is over before. */
export function randomlyOn<State>(game: Game<State>, from: State, plies: number, random: Random): State {
  let state = from;
  for (let ply = 0; ply < plies && !game.outcome(state); ply++) {
    state = settled(game, game.play(state, randomMove(game, state, random)), random);
  }
  return state;
}

/** A move drawn from a policy, whose shares sum to 1. */
export function drawn(policy: Float32Array, random: Random): Move {
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

/** All that the finished games taught, apart from what is held out. */
function gather(
  { moveCount }: Game,
  finished: readonly Finished[],
  size: number,
  { searchShare }: SelfPlaySettings,
  evaluations: number,
  heldOut: (observation: Float32Array) => boolean,
): PartOfLessons {
  const inOrder = finished.toSorted((a, b) => a.number - b.number);
  const kept = inOrder.flatMap(({ number, moments, result, plies, left }) =>
    moments
      .filter(({ observation }) => !heldOut(observation))
      .map(moment => {
        const { seat, value, proven, ply } = moment;
        const ending = (seat === 0 ? result : -result) * FADE ** (plies + left - ply);
        return { ...moment, number, target: proven ? value : searchShare * value + (1 - searchShare) * ending };
      }),
  );
  const observations = new Uint8Array(kept.length * size);
  const policies = new Float32Array(kept.length * moveCount);
  for (const [i, { observation, policy }] of kept.entries()) {
    packInto(observations, observation, i * size);
    policies.set(policy, i * moveCount);
  }
  return {
    count: kept.length,
    origins: Int32Array.from(kept, ({ number }) => number),
    observations,
    policies,
    values: Float32Array.from(kept, ({ target }) => target),
    games: finished.length,
    plies: finished.reduce((sum, { plies }) => sum + plies, 0),
    evaluations,
    playedOn: finished.filter(({ playedOn }) => playedOn).length,
    wronglyResigned: finished.filter(({ wronglyResigned }) => wronglyResigned).length,
  };
}
