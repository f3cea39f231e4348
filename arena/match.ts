/** One game between two agents, from the first move to a record that can be logged and replayed. */

import type { Agent, Conditions, Decision, Fault, Turn, Usage } from '../agents/agent.ts';
import type { Game, Move, Outcome, Seat } from '../games/game.ts';
import { pick, seededRandom } from '../games/random.ts';

/**
 * How a match ended. A forfeit counts as a loss; a void match counts for
 * nothing, because what stopped it was not play.
 */
export type Ending =
  | { readonly kind: 'played'; readonly outcome: Outcome }
  | { readonly kind: 'forfeit'; readonly loser: Seat; readonly fault: Fault }
  | { readonly kind: 'void'; readonly reason: string };

/** What is decided before the first move. */
export interface Match {
  readonly game: Game;
  /** By seat. */
  readonly agents: readonly [Agent, Agent];
  readonly seed: number;
  /** Moves already made when the agents sit down, in the game's notation. */
  readonly opening: readonly string[];
}

/** Who sat at the table. */
export interface Player {
  readonly name: string;
  readonly fingerprint: string | null;
  readonly conditions: Conditions;
}

/** One decision as it is logged. */
export interface Ply {
  readonly seat: Seat;
  /** In the game's notation; null for the decision that forfeited the match. */
  readonly move: string | null;
  readonly misses: readonly Fault[];
  readonly trace: unknown;
  readonly usage: Usage | null;
}

/**
 * A finished match as plain JSON: one row of the log.
 *
 * Dates, clocks and machines stay out of it, so that deterministic agents give
 * the same record, byte for byte, every time the match is played.
 */
export interface MatchRecord {
  readonly version: 1;
  readonly game: string;
  /** By seat. */
  readonly players: readonly [Player, Player];
  readonly seed: number;
  readonly opening: readonly string[];
  readonly plies: readonly Ply[];
  readonly ending: Ending;
}

/** what a spectator is told after each decision. */
export type Watch = (ply: Ply, turn: Turn) => void;

/** `plies` random moves in the game's notation, none of which ends the game. */
export function randomOpening(game: Game, plies: number, seed: number): readonly string[] {
  const random = seededRandom(seed);
  for (;;) {
    let state = game.start;
    const opening: string[] = [];
    while (opening.length < plies && !game.outcome(state)) {
      const move = pick(game.moves(state), random);
      opening.push(game.formatMove(move));
      state = game.play(state, move);
    }
    if (!game.outcome(state)) return opening;
  }
}

/** Plays a match to its end. Never throws for what an agent does. */
export async function playMatch({ game, agents, seed, opening }: Match, watch?: Watch): Promise<MatchRecord> {
  const random = [seededRandom(2 * seed), seededRandom(2 * seed + 1)] as const;
  const history: Move[] = opening.map(text => game.parseMove(text)!);
  const plies: Ply[] = [];
  let state = history.reduce((before, move) => game.play(before, move), game.start);
  let ending: Ending | undefined;

  while (!ending) {
    const seat = game.turn(state);
    const turn = { game, state, seat, legal: game.moves(state), history: [...history], random: random[seat] };
    const decision = await ask(agents[seat], turn);
    if (decision instanceof Error) {
      ending = { kind: 'void', reason: `${agents[seat].name}: ${decision.message}` };
      break;
    }
    const move = 'move' in decision && turn.legal.includes(decision.move) ? decision.move : undefined;
    const ply: Ply = {
      seat,
      move: move === undefined ? null : game.formatMove(move),
      misses: decision.misses ?? [],
      trace: decision.trace ?? null,
      usage: decision.usage ?? null,
    };
    plies.push(ply);
    watch?.(ply, turn);
    if (move === undefined) {
      ending = { kind: 'forfeit', loser: seat, fault: 'fault' in decision ? decision.fault : 'illegal' };
    } else {
      history.push(move);
      state = game.play(state, move);
      const outcome = game.outcome(state);
      ending = outcome && { kind: 'played', outcome };
    }
  }

  return { version: 1, game: game.name, players: [player(agents[0]), player(agents[1])], seed, opening, plies, ending };
}

const player = ({ name, fingerprint = undefined, conditions }: Agent): Player => ({
  name,
  fingerprint: fingerprint ?? null,
  conditions,
});

/** Asks an agent for one move. An agent that throws broke down; that is nobody's play. */
async function ask(agent: Agent, turn: Turn): Promise<Decision | Error> {
  try {
    return await agent.decide(turn);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Every move of a match in the game's notation, the opening's first. */
export const movesOf = ({ opening, plies }: MatchRecord): readonly string[] => [
  ...opening,
  ...plies.flatMap(({ move }) => (move === null ? [] : [move])),
];

/** Points by seat: 1 for a win, ½ for a draw, 0 for a loss. Undefined for a void match. */
export function points(ending: Ending): readonly [number, number] | undefined {
  switch (ending.kind) {
    case 'void':
      return undefined;
    case 'forfeit':
      return ending.loser === 0 ? [0, 1] : [1, 0];
    case 'played':
      if (ending.outcome.kind === 'draw') return [0.5, 0.5];
      return ending.outcome.winner === 0 ? [1, 0] : [0, 1];
  }
}
