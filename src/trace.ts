/** Following games that OpenSpiel recorded through our own rules, step by step. */

import type { Family } from '../games/family.ts';
import { gameOf } from '../games/family.ts';
import { type Game, type Move, type Mover, resultFor } from '../games/game.ts';
import { InputError } from './errors.ts';

/** Ids in ascending order, runs of three or more as [first, last]. */
type Actions = readonly (number | readonly [number, number])[];

/** Player (-1 is chance), action, legal actions; where information is hidden, last what the player knows. */
type Step = readonly [player: number, action: number, legal: Actions, ...rest: unknown[]];

interface Recorded {
  readonly id: number;
  readonly steps: readonly Step[];
  readonly returns: readonly number[];
}

interface Header {
  readonly game: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly information?: string;
}

export interface Followed {
  /** The game that the recording's parameters mean. */
  readonly game: Game;
  readonly playouts: number;
  readonly steps: number;
  /** The first thing in which rules and recording differ; undefined where they agree on everything. */
  readonly difference: string | undefined;
}

/**
 * Plays every game of a recording (JSON lines: a header, then a playout a line)
 * by our rules and compares who is to move, the legal moves, the moves of
 * chance, what players know, and the returns. Throws InputError for text that is
 * no recording of this family's game.
 */
export function follow(family: Family, text: string): Followed {
  const { openSpiel } = family;
  if (!openSpiel) throw new InputError(`${family.name} is not a game that OpenSpiel plays`);
  const [first = '', ...lines] = text.trim().split('\n');
  const header = parsed(first, 1) as Header;
  const named = /^\w+/.exec(String(header.game))?.[0];
  if (named !== openSpiel.name) {
    throw new InputError(`line 1: this is a recording of '${named ?? first.slice(0, 40)}', not of '${openSpiel.name}'`);
  }
  const game = gameIn(family, header);
  const known = new Map<string, string>();
  let steps = 0;
  for (const [i, line] of lines.entries()) {
    const playout = parsed(line, i + 2) as Recorded;
    if (!Array.isArray(playout.steps) || !Array.isArray(playout.returns)) {
      throw new InputError(`line ${i + 2}: this is no playout; 'steps' and 'returns' are expected`);
    }
    const found = differenceIn(game, family, playout, known);
    steps += playout.steps.length;
    if (found !== undefined) {
      const difference = `line ${i + 2}, playout ${playout.id}, ${found}`;
      return { game, playouts: i + 1, steps, difference };
    }
  }
  return { game, playouts: lines.length, steps, difference: undefined };
}

/** The game that a recording's parameters mean. */
function gameIn(family: Family, { params = {} }: Header): Game {
  try {
    return gameOf(family, family.openSpiel?.values?.(params));
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`line 1: parameters ${JSON.stringify(params)}: ${error.message}`);
    throw error;
  }
}

function parsed(line: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new InputError(`line ${number}: this is not JSON`);
}

function differenceIn(
  game: Game,
  { openSpiel }: Family,
  { steps, returns }: Recorded,
  known: Map<string, string>,
): string | undefined {
  const moveOf = (state: unknown, mover: Mover, action: number): Move =>
    mover === 'chance' ? game.moveCount + action : (openSpiel!.move?.(state, action, game) ?? action);
  const texts = (moves: readonly Move[]) => moves.map(move => textOf(game, move)).join(' ');
  const seen: readonly [string[], string[]] = [[], []];
  /** Where in `seen` the moves of chance began that came last. */
  let dealt = 0;
  let state = game.start;
  for (const [ply, step] of steps.entries()) {
    const [player, action, actions] = step;
    const at = (what: string) => `step ${ply + 1}: ${what} in\n${game.show(state)}`;
    const outcome = game.outcome(state);
    if (outcome) return at(`the game goes on there, but is over here (${outcome.how})`);
    const mover = game.turn(state);
    const theirs: Mover = player === -1 ? 'chance' : player === 0 ? 0 : 1;
    if (mover !== theirs) return at(`${theirs} is to move there, ${mover} here`);
    const there = expanded(actions)
      .map(legal => moveOf(state, mover, legal))
      .sort((a, b) => a - b);
    const here = game.moves(state);
    const only = there.filter(move => !here.includes(move));
    const missing = here.filter(move => !there.includes(move));
    if (only.length > 0) return at(`legal there and not here: ${texts(only)}`);
    if (missing.length > 0) return at(`legal here and not there: ${texts(missing)}`);
    const told = step.at(-1);
    if (game.hides && mover !== 'chance' && typeof told === 'string') {
      const ours = `${mover} ${seen[mover].join(' ')}`;
      for (const [from, to] of [
        [`there ${told}`, ours],
        [`here ${ours}`, told],
      ] as const) {
        if ((known.get(from) ?? to) !== to) return at(`seat ${mover} does not know the same: '${told}', '${ours}'`);
        known.set(from, to);
      }
    }
    const move = moveOf(state, mover, action);
    for (const seat of [0, 1] as const) {
      seen[seat].push(game.hides?.(state, move, seat) ? '?' : game.formatMove(move));
      // In which order cards or dice came tells nothing: OpenSpiel sorts them.
      seen[seat].push(...seen[seat].splice(dealt).sort());
    }
    if (mover !== 'chance') dealt = ply + 1;
    state = game.play(state, move);
  }
  const outcome = game.outcome(state);
  if (!outcome) return `after step ${steps.length}: the game is over there, but goes on here in\n${game.show(state)}`;
  const ours = openSpiel!.returns?.(outcome) ?? [resultFor(0, outcome), resultFor(1, outcome)];
  if (ours[0] === returns[0] && ours[1] === returns[1]) return undefined;
  return `the end: returns are ${returns.join(' and ')} there, ${ours.join(' and ')} here (${outcome.how}) in\n${game.show(state)}`;
}

const textOf = (game: Game, move: Move): string =>
  move >= 0 && move < game.moveCount + (game.chanceCount ?? 0) ? game.formatMove(move) : `number ${move}`;

const expanded = (actions: Actions): readonly number[] =>
  actions.flatMap(item =>
    typeof item === 'number' ? [item] : Array.from({ length: item[1] - item[0] + 1 }, (_, i) => item[0] + i),
  );
