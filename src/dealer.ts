/**
 * Dealing matches in which something is hidden. The page would know what it is sent, so it is not sent the match: the
 * deal, the other's moves and thoughts stay here, and the page gets what its seat may see until the match is over.
 */

import { randomInt, randomUUID } from 'node:crypto';
import type { Turn } from '../agents/agent.ts';
import { turnAfter } from '../arena/match.ts';
import { drawChance, type Game, type Seat } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';
import { InputError } from './errors.ts';
import type { DealRequest, Dealt, Thought, Told } from './web/api.ts';

interface Match {
  readonly game: Game;
  readonly you: Seat;
  /** Decides all that chance does and all the luck of the agents. */
  readonly seed: number;
  readonly moves: readonly string[];
  /** Before the first move and after each. */
  readonly states: readonly unknown[];
  readonly thoughts: readonly Told[];
}

/** The least lately played of more are forgotten. */
const MOST_KEPT = 200;

/** Goes on with a match, or begins one, until it is over or the page's seat is to move. */
export type Deal = (game: Game, request: DealRequest, decide: (turn: Turn) => Promise<Thought>) => Promise<Dealt>;

/** Throws InputError for a move in a match that is not kept, or of another game, or that is not legal. */
export function dealer(): Deal {
  const matches = new Map<string, Match>();

  const keep = (id: string, match: Match): void => {
    matches.delete(id);
    matches.set(id, match);
    const [oldest] = matches.keys();
    if (matches.size > MOST_KEPT) matches.delete(oldest!);
  };

  return async (game, request, decide) => {
    const kept = request.match === null ? undefined : matches.get(request.match);
    const known = kept?.game.name === game.name ? kept : undefined;
    if (!known && request.move !== null)
      throw new InputError('this match is not known here any more; begin a new game');
    const id = known ? request.match! : randomUUID();
    const begun = known ?? {
      game,
      you: request.you,
      seed: randomInt(2 ** 32),
      moves: [],
      states: [game.start],
      thoughts: [],
    };
    const cut = request.plies === null ? begun : upTo(begun, request.plies);
    // Who takes back may have been told more than they may know now.
    const from = request.move === null ? 0 : cut.moves.length;
    const match = await playedOn(request.move === null ? cut : withMove(cut, request.move), request.agent, decide);
    keep(id, match);
    return { match: id, you: match.you, ...seen(match, from) };
  };
}

/** The match when only the first `plies` moves were made. */
const upTo = (match: Match, plies: number): Match => ({
  ...match,
  moves: match.moves.slice(0, plies),
  states: match.states.slice(0, plies + 1),
  thoughts: match.thoughts.filter(({ ply }) => ply < plies),
});

function withMove(match: Match, text: string): Match {
  const { game, you } = match;
  const state = match.states.at(-1);
  const move = game.parseMove(text);
  if (game.outcome(state) || game.turn(state) !== you) throw new InputError('it is not your turn');
  if (move === undefined || !game.moves(state).includes(move)) throw new InputError(`'${text}' is not legal here`);
  return after(match, text);
}

const after = (match: Match, text: string): Match => ({
  ...match,
  moves: [...match.moves, text],
  states: [...match.states, match.game.play(match.states.at(-1), match.game.parseMove(text)!)],
});

const hasForfeited = ({ thoughts }: Match): boolean => thoughts.at(-1)?.thought.move === null;

async function playedOn(begun: Match, agent: string, decide: (turn: Turn) => Promise<Thought>): Promise<Match> {
  const { game, you, seed } = begun;
  let match = begun;
  for (;;) {
    const state = match.states.at(-1);
    if (game.outcome(state) || hasForfeited(match) || game.turn(state) === you) return match;
    const ply = match.moves.length;
    let text: string;
    if (game.turn(state) === 'chance') {
      text = game.formatMove(drawChance(game, state, seededRandom(seed + ply)));
    } else {
      const thought = await decide(turnAfter(game, match.moves, seed * 1009 + ply)!);
      match = { ...match, thoughts: [...match.thoughts, { ply, by: agent.split(':', 1)[0]!, thought }] };
      if (thought.move === null) return match;
      text = thought.move;
    }
    match = after(match, text);
  }
}

/** What the page may know of the moves from `from` on; all of the match and the thoughts once it is over. */
function seen(match: Match, from: number): Omit<Dealt, 'match' | 'you'> {
  const { game, you, moves, states, thoughts } = match;
  if (game.outcome(states.at(-1)) || hasForfeited(match)) return { from: 0, moves, states: states.slice(1), thoughts };
  return {
    from,
    moves: moves.slice(from).map((text, i) => (game.hides!(states[from + i], game.parseMove(text)!, you) ? '?' : text)),
    states: states.slice(from + 1).map((state, i) => game.guess!(state, you, seededRandom(from + i))),
    thoughts: [],
  };
}
