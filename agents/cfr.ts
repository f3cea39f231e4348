/**
 * Play that cannot be exploited, in small games with hidden information: CFR+,
 * counterfactual regret minimisation with regret matching+, alternating updates
 * and linear averaging. Tammelin, "Solving large imperfect information games
 * using CFR+" (arXiv 1407.5042, 2014).
 */

import type { Game, Move, Seat } from '../games/game.ts';
import { drawIndex } from '../games/random.ts';
import type { Agent, Turn } from './agent.ts';
import { CHANCE, type InformationTree, informationTree, type Strategy, uniformStrategy } from './information-tree.ts';
import { rounded } from './mcts.ts';

/** Sums over all iterations so far, by choice. */
export interface Regrets {
  readonly iterations: number;
  /** What each move would have gained, never below 0. */
  readonly regret: Float64Array;
  /** How likely the seat itself was to come there and make the move, the t-th iteration counting t times. */
  readonly played: Float64Array;
}

export const noRegrets = ({ choices }: InformationTree): Regrets => ({
  iterations: 0,
  regret: new Float64Array(choices),
  played: new Float64Array(choices),
});

/** `iterations` more iterations, each one pass for seat 0 and one for seat 1. */
export function cfrPlus(tree: InformationTree, start: Regrets, iterations: number): Regrets {
  const regret = start.regret.slice();
  const played = start.played.slice();
  const strategy = uniformStrategy(tree);
  const end = start.iterations + iterations;
  // What regrets ask for is known from the start on, as if each seat had just been updated.
  for (const seat of [0, 1] as const) matchRegrets(tree, regret, strategy, seat);
  for (let iteration = start.iterations + 1; iteration <= end; iteration++) {
    for (const seat of [0, 1] as const) {
      update(tree, strategy, seat, iteration, regret, played);
      matchRegrets(tree, regret, strategy, seat);
    }
  }
  return { iterations: end, regret, played };
}

/** The strategy that converges: the average over the iterations, uniform where a seat never came. */
export function averageStrategy(tree: InformationTree, { played }: Regrets): Strategy {
  const strategy = uniformStrategy(tree);
  for (const { first, legal } of tree.sets) {
    const shares = played.subarray(first, first + legal.length);
    const sum = shares.reduce((total, share) => total + share, 0);
    if (sum > 0) for (const [i, share] of shares.entries()) strategy[first + i] = share / sum;
  }
  return strategy;
}

/** Adds to the sums of one seat what the present strategy shows. */
function update(
  { levels, mover, child, choice, chance, worth }: InformationTree,
  strategy: Strategy,
  seat: Seat,
  iteration: number,
  regret: Float64Array,
  played: Float64Array,
): void {
  const nodes = levels.at(-1)!;
  const own = new Float64Array(nodes);
  const others = new Float64Array(nodes);
  own[0] = 1;
  others[0] = 1;
  for (let node = 0; node < nodes; node++) {
    const isOwn = mover[node] === seat;
    for (let next = child[node]!; next < child[node + 1]!; next++) {
      const likely = mover[node] === CHANCE ? chance[next]! : strategy[choice[next]!]!;
      own[next] = own[node]! * (isOwn ? likely : 1);
      others[next] = others[node]! * (isOwn ? 1 : likely);
    }
  }
  const sign = seat === 0 ? 1 : -1;
  const values = new Float64Array(nodes);
  for (let node = nodes - 1; node >= 0; node--) {
    const [from, to] = [child[node]!, child[node + 1]!];
    if (from === to) {
      values[node] = sign * worth[node]!;
      continue;
    }
    let value = 0;
    for (let next = from; next < to; next++) {
      value += (mover[node] === CHANCE ? chance[next]! : strategy[choice[next]!]!) * values[next]!;
    }
    values[node] = value;
    if (mover[node] !== seat) continue;
    for (let next = from; next < to; next++) {
      regret[choice[next]!]! += others[node]! * (values[next]! - value);
      played[choice[next]!]! += iteration * own[node]! * strategy[choice[next]!]!;
    }
  }
}

/** Cuts regrets off at 0 (the plus) and plays in proportion to what is left, uniformly where nothing is. */
function matchRegrets({ sets }: InformationTree, regret: Float64Array, strategy: Strategy, seat: Seat): void {
  for (const { seat: whose, first, legal } of sets) {
    if (whose !== seat) continue;
    const end = first + legal.length;
    let sum = 0;
    for (let i = first; i < end; i++) {
      if (regret[i]! < 0) regret[i] = 0;
      sum += regret[i]!;
    }
    for (let i = first; i < end; i++) strategy[i] = sum > 0 ? regret[i]! / sum : 1 / legal.length;
  }
}

/**
 * Plays `strategy` by drawing from it. Throws where two information sets look the
 * same to an agent, which is told all moves but only how the position looks now.
 */
export function strategyAgent(name: string, { game, sets }: InformationTree, strategy: Strategy): Agent {
  const places = new Map<string, number>();
  for (const { seat, history, state, first } of sets) places.set(keyOf(game, seat, history, state), first);
  if (places.size < sets.length) throw new Error('a seat would have to remember how the position looked before');
  const chancesAt = ({ seat, history, state, legal }: Turn): readonly number[] => {
    const first = places.get(keyOf(game, seat, history, state))!;
    return [...strategy.subarray(first, first + legal.length)];
  };
  return {
    name,
    conditions: { division: 'engine', budget: {} },
    policy: chancesAt,
    decide(turn) {
      const chances = chancesAt(turn);
      return {
        move: turn.legal[drawIndex(chances, turn.random)]!,
        trace: { moves: turn.legal.map((move, i) => ({ move: game.formatMove(move), prior: rounded(chances[i]!) })) },
      };
    },
  };
}

const keyOf = (game: Game, seat: Seat, history: readonly (Move | null)[], state: unknown): string =>
  JSON.stringify([seat, history, game.show(state, seat)]);

/** So many iterations leave kuhn-poker and leduc-poker with a NashConv of less than 0.001 chips. */
const ITERATIONS = 1000;
/** So many positions take a few seconds. */
const MOST_NODES = 60_000;

/** The `perfect` player of a game that hides something. Throws Error for one of more than 60,000 positions. */
export function equilibriumAgent(game: Game): Agent {
  const tree = informationTree(game, MOST_NODES);
  return strategyAgent('perfect', tree, averageStrategy(tree, cfrPlus(tree, noRegrets(tree), ITERATIONS)));
}
