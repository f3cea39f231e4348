/** What strength costs: agents rated against each other, with the time each takes for a move. */

import type { Agent } from '../agents/agent.ts';
import { turnAfter } from '../arena/match.ts';
import { type Result, rate } from '../arena/rating.ts';
import { type Game, randomMove } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';
import type { Chart, Curves, Point } from './curves.ts';

/** One agent on the picture. */
export interface FrontierPoint {
  /** As it plays in the log. */
  readonly name: string;
  /** The first digits of its snapshot's hash. */
  readonly snapshot: string;
  readonly parameters: number;
  readonly simulations: number;
  /** Milliseconds a move on one thread. */
  readonly milliseconds: number;
  /** Above the fastest agent. */
  readonly elo: number;
  /** Half the width of the 95 % interval; 0 for the fastest. */
  readonly error: number;
  readonly games: number;
  /** Whether no other agent is at least as strong and faster. */
  readonly onFrontier: boolean;
}

/** Positions in which an agent is timed, and how often in each: the fastest counts, for others may use the machine. */
const TIMED = 12;
const REPEATS = 5;

/** Mean milliseconds of a move over positions of random play, the fastest of several decisions in each. */
export async function millisecondsOf(agent: Agent, game: Game): Promise<number> {
  const turns = positionsOf(game);
  let sum = 0;
  for (const moves of turns) {
    let fastest = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const turn = turnAfter(game, moves, 1)!;
      const begin = performance.now();
      await agent.decide(turn);
      fastest = Math.min(fastest, performance.now() - begin);
    }
    sum += fastest;
  }
  return sum / turns.length;
}

/** The moves to positions 0, 2, 4 … plies deep, in which a seat is to move. */
function positionsOf(game: Game): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  for (let seed = 1; found.length < TIMED; seed++) {
    const random = seededRandom(seed);
    const moves: string[] = [];
    let state = game.start;
    const wanted = 2 * (seed % TIMED);
    while (!game.outcome(state) && (moves.length < wanted || game.turn(state) === 'chance')) {
      const move = randomMove(game, state, random);
      moves.push(game.formatMove(move));
      state = game.play(state, move);
    }
    if (!game.outcome(state)) found.push(moves);
  }
  return found;
}

/** Who is timed and rated; everybody has played. */
export type Entrant = Pick<FrontierPoint, 'name' | 'snapshot' | 'parameters' | 'simulations' | 'milliseconds'>;

/** From fastest to slowest. */
export function frontierOf(entrants: readonly Entrant[], results: readonly Result[]): readonly FrontierPoint[] {
  const ordered = entrants.toSorted((a, b) => a.milliseconds - b.milliseconds);
  const { ratings } = rate(results, ordered[0]!.name);
  let strongest = Number.NEGATIVE_INFINITY;
  return ordered.map(entrant => {
    const { elo, error, games } = ratings.find(({ name }) => name === entrant.name)!;
    const onFrontier = elo > strongest;
    if (onFrontier) strongest = elo;
    return { ...entrant, elo, error, games, onFrontier };
  });
}

export const labelOf = ({ snapshot, parameters, simulations }: Entrant): string =>
  `${snapshot} (${(parameters / 1000).toFixed(1)} k), ${simulations} simulations`;

/** The page: the picture, and every point as a line. */
export function frontierCurves({ title }: Game, points: readonly FrontierPoint[]): Curves {
  const dots = (onIt: boolean): readonly Point[] =>
    points.flatMap(({ milliseconds, elo, error, onFrontier }, i) =>
      onFrontier === onIt ? [{ x: milliseconds, y: elo, error, label: String(i + 1) }] : [],
    );
  const beaten = dots(false);
  const chart: Chart = {
    title: 'Strength and time',
    x: 'milliseconds a move, one thread',
    y: 'Elo ± 95 %, above the fastest',
    logarithmic: 'x',
    series: [
      { name: 'frontier', points: dots(true), joined: true, colour: 0 },
      ...(beaten.length > 0 ? [{ name: 'others', points: beaten, joined: false, colour: 1 }] : []),
    ],
  };
  return {
    title: `${title}: strength and time`,
    facts: points.map((point, i) => [
      `${i + 1}: ${labelOf(point)}`,
      `${point.milliseconds.toFixed(2)} ms, Elo ${point.elo.toFixed(0)} ± ${point.error.toFixed(0)}, ${point.games} games${point.onFrontier ? ', on the frontier' : ''}`,
    ]),
    charts: [chart],
  };
}
