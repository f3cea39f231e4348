/** Following games that OpenSpiel recorded through our own rules, step by step. */

import { z } from 'zod';
import type { Family } from '../games/family.ts';
import { gameFor, gameOf } from '../games/family.ts';
import { type Game, type Move, type Mover, resultFor } from '../games/game.ts';
import { formatValues, usualValues, type Values } from '../games/settings.ts';
import { InputError } from './errors.ts';

/** No game of OpenSpiel's that is played here numbers more moves. */
const MOST_ACTIONS = 100_000;

const Action = z.int().min(0).max(MOST_ACTIONS);

/** In ascending order, runs of three or more as [first, last]. */
const Actions = z.array(z.union([Action, z.tuple([Action, Action])]));

/** Player (-1 is chance), action, legal actions; where information is hidden, last what the player knows. */
const Step = z.tuple([z.literal([-1, 0, 1]), Action, Actions]).rest(z.unknown());

const Recorded = z.object({
  id: z.union([z.number(), z.string()]),
  steps: z.array(Step),
  returns: z.tuple([z.number(), z.number()]),
});

type Recorded = z.infer<typeof Recorded>;

const Header = z.object({ game: z.string(), params: z.record(z.string(), z.unknown()) });

type Header = z.infer<typeof Header>;

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
 * no recording of this family's game, and for one that was made with other
 * values than those of `asked`.
 */
export function follow(family: Family, text: string, asked: Partial<Values> = {}): Followed {
  const { openSpiel } = family;
  if (!openSpiel) throw new InputError(`${family.name} is not a game that OpenSpiel plays`);
  const [first = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\n');
  const header = parsed(Header, first, 1);
  const named = /^\w+/.exec(header.game)?.[0];
  if (named !== openSpiel.name) {
    throw new InputError(`line 1: this is a recording of '${named ?? header.game}', not of '${openSpiel.name}'`);
  }
  const game = gameIn(family, header);
  const other = Object.entries(asked).find(([key, value]) => game.facts[key] !== value);
  if (other) throw new InputError(`line 1: this is a recording of ${game.name}, in which ${other[0]} is another`);
  if (lines.length === 0) throw new InputError('the recording ends after its header: it holds no playout');
  const known = new Map<string, string>();
  let steps = 0;
  for (const [i, line] of lines.entries()) {
    const playout = parsed(Recorded, line, i + 2);
    const found = differenceIn(game, family, playout, header.params, known);
    steps += playout.steps.length;
    if (found !== undefined) {
      const difference = `line ${i + 2}, playout ${playout.id}, ${found}`;
      return { game, playouts: i + 1, steps, difference };
    }
  }
  return { game, playouts: lines.length, steps, difference: undefined };
}

/** The game that a recording's parameters mean, which have to lie in our ranges. */
function gameIn(family: Family, { params }: Header): Game {
  const { parameters, openSpiel } = family;
  try {
    const values = { ...usualValues(parameters), ...openSpiel?.values?.(params) } as Values;
    const text = formatValues(parameters, values);
    return text === '' ? gameOf(family) : gameFor(family, text);
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`line 1: parameters ${JSON.stringify(params)}: ${error.message}`);
    throw error;
  }
}

function parsed<Shape extends z.ZodType>(shape: Shape, line: string, number: number): z.output<Shape> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new InputError(`line ${number}: this is not JSON`);
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new InputError(`line ${number}: ${[...path, message].join(': ')}`);
}

function differenceIn(
  game: Game,
  { openSpiel }: Family,
  { steps, returns }: Recorded,
  params: Header['params'],
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
    const move = moveOf(state, mover, action);
    if (!there.includes(move)) return at(`action ${action} is made there, which is not legal`);
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
  const ours = openSpiel!.returns?.(outcome, params) ?? [resultFor(0, outcome), resultFor(1, outcome)];
  if (ours[0] === returns[0] && ours[1] === returns[1]) return undefined;
  return `the end: returns are ${returns.join(' and ')} there, ${ours.join(' and ')} here (${outcome.how}) in\n${game.show(state)}`;
}

const textOf = (game: Game, move: Move): string =>
  move >= 0 && move < game.moveCount + (game.chanceCount ?? 0) ? game.formatMove(move) : `number ${move}`;

const expanded = (actions: z.infer<typeof Actions>): readonly number[] =>
  actions.flatMap(item =>
    typeof item === 'number'
      ? [item]
      : Array.from({ length: Math.max(0, item[1] - item[0] + 1) }, (_, i) => item[0] + i),
  );
