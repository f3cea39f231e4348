/**
 * Kalah: sow stones around the board into one's own store.
 *
 * Cells are numbered the way stones go around, for six pits: 0 is seat 1's
 * store, 1–6 are seat 0's pits 'a' to 'f', 7 is its store, and 8–13 are seat 1's
 * pits 'g' to 'l'. A move is the cell that is emptied; the numbers of the stores
 * are never legal.
 */

import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat } from '../game.ts';

const MOST_PITS = 9;
const NAMES = 'abcdefghijklmnopqr';

export interface Kalah {
  /** How many stones are in each cell. When the game is over all of them are in the stores. */
  readonly stones: readonly number[];
  readonly turn: Seat;
}

const parameters = {
  pits: { kind: 'number', about: 'pits of each player', least: 2, most: MOST_PITS, usual: 6 },
  stones: { kind: 'number', about: 'stones in each pit at the start', least: 1, most: 9, usual: 4 },
  capture: { kind: 'flag', about: 'a last stone in an empty pit captures', usual: true },
  empty: { kind: 'flag', about: 'a last stone captures itself even with nothing opposite', usual: false },
  misere: { kind: 'flag', about: 'whoever has fewer stones wins', usual: false },
} as const;

/** For each set of pits, how many there are, and from index MOST_PITS × set on each of them in ascending order. */
const COUNT = new Uint8Array(1 << MOST_PITS);
const MEMBERS = new Uint8Array(MOST_PITS << MOST_PITS);
for (let set = 0; set < 1 << MOST_PITS; set++) {
  for (let pit = 0; pit < MOST_PITS; pit++) {
    if (set & (1 << pit)) MEMBERS[MOST_PITS * set + COUNT[set]!++] = pit;
  }
}

/** Where random play happens: the pits of each seat, a byte each, four of them in a word. There are never more than 162 stones. */
const WORDS = 3;
const ROWS = [new Int32Array(WORDS), new Int32Array(WORDS)] as const;

