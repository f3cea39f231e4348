/**
 * boardgame.io's flow of turns for games without phases and plugins, while nobody is in a stage, many
 * times faster than its reducer: nothing is drafted, frozen, logged or kept for
 * undoing. Whatever goes beyond it is left to the reducer, and whoever uses it
 * compares the two on games of its own (`src/from-boardgame.ts` does).
 */

import type { Game as BoardgameIoGame, Ctx, MoveFn, PlayerID } from 'boardgame.io';
import { INVALID_MOVE, TurnOrder } from '#bgio/core';

export interface Position {
  readonly G: unknown;
  readonly ctx: Ctx;
}

/** The position after a move; 'refused' by the game; 'unknown' where only the reducer can tell. */
export type LeanFlow = (
  position: Position,
  move: string,
  args: readonly unknown[],
  playerID: PlayerID,
) => Position | 'refused' | 'unknown';

/** What every function of a game is called with: the moves with their arguments behind it. */
type Hook = (context: never, ...args: readonly unknown[]) => unknown;

interface Event {
  readonly type: 'endTurn' | 'endGame';
  readonly arg: unknown;
  readonly turn: number;
}

/** Thrown to leave a move to the reducer. */
const UNKNOWN = new Error('unknown to the lean flow');

const unknown = (): never => {
  throw UNKNOWN;
};

const DICE = ['D4', 'D6', 'D8', 'D10', 'D12', 'D20', 'Die', 'Number', 'Shuffle'];
const NO_DICE = Object.fromEntries(DICE.map(die => [die, unknown]));
const LOG = { setMetadata: () => {} };
const OTHER_EVENTS = { endStage: unknown, setStage: unknown, endPhase: unknown, setPhase: unknown, pass: unknown };
const OUTSIDE_HOOKS = { ...OTHER_EVENTS, setActivePlayers: unknown, endTurn: unknown, endGame: unknown };

/** Undefined for a game that has phases or plugins, or begins in stages. */
export function leanFlow(game: BoardgameIoGame): LeanFlow | undefined {
  const { moves = {}, phases, plugins = [] } = game;
  const turn = game.turn ?? {};
  if (Object.keys(phases ?? {}).length > 0 || plugins.length > 0 || turn.activePlayers) return undefined;
  const limit = turn.moveLimit || undefined;
  const minMoves = limit ?? turn.minMoves ?? 0;
  const maxMoves = limit ?? (turn.maxMoves || Number.POSITIVE_INFINITY);
  const order = turn.order ?? TurnOrder.DEFAULT;

  return ({ G: before, ctx: then }, name, args, playerID) => {
    const found = Object.hasOwn(moves, name) ? moves[name]! : undefined;
    if (!found || then.activePlayers || then.currentPlayer !== playerID) return 'unknown';
    let G: unknown = copied(before);
    let ctx = then;
    let isOver = false;
    const queue: Event[] = [];
    const ask = (event: Event['type']) => (arg?: unknown) => void queue.push({ type: event, arg, turn: ctx.turn });
    const events = {
      ...OTHER_EVENTS,
      setActivePlayers: unknown,
      endTurn: ask('endTurn'),
      endGame: ask('endGame'),
    };

    const run = (hook: Hook | undefined, player?: PlayerID, said: readonly unknown[] = []): void => {
      if (!hook) return;
      const told = hook({ G, ctx, playerID: player, events, random: NO_DICE, log: LOG } as never, ...said);
      if (told !== undefined) G = told;
    };
    const asked = (trigger: Hook | undefined): unknown =>
      trigger?.({ G, ctx, events: OUTSIDE_HOOKS, random: NO_DICE, log: LOG } as never);
    const end = (gameover: unknown): void => {
      isOver = true;
      ctx = { ...ctx, gameover: gameover === undefined ? true : gameover };
      run(game.onEnd as Hook);
    };
    const isEnded = (): boolean => {
      const told = asked(game.endIf as Hook);
      if (told) end(told);
      return isOver;
    };
    const endTurn = (): void => {
      if ((ctx.numMoves ?? 0) < minMoves) return;
      if (turn.onEnd) {
        const waiting = queue.length;
        run(turn.onEnd as Hook);
        if (queue.length > waiting) unknown();
        if (isEnded()) return;
      }
      const next = asked(order.next as Hook);
      if (typeof next !== 'number') unknown();
      ctx = {
        ...ctx,
        activePlayers: null,
        playOrderPos: next as number,
        currentPlayer: `${ctx.playOrder[next as number]}`,
      };
      if (isEnded()) return;
      ctx = { ...ctx, turn: ctx.turn + 1, numMoves: 0 };
      (ctx as { _prevActivePlayers?: unknown })._prevActivePlayers = [];
      run(turn.onBegin as Hook);
      isEnded();
    };

    try {
      const move = (typeof found === 'function' ? found : found.move) as MoveFn;
      run(move as Hook, playerID, args.map(copied));
      if (G === INVALID_MOVE) return 'refused';
      const isCounted = typeof found === 'function' || found.noLimit !== true;
      if (isCounted) ctx = { ...ctx, numMoves: (ctx.numMoves ?? 0) + 1 };
      run(turn.onMove as Hook, playerID);
      if (!isEnded()) {
        const told = (ctx.numMoves ?? 0) >= maxMoves || asked(turn.endIf as Hook);
        if (told && told !== true) unknown();
        if (told) endTurn();
      }
      for (let i = 0; i < queue.length && !isOver; i++) {
        const { type, arg, turn: asked } = queue[i]!;
        if (ctx.turn - then.turn > ctx.numPlayers) unknown();
        if (type === 'endGame') end(arg);
        else if (asked === ctx.turn) {
          if (arg) unknown();
          endTurn();
        }
      }
      return { G, ctx };
    } catch (error) {
      if (error === UNKNOWN) return 'unknown';
      throw error;
    }
  };
}

/** A copy of plain JSON. */
export function copied<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const copy = new Array(value.length);
    for (let i = 0; i < value.length; i++) copy[i] = copied(value[i]);
    return copy as Value;
  }
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = copied(value[key]);
  return copy as Value;
}
