/** Games written for boardgame.io before 0.50, whose functions take (G, ctx, …) instead of one object with all. */

import type { Game as BoardgameIoGame } from 'boardgame.io';

type Function = (...args: readonly unknown[]) => unknown;
type Tree = Readonly<Record<string, unknown>>;

interface Context {
  readonly G: unknown;
  readonly ctx: object;
  readonly playerID?: unknown;
}

/** Functions of a game that boardgame.io calls, wherever they stand in it. */
const HOOKS: ReadonlySet<string> = new Set([
  ...['setup', 'endIf', 'onEnd', 'onBegin', 'onMove', 'next', 'first', 'playOrder', 'playerView', 'move'],
  ...['undoable', 'redact', 'impl'],
]);

/** Parts of a game that hold such functions. */
const PARTS: ReadonlySet<string> = new Set(['turn', 'order']);

/** Parts that hold such functions, or parts, under names of the game's own. */
const NAMED: ReadonlySet<string> = new Set(['moves', 'phases', 'stages']);

/** What boardgame.io's functions are handed since 0.50, in one object. */
const SINCE_050: ReadonlySet<string> = new Set(['G', 'ctx', 'playerID', 'events', 'random', 'log']);

/**
 * The game as boardgame.io has taken it since 0.50; itself where it is written
 * so. Which it is, the names of its functions' parameters tell.
 */
export function modernised(game: BoardgameIoGame): BoardgameIoGame {
  let isOld = false;
  translated(game as unknown as Tree, (_, work) => {
    const [first = '', second = ''] = parametersOf(work);
    isOld ||= /^_?G\d*$/.test(first) || isCtx(first) || (isCtx(second) && !isModern(work));
    return work;
  });
  if (!isOld) return game;
  return translated(game as unknown as Tree, (name, work) =>
    isModern(work) && name !== 'setup' ? work : renewed(name, work),
  ) as unknown as BoardgameIoGame;
}

/** Whether a function takes the one object of 0.50 apart, and not a G of old, with a 'log' of its own, before ctx. */
export function isModern(work: Function): boolean {
  const names = takenApart(work);
  if (names.includes('G') || names.includes('ctx')) return true;
  return !isCtx(parametersOf(work)[1]) && names.some(name => SINCE_050.has(name));
}

// Bundlers number names that occur twice.
const isCtx = (name = ''): boolean => /^_?ctx\d*$/.test(name);

/** A copy of a game in which every function that boardgame.io calls is exchanged. */
function translated(part: Tree, exchange: (name: string, work: Function) => Function, isNamed = false): Tree {
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      // The function of a move in long form was called 'impl' once.
      const key = name === 'impl' && !isNamed ? 'move' : name;
      if (typeof value === 'function')
        return [key, isNamed || HOOKS.has(name) ? exchange(name, value as Function) : value];
      if (typeof value !== 'object' || value === null) return [name, value];
      if (isNamed || PARTS.has(name) || NAMED.has(name))
        return [name, translated(value as Tree, exchange, NAMED.has(name))];
      return [name, value];
    }),
  );
}

function renewed(name: string, work: Function): Function {
  // The random numbers, events and plugins were parts of ctx.
  const oldCtx = ({ G: _, ctx, ...others }: Context) => ({ ...ctx, ...others });
  if (name === 'setup') {
    return (context, ...args) => work({ ...oldCtx(context as Context), ctx: (context as Context).ctx }, ...args);
  }
  if (name === 'playerView') {
    return context => work((context as Context).G, (context as Context).ctx, (context as Context).playerID);
  }
  return (context, ...args) => work((context as Context).G, oldCtx(context as Context), ...args);
}

/** The names of a function's first two parameters, '{' for an object taken apart. */
function parametersOf(work: Function): readonly string[] {
  const text = String(work);
  const bare = /^(?:async\s+)?([\w$]+)\s*=>/.exec(text);
  if (bare) return [bare[1]!];
  const brace = firstBrace(text);
  const rest = brace === undefined ? text : `({${text.slice(endOf(text, brace))}`;
  return /^[^(]*\(\s*([\w$]+|\{)?\s*(?:=[^,)]*)?(?:,\s*([\w$]+|\{))?/.exec(rest)?.slice(1) ?? [];
}

/** The names that a first parameter is taken apart into; none where it is not. */
function takenApart(work: Function): readonly string[] {
  const text = String(work);
  const begin = firstBrace(text);
  if (begin === undefined) return [];
  let depth = 0;
  let names = '';
  for (const sign of text.slice(begin, endOf(text, begin) - 1)) {
    if ('{[('.includes(sign)) depth++;
    if (depth === 0) names += sign;
    if ('}])'.includes(sign)) depth--;
  }
  return names.split(',').map(name => /[\w$]+/.exec(name)?.[0] ?? '');
}

/** Where the inside of the braces begins that a first parameter is taken apart in. */
const firstBrace = (text: string): number | undefined =>
  /^(?:async\s+)?(?:function\b)?\s*\*?\s*[\w$]*\s*\(\s*\{/.exec(text)?.[0].length;

/** Where the braces end whose inside begins at `begin`. */
function endOf(text: string, begin: number): number {
  let at = begin;
  for (let depth = 1; depth > 0 && at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}') depth--;
  }
  return at;
}