export const kalah: Family<Kalah, typeof parameters> = {
  name: 'kalah',
  kind: 'board',
  parameters,
  variants: [
    { values: { pits: 4, stones: 3 }, about: 'four pits of three stones for each player' },
    { values: { capture: false }, about: 'nothing is captured' },
    { values: { empty: true }, about: 'a last stone in an empty pit is stored even with nothing opposite' },
    { values: { misere: true }, about: 'whoever has fewer stones wins' },
  ],
  openSpiel: { name: 'mancala' },

  rules({ pits, stones, capture, empty, misere }) {
    if (empty && !capture) throw new RangeError('empty=yes is a way to capture: it needs capture=yes');
    const cells = 2 * pits + 2;
    const storeOf = (seat: Seat): number => (seat === 0 ? pits + 1 : 0);
    const firstOf = (seat: Seat): number => (seat === 0 ? 1 : pits + 2);
    const owns = (seat: Seat, cell: number): boolean => cell >= firstOf(seat) && cell < firstOf(seat) + pits;
    const nameOf = (cell: number): string =>
      cell === 0 ? 'store-o' : cell === pits + 1 ? 'store-x' : NAMES.charAt(cell <= pits ? cell - 1 : cell - 2);
    const names = Array.from({ length: cells }, (_, cell) => nameOf(cell));
    const moveOf = new Map(names.map((name, cell) => [name, cell]));
    const ids = { capture: 'R7', end: capture ? 'R8' : 'R7', win: capture ? 'R9' : 'R8', draw: capture ? 'R10' : 'R9' };

    const full = (1 << pits) - 1;
    const total = 2 * pits * stones;
    const sowing = sowingFor(pits, total);
    /** By cell and by how many stones there are: in how many ways they may lie in this cell and those after it. */
    const waysFrom = Array.from({ length: cells - 1 }, (_, cell) =>
      Float64Array.from({ length: total + 1 }, (_, left) => waysToLie(left, cells - cell)),
    );
    /** By the stones of seat 0. */
    const outcomes = Array.from({ length: total + 1 }, (_, x): Outcome => {
      const scores = [x, total - x] as const;
      if (scores[0] === scores[1]) return { kind: 'draw', how: 'as many stones each', scores };
      const winner = scores[0] > scores[1] === misere ? 1 : 0;
      return { kind: 'win', winner, how: misere ? 'fewer stones' : 'more stones', scores };
    });

    function inPits(all: readonly number[], seat: Seat): number {
      let sum = 0;
      for (let cell = firstOf(seat); cell < firstOf(seat) + pits; cell++) sum += all[cell]!;
      return sum;
    }

    /** Whether a last stone that fell into this cell captures, and what lies there after the sowing. */
    function captures(all: readonly number[], seat: Seat, last: number): boolean {
      if (!capture || !owns(seat, last) || all[last] !== 1) return false;
      return empty || all[cells - last]! > 0;
    }

    /** The stones after those of a cell were sown, before any capture, and where the last one fell. */
    function sown({ stones: before, turn }: Kalah, cell: number): { readonly all: number[]; readonly last: number } {
      const all = before.slice();
      const skipped = storeOf(opponent(turn));
      let last = cell;
      all[cell] = 0;
      for (let left = before[cell]!; left > 0; left--) {
        do last = last === cells - 1 ? 0 : last + 1;
        while (last === skipped);
        all[last]!++;
      }
      return { all, last };
    }

    const rules: Rules<Kalah> = {
      small: pits <= 4 && stones <= 3,
      title: [
        'Kalah',
        ...(pits === parameters.pits.usual ? [] : [`${pits} pits`]),
        ...(stones === parameters.stones.usual ? [] : [stones === 1 ? '1 stone' : `${stones} stones`]),
        ...(capture ? [] : ['no captures']),
        ...(empty ? ['empty captures'] : []),
        ...(misere ? ['misère'] : []),
      ].join(', '),
      facts: {
        oneStone: stones === 1 ? 'one stone' : `${stones} stones`,
        total,
        half: total / 2,
        lap: 2 * pits + 1,
        lastOfX: NAMES.charAt(pits - 1),
        firstOfO: NAMES.charAt(pits),
        lastOfO: NAMES.charAt(2 * pits - 1),
        fourSteps: pits === 6 && stones === 4,
        endRule: ids.end,
        winRule: ids.win,
        drawRule: ids.draw,
      },
      moveCount: cells,
      observationShape: [4, 2, pits],
      symmetries: [],
      openingPlies: pits <= 3 || stones === 1 ? 1 : 4,
      start: {
        stones: Array.from({ length: cells }, (_, cell) => (owns(0, cell) || owns(1, cell) ? stones : 0)),
        turn: 0,
      },

      turn: state => state.turn,

      moves({ stones, turn }) {
        const moves: number[] = [];
        const first = firstOf(turn);
        for (let cell = first; cell < first + pits; cell++) if (stones[cell]! > 0) moves.push(cell);
        return moves;
      },

      play(state, cell) {
        const { turn } = state;
        const { all, last } = sown(state, cell);
        const store = storeOf(turn);
        if (captures(all, turn, last)) {
          all[store]! += 1 + all[cells - last]!;
          all[last] = 0;
          all[cells - last] = 0;
        }
        if (inPits(all, 0) === 0 || inPits(all, 1) === 0) {
          for (const seat of [0, 1] as const) {
            all[storeOf(seat)]! += inPits(all, seat);
            all.fill(0, firstOf(seat), firstOf(seat) + pits);
          }
        }
        return { stones: all, turn: last === store ? turn : opponent(turn) };
      },

      outcome({ stones }) {
        const x = stones[pits + 1]!;
        return x + stones[0]! === total ? outcomes[x] : undefined;
      },

      explain(state, cell) {
        const { stones, turn } = state;
        if (owns(opponent(turn), cell)) return ['R2'];
        if (!owns(turn, cell)) return ['R3'];
        if (stones[cell] === 0) return ['R4'];
        const { all, last } = sown(state, cell);
        const outcome = rules.outcome(rules.play(state, cell));
        return [
          'R1',
          'R2',
          'R5',
          ...(last === storeOf(turn) ? ['R6'] : []),
          ...(captures(all, turn, last) ? [ids.capture] : []),
          ...(outcome ? [ids.end, outcome.kind === 'draw' ? ids.draw : ids.win] : []),
        ];
      },

      playout(state, random) {
        const over = rules.outcome(state);
        if (over) return over;
        let { turn } = state;
        let own = ROWS[turn];
        let other = ROWS[opponent(turn)];
        let ownSet = fill(own, state.stones, firstOf(turn), pits);
        let otherSet = fill(other, state.stones, firstOf(opponent(turn)), pits);
        let ownStore = state.stones[storeOf(turn)]!;
        let otherStore = state.stones[storeOf(opponent(turn))]!;
        for (;;) {
          const from = MEMBERS[MOST_PITS * ownSet + Math.floor(random() * COUNT[ownSet]!)]!;
          const count = (own[from >> 2]! >>> ((from & 3) << 3)) & 0xff;
          const at = (from * (total + 1) + count) << 3;
          own[0]! += sowing[at]!;
          own[1]! += sowing[at + 1]!;
          own[2]! += sowing[at + 2]!;
          other[0]! += sowing[at + 3]!;
          other[1]! += sowing[at + 4]!;
          other[2]! += sowing[at + 5]!;
          const sets = sowing[at + 6]!;
          ownSet = (ownSet ^ (1 << from)) | (sets & full);
          otherSet |= sets >>> MOST_PITS;
          const lastAndStored = sowing[at + 7]!;
          ownStore += lastAndStored >>> 5;
          const last = lastAndStored & 31;
          if (last < pits && ((own[last >> 2]! >>> ((last & 3) << 3)) & 0xff) === 1 && capture) {
            const opposite = pits - 1 - last;
            const shift = (opposite & 3) << 3;
            const captured = (other[opposite >> 2]! >>> shift) & 0xff;
            if (captured > 0 || empty) {
              ownStore += captured + 1;
              own[last >> 2]! -= 1 << ((last & 3) << 3);
              ownSet ^= 1 << last;
              other[opposite >> 2]! -= captured << shift;
              otherSet &= ~(1 << opposite);
            }
          }
          if (ownSet === 0 || otherSet === 0) {
            if (ownSet !== 0) ownStore = total - otherStore;
            return outcomes[turn === 0 ? ownStore : total - ownStore]!;
          }
          if (last === pits) continue;
          [own, other] = [other, own];
          [ownSet, otherSet] = [otherSet, ownSet];
          [ownStore, otherStore] = [otherStore, ownStore];
          turn = opponent(turn);
        }
      },

      show({ stones, turn }) {
        const row = (texts: readonly (string | number)[]) => texts.map(text => String(text).padStart(3)).join('');
        const from = (first: number) => Array.from({ length: pits }, (_, i) => first + i);
        const bottom = from(1);
        const top = from(pits + 2).toReversed();
        const over = rules.outcome({ stones, turn }) !== undefined;
        return [
          `      ${row(top.map(cell => names[cell]!))}`,
          `      ${row(top.map(cell => stones[cell]!))}`,
          `o ${row([stones[0]!])} ${' '.repeat(3 * pits)} ${row([stones[pits + 1]!])} x`,
          `      ${row(bottom.map(cell => stones[cell]!))}`,
          `      ${row(bottom.map(cell => names[cell]!))}`,
          over ? 'over' : `${'xo'.charAt(turn)} to move`,
        ].join('\n');
      },

      notation: `the letter of a pit, such as ${NAMES.charAt(pits - 1)}`,

      formatMove: cell => names[cell]!,

      parseMove: text => moveOf.get(text),

      // Own pits in the first row, opposite pits below each other: how full (roots, for most hold few), whether empty; then the two stores.
      observe({ stones: all, turn }) {
        const planes = new Float32Array(8 * pits);
        for (let i = 0; i < 2 * pits; i++) {
          const count = all[i < pits ? firstOf(turn) + i : firstOf(opponent(turn)) + 2 * pits - 1 - i]!;
          planes[i] = Math.sqrt(count / total);
          planes[2 * pits + i] = count === 0 ? 1 : 0;
        }
        planes.fill(all[storeOf(turn)]! / total, 4 * pits, 6 * pits);
        planes.fill(all[storeOf(opponent(turn))]! / total, 6 * pits);
        return planes;
      },

      ...(waysToLie(total, cells) * cells < 2 ** 53 && {
        key({ stones: all, turn }) {
          // The place of this among all ways in which the stones may lie, in the order of the cells.
          let place = 0;
          for (let cell = 0, left = total; cell < cells - 1; left -= all[cell++]!) {
            place += waysFrom[cell]![left]! - waysFrom[cell]![left - all[cell]!]!;
          }
          return 2 * place + turn;
        },
      }),
    };
    return rules;
  },
};

