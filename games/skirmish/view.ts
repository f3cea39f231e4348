import { type Game, opponent } from '../game.ts';
import type { Square, View } from '../view.ts';
import { fieldOf, NATURES, ORDERS, type Skirmish } from './field.ts';

/** The directions, and the keys for acting and for making something there. */
const SIDES = [
  ['n', 'ArrowUp', 'w'],
  ['e', 'ArrowRight', 'd'],
  ['s', 'ArrowDown', 's'],
  ['w', 'ArrowLeft', 'a'],
] as const;

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
          ...(unit.carries || unit.hits < hits ? { corner: `${unit.hits}${unit.carries ? '◆' : ''}` } : {}),
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

    caption(state, seat) {
      const tick = `Tick ${Math.min(state.tick + 1, Number(game.facts['ticks']))} of ${game.facts['ticks']}`;
      if (seat === undefined) return `${tick}. Ore in stock: ${state.stock.join(' and ')}.`;
      const { left, scores, units, active } = field.seenBy(state, seat);
      const unit = units[active];
      const asked = unit ? ` Order for the ${unit.kind} on ${field.name(unit.square)}.` : '';
      return `${tick}. Ore in stock: ${left}. Score: ${scores[seat]}, theirs ${scores[opponent(seat)]}.${asked}`;
    },

    // Arrows for what a unit does on that side, W A S D for what is made there; l, h and r for a soldier on any side.
    keys: {
      ...Object.fromEntries(
        SIDES.map(([side, arrow]) => [arrow, ['attack', 'harvest', 'move'].map(act => `${act}-${side}`)]),
      ),
      ...Object.fromEntries(
        SIDES.map(([side, , key]) => [key, ['build', 'train-worker', 'train-light'].map(act => `${act}-${side}`)]),
      ),
      ...Object.fromEntries(
        (['light', 'heavy', 'ranged'] as const).map(kind => [
          kind.charAt(0),
          SIDES.map(([side]) => `train-${kind}-${side}`),
        ]),
      ),
      c: ['return'],
      '.': ['wait'],
    },
  };
};
