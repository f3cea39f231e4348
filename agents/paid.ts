/** A game whose learner is paid for something else than the referee's result: what a wrong reward looks like. */

import type { Game, Move, Outcome, Seat } from '../games/game.ts';

/** A move that pays whoever makes it, whatever becomes of the game. */
export interface Bonus {
  readonly move: Move;
  /** In the worth of a won game: 1 pays as much as winning does. */
  readonly pays: number;
}

interface Paid {
  readonly state: unknown;
  /** How often each seat made the move that pays. */
  readonly made: readonly [number, number];
}

/** What a seat is paid for a game: the referee's -1, 0 or 1, and its bonuses. */
export const payOf = (result: number, made: number, { pays }: Bonus): number => result + pays * made;

/**
 * `game` as somebody learns it who is paid so: the same moves, but "won" by the
 * seat that was paid more. Throws for a game that hides something.
 */
export function paidGame(game: Game, bonus: Bonus): Game {
  if (game.hides) throw new Error(`${game.name} hides something; the bonus would tell of it`);
  const inner = (paid: unknown) => (paid as Paid).state;
  const outcome = (paid: unknown): Outcome | undefined => {
    const { state, made } = paid as Paid;
    const real = game.outcome(state);
    if (!real) return undefined;
    const result = real.kind === 'draw' ? 0 : real.winner === 0 ? 1 : -1;
    const margin = payOf(result, made[0], bonus) - payOf(-result, made[1], bonus);
    return margin === 0
      ? { kind: 'draw', how: 'paid alike' }
      : { kind: 'win', winner: margin > 0 ? 0 : 1, how: 'paid more' };
  };
  return {
    ...withoutShortcuts(game),
    symmetries: game.symmetries.filter(({ moves }) => moves[bonus.move] === bonus.move),
    start: { state: game.start, made: [0, 0] } satisfies Paid,
    turn: paid => game.turn(inner(paid)),
    moves: paid => game.moves(inner(paid)),
    ...(game.chances && { chances: (paid: unknown) => game.chances!(inner(paid)) }),
    play(paid, move) {
      const { state, made } = paid as Paid;
      const seat = game.turn(state);
      const paidNow = move === bonus.move && seat !== 'chance';
      const after = paidNow ? (made.map((count, i) => count + (i === seat ? 1 : 0)) as [number, number]) : made;
      return { state: game.play(state, move), made: after } satisfies Paid;
    },
    outcome,
    explain: (paid, move) => game.explain(inner(paid), move),
    show: (paid, seat?: Seat) => game.show(inner(paid), seat),
    observe: paid => game.observe(inner(paid)),
  };
}

/** Without what knows only the game's own states, or would play it for its own result. */
function withoutShortcuts({
  playout: _playout,
  solver: _solver,
  endSearch: _endSearch,
  winsAtOnce: _winsAtOnce,
  observeInto: _observeInto,
  key: _key,
  scripts: _scripts,
  ...rules
}: Game) {
  return rules;
}