/** In how many ways so many stones may lie in so many cells, 1 or more; exact where that times the cells is below 2^53. */
function waysToLie(stones: number, cells: number): number {
  let ways = 1;
  for (let i = 1; i < cells; i++) ways = (ways * (stones + i)) / i;
  return ways;
}

/** Puts the stones of the cells from `first` on into the bytes of a row. Returns the set of pits that hold any. */
function fill(row: Int32Array, stones: readonly number[], first: number, pits: number): number {
  let set = 0;
  row.fill(0);
  for (let pit = 0; pit < pits; pit++) {
    const count = stones[first + pit]!;
    row[pit >> 2]! |= count << ((pit & 3) << 3);
    if (count > 0) set |= 1 << pit;
  }
  return set;
}

/**
 * What sowing adds, as seen by who sows: eight numbers for each pit and count,
 * those of a pit one after the other. Three words for its own row, the pit that
 * is emptied among them, and three for the opponent's; the sets of pits that
 * get a stone; and the place of the last stone (its store is place `pits`) with,
 * above five bits, how many stones the store gets.
 */
function sowingFor(pits: number, total: number): Int32Array {
  const table = new Int32Array(2 * (WORDS + 1) * pits * (total + 1));
  for (let from = 0, at = 0; from < pits; from++) {
    for (let count = 0; count <= total; count++, at += 2 * (WORDS + 1)) {
      table[at + (from >> 2)]! -= count << ((from & 3) << 3);
      let last = from;
      let stored = 0;
      for (let left = count; left > 0; left--) {
        last = last === 2 * pits ? 0 : last + 1;
        if (last === pits) {
          stored++;
        } else {
          const pit = last < pits ? last : last - pits - 1;
          table[at + (last < pits ? 0 : WORDS) + (pit >> 2)]! += 1 << ((pit & 3) << 3);
          table[at + 2 * WORDS]! |= 1 << (last < pits ? pit : pit + MOST_PITS);
        }
      }
      table[at + 2 * WORDS + 1] = last | (stored << 5);
    }
  }
  return table;
}
