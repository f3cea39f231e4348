/** One game between two agents, from the first move to a record that can be logged and replayed. */

import type { Agent, Conditions, Decision, Fault, Turn, Usage } from '../agents/agent.ts';
import {
  drawChance,
  type Game,
  type Move,
  type Mover,
  type Outcome,
  randomMove,
  type Seat,
  worthFor,
} from '../games/game.ts';
import { type Random, seededRandom } from '../games/random.ts';

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

/** One decision, or one move of chance, as it is logged. */
export interface Ply {
  readonly seat: Mover;
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

/** What a spectator, from whom nothing is hidden, is told after each ply: the position it was made in and all moves before it. */
export type Watch = (ply: Ply, before: { readonly state: unknown; readonly history: readonly Move[] }) => void;

/** `plies` random moves in the game's notation, chance's among them, none of which ends the game. */
export function randomOpening(game: Game, plies: number, seed: number): readonly string[] {
  const random = seededRandom(seed);
  for (;;) {
    let state = game.start;
    const opening: string[] = [];
    while (opening.length < plies && !game.outcome(state)) {
      const move = randomMove(game, state, random);
      opening.push(game.formatMove(move));
      state = game.play(state, move);
    }
    if (!game.outcome(state)) return opening;
  }
}

/**
 * Plays a match to its end. Never throws for what an agent does.
 *
 * The seed feeds separate streams: one for each seat, one for chance, and one
 * for what the seats are handed where something is hidden from them.
 */
export async function playMatch({ game, agents, seed, opening }: Match, watch?: Watch): Promise<MatchRecord> {
  const random = [seededRandom(2 * seed), seededRandom(2 * seed + 1)] as const;
  const luck = seededRandom(~seed);
  const guesses = seededRandom(seed ^ GUESSES);
  const plies: Ply[] = [];
  const table = new Table(game, opening);
  let ending: Ending | undefined;

  const log = (ply: Ply): void => {
    plies.push(ply);
    watch?.(ply, table);
  };

  while (!ending) {
    const seat = game.turn(table.state);
    if (seat === 'chance') {
      const move = drawChance(game, table.state, luck);
      log({ seat, move: game.formatMove(move), misses: [], trace: null, usage: null });
      table.make(move);
    } else {
      const turn = table.turnOf(seat, random[seat], guesses);
      const decision = await ask(agents[seat], turn);
      if (decision instanceof Error) {
        ending = { kind: 'void', reason: `${agents[seat].name}: ${decision.message}` };
        break;
      }
      const move = 'move' in decision && turn.legal.includes(decision.move) ? decision.move : undefined;
      log({
        seat,
        move: move === undefined ? null : game.formatMove(move),
        misses: decision.misses ?? [],
        trace: decision.trace ?? null,
        usage: decision.usage ?? null,
      });
      if (move === undefined) {
        ending = { kind: 'forfeit', loser: seat, fault: 'fault' in decision ? decision.fault : 'illegal' };
        break;
      }
      table.make(move);
    }
    const outcome = game.outcome(table.state);
    ending = outcome && { kind: 'played', outcome };
  }

  return { version: 1, game: game.name, players: [player(agents[0]), player(agents[1])], seed, opening, plies, ending };
}

/** Keeps the stream of guesses apart from the others. */
const GUESSES = 0x5bd1e995;

/** A position, how it came about, and what each seat saw of that. */
class Table {
  readonly #game: Game;
  readonly #seen: readonly [(Move | null)[], (Move | null)[]] = [[], []];
  readonly history: Move[] = [];
  state: unknown;

  constructor(game: Game, moves: readonly string[]) {
    this.#game = game;
    this.state = game.start;
    for (const text of moves) this.make(game.parseMove(text)!);
  }

  make(move: Move): void {
    this.history.push(move);
    for (const seat of [0, 1] as const) {
      this.#seen[seat].push(this.#game.hides?.(this.state, move, seat) ? null : move);
    }
    this.state = this.#game.play(this.state, move);
  }

  /** What the seat to move is told, and nothing else. */
  turnOf(seat: Seat, random: Random, guesses: Random): Turn {
    const { state } = this;
    return {
      game: this.#game,
      state: this.#game.guess ? this.#game.guess(state, seat, guesses) : state,
      seat,
      legal: this.#game.moves(state),
      history: [...this.#seen[seat]],
      random,
    };
  }
}

/** What the seat to move is told after these moves, in the game's notation. Undefined where no seat is to move. */
export function turnAfter(game: Game, moves: readonly string[], seed: number): Turn | undefined {
  const table = new Table(game, moves);
  if (game.outcome(table.state)) return undefined;
  const seat = game.turn(table.state);
  return seat === 'chance' ? undefined : table.turnOf(seat, seededRandom(seed), seededRandom(seed ^ GUESSES));
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

/**
 * Points by seat, 1 together: 1 for a win, ½ for a draw, 0 for a loss; where wins
 * differ in worth, between them. Undefined for a void match.
 */
export function points(ending: Ending): readonly [number, number] | undefined {
  switch (ending.kind) {
    case 'void':
      return undefined;
    case 'forfeit':
      return ending.loser === 0 ? [0, 1] : [1, 0];
    case 'played':
      return [(1 + worthFor(0, ending.outcome)) / 2, (1 + worthFor(1, ending.outcome)) / 2];
  }
}

/** How a match ended that was given up, or forfeited by a fault. */
export const forfeitText = (
  { loser, fault }: Extract<Ending, { readonly kind: 'forfeit' }>,
  names: readonly string[],
): string => `${names[loser]} ${fault === 'resigned' ? 'resigns' : `forfeits: ${fault}`}`;

/** Points as a score line: '1–0', '½–½', '0.75–0.25', 'void'. */
export const pointsText = (ending: Ending): string =>
  points(ending)
    ?.map(own => (own === 0.5 ? '½' : String(Math.round(100 * own) / 100)))
    .join('–') ?? 'void';
