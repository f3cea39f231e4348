import type { Game } from '../game.ts';
import type { Square, View } from '../view.ts';
import { fieldOf, NATURES, ORDERS, type Skirmish } from './field.ts';

export const skirmishView = (game: Game<Skirmish>): View<Skirmish> => {
  const size = game.observationShape[1];
  const field = fieldOf(size, game.facts['fog'] === true);

  return {
    squares(state, seat) {
      const sight = seat === undefined ? undefined : field.seenBy(state, seat);
      const { units, active } = sight ?? state;
      const squareAt = (square: number): Square | null => {
        const fog = sight !== undefined && !sight.seen[square];
        const patch = field.patches.indexOf(square);
        if (patch >= 0 && state.ore[patch]! > 0) {
          return { seat: null, sign: `${state.ore[patch]}`, label: `ore, ${state.ore[patch]} left`, ground: 'good' };
        }
        const place = units.findIndex(unit => unit.square === square);
        if (place < 0) return fog ? { seat: null, ground: 'fog', label: 'fog' } : null;
        const unit = units[place]!;
        const { letter, hits } = NATURES[unit.kind];
        const label = [
          `${unit.kind}, ${unit.hits} of ${hits} hits`,
          ...(unit.carries ? ['carries ore'] : []),
          ...(unit.trains === null ? [] : [ORDERS[unit.trains]!.text]),
          ...(unit.rest > 0 ? [`takes no order for ${unit.rest} more`] : []),
          ...(fog ? ['seen before'] : []),
        ].join(', ');
        return {
          seat: unit.seat,
          sign: letter,
          label,
          ...(fog ? { ground: 'fog' as const } : {}),
          ...(place === active ? { active: true } : {}),
        };
      };
      return Array.from({ length: size }, (_, row) =>
        Array.from({ length: size }, (_, column) => squareAt(row * size + column)),
      );
    },

    // A click is on the square that an order is about. Where several are about it, only going there, not building, and no training.
    movesAt(state, [clicked]) {
      const legal = game.moves(state);
      if (clicked === undefined) return legal;
      const unit = state.units[state.active];
      if (!unit) return [];
      const about = legal.filter(move => {
        const { act } = ORDERS[move]!;
        if (act === 'wait' || act === 'build') return false;
        const square = act === 'return' ? field.bases[unit.seat] : field.target(unit.square, ORDERS[move]!);
        return square === clicked;
      });
      return about.length === 1 ? about : [];
    },

    edges: {
      columns: Array.from({ length: size }, (_, column) => field.name(column).charAt(0)),
      rows: Array.from({ length: size }, (_, row) => `${size - row}`),
    },

    keys: {
      ArrowUp: 'move-n',
      ArrowRight: 'move-e',
      ArrowDown: 'move-s',
      ArrowLeft: 'move-w',
      '.': 'wait',
    },
  };
};
