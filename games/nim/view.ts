import type { Game } from '../game.ts';
import type { View } from '../view.ts';
import type { Nim } from './rules.ts';

/** A row for each pile: a click on a counter takes it and all to the right of it. */
export function nimView(game: Game<Nim>): View<Nim> {
  const { piles } = game.start;
  const width = Math.max(...piles);
  return {
    squares: state =>
      state.piles.map((size, pile) =>
        Array.from({ length: width }, (_, place) => {
          if (place >= piles[pile]!) return { seat: null, ground: 'void', label: 'nothing' };
          return place < size ? { seat: null, sign: '●', label: 'a counter' } : null;
        }),
      ),
    movesAt: (state, [clicked]) =>
      game.moves(state).filter(move => {
        if (clicked === undefined) return true;
        const pile = Math.floor(clicked / width);
        const taken = state.piles[pile]! - (clicked % width);
        return move === (taken - 1) * piles.length + pile;
      }),
    edges: { columns: [], rows: piles.map((_, pile) => String(pile + 1)) },
  };
}
