import type { Game, Seat } from '../game.ts';
import type { View } from '../view.ts';
import type { Pig } from './rules.ts';

/** A row for each seat: its stone, what it has held, and what it gains in this turn. */
export const pigView = (game: Game<Pig>): View<Pig> => ({
  squares: state =>
    ([0, 1] as const).map((seat: Seat) => {
      const isTurn = state.seat === seat && !game.outcome(state);
      return [
        { seat, sign: String(state.scores[seat]), label: `${state.scores[seat]} points held`, ground: 'held' },
        isTurn
          ? {
              seat: null,
              sign: state.rolling ? '?' : `+${state.gained}`,
              ...(state.rolling ? { picture: 'die' as const } : {}),
              label: state.rolling ? 'the die is rolling' : `${state.gained} gained in this turn`,
              ground: 'good',
            }
          : { seat: null, ground: 'void', label: 'not their turn' },
      ];
    }),
  movesAt: (state, clicks) => (clicks.length === 0 ? game.moves(state) : []),
  chance: 'rolled',
  caption: () => `${game.facts['target']} points held win.`,
  keys: { r: ['roll'], h: ['hold'] },
});
