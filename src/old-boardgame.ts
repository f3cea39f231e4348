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
  ...['undoable', 'redact'],
]);

/** Parts of a game that hold such functions. */
const PARTS: ReadonlySet<string> = new Set(['turn', 'order']);

/** Parts that hold such functions, or parts, under names of the game's own. */
const NAMED: ReadonlySet<string> = new Set(['moves', 'phases', 'stages']);

/**
 * The game as boardgame.io has taken it since 0.50; itself where it is written
 * so. Which it is, the names of its functions' parameters tell.
 */
export function modernised(game: BoardgameIoGame): BoardgameIoGame {
  let isOld = false;
  translated(game as unknown as Tree, (_, work) => {
    isOld ||= /^(_?G|_?ctx)$/.test(parametersOf(work)[0] ?? '') || /^_?ctx$/.test(parametersOf(work)[1] ?? '');
    return work;
  });
  if (!isOld) return game;
  return translated(game as unknown as Tree, (name, work) =>
    parametersOf(work)[0]?.startsWith('{') ? work : renewed(name, work),
  ) as unknown as BoardgameIoGame;
}

/** A copy of a game in which every function that boardgame.io calls is exchanged. */
function translated(part: Tree, exchange: (name: string, work: Function) => Function, isNamed = false): Tree {
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      if (typeof value === 'function')
        return [name, isNamed || HOOKS.has(name) ? exchange(name, value as Function) : value];
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
  if (name === 'setup') return (context, ...args) => work(oldCtx(context as Context), ...args);
  if (name === 'playerView') {
    return context => work((context as Context).G, (context as Context).ctx, (context as Context).playerID);
  }
  return (context, ...args) => work((context as Context).G, oldCtx(context as Context), ...args);
}

/** The names of a function's first two parameters, '{' for an object taken apart. */
function parametersOf(work: Function): readonly string[] {
  const text = /^(?:async\s+)?(?:function\b)?\s*\*?\s*[\w$]*\s*\(\s*([\w$]+|\{)\s*(?:,\s*([\w$]+|\{))?/.exec(
    String(work),
  );
  const bare = /^(?:async\s+)?([\w$]+)\s*=>/.exec(String(work));
  return bare ? [bare[1]!] : [text?.[1] ?? '', text?.[2] ?? ''];
}
