/**
 * Go by the Tromp-Taylor rules, without suicide, on 3 × 3 to 13 × 13 crossings.
 *
 * A move is a point, numbered row by row from the bottom left and written 'a1'
 * (bottom left) and up, without the letter i; the last number is the pass.
 *
 * Every operation loads its state into one board of chains and works there: see
 * `chainsOn`.
 */

import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { type Cell, observeGrid, showGrid, squareSymmetries } from '../grid.ts';
import { seededRandom } from '../random.ts';

const LETTERS = 'abcdefghjklmn';
const MOST_SIZE = LETTERS.length;

/** What is on a point: nothing, a stone of seat 0, a stone of seat 1; beyond the edge, a wall. */
const EMPTY = 0;
const WALL = 3;

export interface Go {
  /** What is on each point: 0 nothing, 1 a stone of seat 0, 2 of seat 1. */
  readonly points: readonly number[];
  readonly turn: Seat;
  /** Moves made, passes included. */
  readonly ply: number;
  /** Passes since the last stone. */
  readonly passes: number;
  /** The point that a simple ko forbids; null where there is none, and always with superko. */
  readonly ko: number | null;
  /**
   * A hash of each position that a stone led to, from the start on, the last
   * being the present one. 53 bits: that two of at most 339 positions of a game
   * have the same by chance is less likely than one in 10 to the 11.
   */
  readonly seen: readonly number[];
  /** Whether the last stone brought back a position. Ends the game; never with superko. */
  readonly repeated: boolean;
}

const parameters = {
  size: { kind: 'number', about: 'points along each side of the board', least: 3, most: MOST_SIZE, usual: 9 },
  komi: { kind: 'number', about: 'points given to the second player', least: 0, most: 99, usual: 7 },
  half: { kind: 'flag', about: 'half a point more, so that scores are never equal', usual: true },
  superko: {
    kind: 'flag',
    about: 'no position may come back; otherwise only at once, and later it is a draw',
    usual: true,
  },
  capture: { kind: 'flag', about: 'whoever captures first wins, and nobody may pass', usual: false },
} as const;

const REPEATED: Outcome = { kind: 'draw', how: 'a position came back' };
const CAPTURED = 'the first capture';
const NOWHERE = 'no point left to play';

export const go: Family<Go, typeof parameters> = {
  name: 'go',
  kind: 'board',
  parameters,
  variants: [
    { values: { size: 5, komi: 24 }, about: 'a board of 5 × 5, all of which Black needs' },
    { values: { size: 5, superko: false }, about: 'a board of 5 × 5, on which a position that comes back is a draw' },
    { values: { size: 6, komi: 4, half: false }, about: 'a board of 6 × 6, on which scores may be equal' },
    { values: { capture: true }, about: 'whoever captures first wins' },
  ],
  openSpiel: {
    name: 'go',
    values({ board_size, komi, handicap, max_game_length }) {
      const size = Number(board_size);
      const points = Number(komi);
      if (!(size >= 3 && size <= MOST_SIZE)) throw new RangeError(`board_size must be 3 to ${MOST_SIZE}`);
      if (points < 0 || !Number.isInteger(2 * points)) throw new RangeError('komi must be whole or half points');
      if (Number(handicap) > 1) throw new RangeError('handicap must be 0');
      if (Number(max_game_length) !== mostPlies(size))
        throw new RangeError(`max_game_length must be ${mostPlies(size)}`);
      return { size, komi: Math.floor(points), half: !Number.isInteger(points), superko: false };
    },
  },

  rules({ size, komi, half, superko, capture }) {
    if (capture && !(komi === parameters.komi.usual && half && superko)) {
      throw new RangeError('capture=yes counts no points and repeats no position: leave komi, half and superko out');
    }
    const count = size * size;
    const pass = count;
    const limit = mostPlies(size);
    const compensation = half ? komi + 0.5 : komi;
    const letters = LETTERS.slice(0, size);
    // Where the first capture ends the game no position can come back.
    const chains = chainsOn(size, superko && !capture);

    const isOver = (state: Go): boolean =>
      capture ? byCapture(state) !== undefined : state.repeated || state.passes === 2 || state.ply === limit;

    /** Of the game that the first capture ends. Finds the legal points. */
    function byCapture(state: Go): Outcome | undefined {
      chains.loadLegal(state);
      const winner = opponent(state.turn);
      if (stonesOn(state) < state.ply) return { kind: 'win', winner, how: CAPTURED };
      return chains.legalPoints().length === 0 ? { kind: 'win', winner, how: NOWHERE } : undefined;
    }

    function byArea([own, other]: readonly [number, number]): Outcome {
      const scores = [own, other + compensation] as const;
      if (scores[0] === scores[1]) return { kind: 'draw', how: 'as many points each', scores };
      return { kind: 'win', winner: scores[0] > scores[1] ? 0 : 1, how: 'more points', scores };
    }

    const rules: Rules<Go> = {
      title: [
        'Go',
        ...(size === parameters.size.usual ? [] : [`${size} × ${size}`]),
        ...(komi === parameters.komi.usual && half ? [] : [`komi ${compensation}`]),
        ...(superko ? [] : ['simple ko']),
        ...(capture ? ['the first capture wins'] : []),
      ].join(', '),
      facts: {
        compensation,
        limit,
        points: count,
        letters: [...letters].join(' '),
        last: letters.at(-1)!,
        roomy: size >= 5,
        tie: superko ? 11 : 12,
        skipsI: size > LETTERS.indexOf('j'),
        anyCompensation: compensation > 0,
        five: size === 5,
        greedy: compensation > 23,
      },
      moveCount: count + 1,
      observationShape: [5, size, size],
      symmetries: squareSymmetries(size).map(squares => ({ squares, moves: [...squares, pass] })),
      openingPlies: 2,
      gtp: { size, komi: compensation },
      start: {
        points: Array<number>(count).fill(EMPTY),
        turn: 0,
        ply: 0,
        passes: 0,
        ko: null,
        seen: [0],
        repeated: false,
      },

      turn: state => state.turn,

      moves(state) {
        if (isOver(state)) return [];
        chains.loadLegal(state);
        return capture ? chains.legalPoints() : [...chains.legalPoints(), pass];
      },

      play(state, move) {
        const { turn, ply, seen } = state;
        const next = { ...state, turn: opponent(turn), ply: ply + 1 };
        if (move === pass) return { ...next, passes: state.passes + 1, ko: null };
        chains.load(state);
        const ko = chains.put(move, turn);
        if (capture) return { ...next, points: chains.points() };
        const hash = chains.hash();
        return {
          ...next,
          points: chains.points(),
          passes: 0,
          ko: superko || ko === -1 ? null : ko,
          seen: [...seen, hash],
          repeated: !superko && seen.includes(hash),
        };
      },

      outcome(state) {
        if (capture) return byCapture(state);
        if (!isOver(state)) return undefined;
        if (state.repeated) return REPEATED;
        chains.load(state);
        return byArea(chains.areas());
      },

      explain(state, move) {
        chains.loadLegal(state);
        if (capture && move === pass) return ['R5'];
        if (move !== pass) {
          if (state.points[move] !== EMPTY) return ['R2'];
          if (!chains.breathes(move, state.turn)) return ['R4'];
          if (!chains.legalPoints().includes(move)) return ['R5'];
        }
        const after = rules.play(state, move);
        const captures = move !== pass && stonesOn(after) <= stonesOn(state);
        const effects = move === pass ? ['R1', 'R6'] : ['R1', 'R2', ...(captures ? ['R3'] : [])];
        const outcome = rules.outcome(after);
        if (outcome === undefined) return effects;
        if (capture) return [...effects, 'R6'];
        if (after.repeated) return [...effects, 'R11'];
        return [
          ...effects,
          after.passes === 2 ? 'R7' : 'R8',
          'R9',
          outcome.kind === 'win' ? 'R10' : superko ? 'R11' : 'R12',
        ];
      },

      playout(state, random) {
        if (isOver(state)) return rules.outcome(state)!;
        chains.load(state);
        chains.recall(state);
        let { turn, ply, passes } = state;
        if (capture) {
          for (;;) {
            const legal = chains.findLegal(turn, -1);
            if (legal === 0) return { kind: 'win', winner: opponent(turn), how: NOWHERE };
            chains.put(chains.legalPoint(Math.floor(random() * legal)), turn);
            if (chains.taken() > 0) return { kind: 'win', winner: turn, how: CAPTURED };
            turn = opponent(turn);
          }
        }
        let ko = state.ko ?? -1;
        while (passes < 2 && ply < limit) {
          const legal = chains.findLegal(turn, ko);
          const chosen = Math.floor(random() * (legal + 1));
          if (chosen === legal) {
            passes++;
            ko = -1;
          } else {
            ko = chains.put(chains.legalPoint(chosen), turn);
            passes = 0;
            if (chains.remember() && !superko) return REPEATED;
          }
          turn = opponent(turn);
          ply++;
        }
        return byArea(chains.areas());
      },

      show(state) {
        const rows = showGrid(cellsOf(state), size).split('\n').reverse();
        const number = (row: number) => String(row).padStart(size > 9 ? 2 : 1);
        return [
          ...rows.map((row, i) => `${number(size - i)} ${row}`),
          `${' '.repeat(size > 9 ? 2 : 1)} ${[...letters].join(' ')}`,
          ...(rules.outcome(state) ? [] : [`${'xo'[state.turn]} to move${state.passes > 0 ? ' after a pass' : ''}`]),
        ].join('\n');
      },

      notation: `a column (${[...letters].join(' ')}) and a row from 1 to ${size}, such as c2, or pass`,

      formatMove: move => (move === pass ? 'pass' : `${letters[move % size]}${Math.floor(move / size) + 1}`),

      parseMove(text) {
        if (text === 'pass') return pass;
        const column = letters.indexOf(text.charAt(0));
        const row = /^.[1-9]\d?$/.test(text) ? Number(text.slice(1)) : 0;
        return text === '' || column === -1 || row < 1 || row > size ? undefined : (row - 1) * size + column;
      },

      /** Own stones, the opponent's; the empty points forbidden as a ko; whether the other just passed; whether komi is ours. */
      observe(state) {
        const planes = new Float32Array(5 * count);
        planes.set(observeGrid(cellsOf(state), state.turn));
        if (!isOver(state)) {
          chains.loadLegal(state);
          const legal = new Set(chains.legalPoints());
          for (let point = 0; point < count; point++) {
            if (state.points[point] === EMPTY && !legal.has(point) && chains.breathes(point, state.turn)) {
              planes[2 * count + point] = 1;
            }
          }
        }
        if (state.passes > 0) planes.fill(1, 3 * count, 4 * count);
        if (state.turn === 1) planes.fill(1, 4 * count);
        return planes;
      },
    };
    return rules;
  },
};

/** What is on each point, row by row from the bottom left. */
export const cellsOf = ({ points }: Go): readonly Cell[] =>
  points.map(point => (point === EMPTY ? null : ((point - 1) as Seat)));

const stonesOn = ({ points }: Go): number => points.reduce((count, point) => (point === EMPTY ? count : count + 1), 0);

/** As OpenSpiel ends a game that goes on and on. */
const mostPlies = (size: number): number => 2 * size * size;

/** The number of bits set in each row of a board. */
const COUNT = Uint8Array.from({ length: 1 << MOST_SIZE }, (_, row) => row.toString(2).replaceAll('0', '').length);

/** A power of two, more than twice the positions of the longest game. */
const SLOTS = 1024;

/** In place of the liberties of a chain that has been counted as taken. */
const TAKEN = -99;

/**
 * One board of chains: connected stones of one colour, which live and die
 * together. Whoever uses it loads a state first; nothing outlives that.
 *
 * A chain goes by one of its points, its head, and counts its liberties once for
 * each of its stones next to them ("pseudo-liberties": enough to tell when the
 * last one is gone, and cheap to keep). Points here have a wall around them: row
 * and column of a point `at` are at / stride - 1 and at % stride. Sets of points
 * are rows of bits, with an empty row below and above.
 */
function chainsOn(size: number, superko: boolean) {
  const stride = size + 1;
  const end = stride * (size + 2);
  const steps = [1, -1, stride, -stride] as const;
  const [east, west, north, south] = steps;
  const atOf = Int16Array.from(
    { length: size * size },
    (_, point) => stride * (Math.floor(point / size) + 1) + (point % size),
  );
  const rowOf = Uint8Array.from({ length: end }, (_, at) => Math.floor(at / stride));
  const bitOf = Int32Array.from({ length: end }, (_, at) => 1 << (at % stride));

  /** Zobrist's hashing: a random number of 53 bits, in two halves, for each colour on each point (colour × end + at). */
  const random = seededRandom(9);
  const lowOf = Int32Array.from({ length: 3 * end }, () => random() * 2 ** 32);
  const highOf = Int32Array.from({ length: 3 * end }, () => random() * 2 ** 21);

  const colours = new Uint8Array(end);
  /** The head of the chain on each point; 0, which is a wall, where there is none. */
  const heads = new Int16Array(end);
  /** The stones of each chain as a ring. */
  const nexts = new Int16Array(end);
  // By head.
  const liberties = new Int32Array(end);
  const lengths = new Int32Array(end);
  const lows = new Int32Array(end);
  const highs = new Int32Array(end);

  const empty = new Int32Array(size + 2);
  const legal = new Int32Array(size + 2);
  /** By colour, the points where it may have lost stones: no other stone of its can bring back a position. */
  const lost = [new Int32Array(0), new Int32Array(size + 2), new Int32Array(size + 2)] as const;
  const reached = [new Int32Array(0), new Int32Array(size + 2), new Int32Array(size + 2)] as const;

  /** Stones that the last one took. */
  let taken = 0;
  /** The hash of the position. */
  let low = 0;
  let high = 0;

  /** The hashes seen, an open hash table; a slot counts where it has the mark of the present load. */
  const slotMarks = new Int32Array(SLOTS);
  const slotLows = new Int32Array(SLOTS);
  const slotHighs = new Int32Array(SLOTS);
  let mark = 0;

  /** Sets the board up. */
  function load({ points }: Go): void {
    colours.fill(WALL);
    heads.fill(0);
    low = 0;
    high = 0;
    empty.fill((1 << size) - 1, 1, size + 1);
    for (let point = 0; point < points.length; point++) colours[atOf[point]!] = EMPTY;
    for (let point = 0; point < points.length; point++) {
      if (points[point] !== EMPTY) place(atOf[point]!, points[point]!);
    }
  }

  /** Takes in the positions seen; needed by all that asks whether one comes back. */
  function recall({ points, seen }: Go): void {
    let stones = 0;
    for (let point = 0; point < points.length; point++) if (points[point] !== EMPTY) stones++;
    // With as many stones as were ever put, none was taken.
    const any = stones < seen.length - 1 ? -1 : 0;
    lost[1].fill(any);
    lost[2].fill(any);
    mark++;
    for (let i = 0; i < seen.length; i++) add(seen[i]! | 0, Math.floor(seen[i]! / 2 ** 32));
  }

  /** Sets up what decides which moves of the seat to move are legal, and finds them. */
  function loadLegal(state: Go): void {
    load(state);
    recall(state);
    findLegal(state.turn, state.ko ?? -1);
  }

  /** Adds a hash; whether it was there already. */
  function add(low: number, high: number): boolean {
    let slot = low & (SLOTS - 1);
    for (; slotMarks[slot] === mark; slot = (slot + 1) & (SLOTS - 1)) {
      if (slotLows[slot] === low && slotHighs[slot] === high) return true;
    }
    slotMarks[slot] = mark;
    slotLows[slot] = low;
    slotHighs[slot] = high;
    return false;
  }

  function has(low: number, high: number): boolean {
    for (let slot = low & (SLOTS - 1); slotMarks[slot] === mark; slot = (slot + 1) & (SLOTS - 1)) {
      if (slotLows[slot] === low && slotHighs[slot] === high) return true;
    }
    return false;
  }

  /** Puts a stone, joining chains and taking liberties, but taking no stones off. */
  function place(at: number, colour: number): void {
    const stone = colour * end + at;
    low ^= lowOf[stone]!;
    high ^= highOf[stone]!;
    colours[at] = colour;
    empty[rowOf[at]!]! &= ~bitOf[at]!;
    let head = at;
    heads[at] = at;
    nexts[at] = at;
    liberties[at] = 0;
    lengths[at] = 1;
    lows[at] = lowOf[stone]!;
    highs[at] = highOf[stone]!;
    for (let i = 0; i < 4; i++) {
      const beside = at + steps[i]!;
      const there = colours[beside]!;
      if (there === EMPTY) {
        liberties[head]!++;
      } else if (there !== WALL) {
        const neighbour = heads[beside]!;
        liberties[neighbour]!--;
        if (there === colour && neighbour !== head) head = join(head, neighbour);
      }
    }
  }

  /** Makes one chain of two; its head. */
  function join(one: number, two: number): number {
    const head = lengths[one]! < lengths[two]! ? two : one;
    const other = head === one ? two : one;
    let at = other;
    do {
      heads[at] = head;
      at = nexts[at]!;
    } while (at !== other);
    const after = nexts[head]!;
    nexts[head] = nexts[other]!;
    nexts[other] = after;
    liberties[head]! += liberties[other]!;
    lengths[head]! += lengths[other]!;
    lows[head]! ^= lows[other]!;
    highs[head]! ^= highs[other]!;
    return head;
  }

  /** Takes a chain off the board. */
  function take(head: number): void {
    const colour = colours[head]!;
    const gone = lost[colour]!;
    low ^= lows[head]!;
    high ^= highs[head]!;
    let at = head;
    do {
      colours[at] = EMPTY;
      heads[at] = 0;
      empty[rowOf[at]!]! |= bitOf[at]!;
      gone[rowOf[at]!]! |= bitOf[at]!;
      for (let i = 0; i < 4; i++) {
        const neighbour = heads[at + steps[i]!]!;
        if (neighbour !== head) liberties[neighbour]!++;
      }
      at = nexts[at]!;
    } while (at !== head);
  }

  /** Plays a stone, which must be legal; the point that a simple ko forbids then, -1 where there is none. */
  function put(point: number, seat: Seat): number {
    const at = atOf[point]!;
    const other = 2 - seat;
    place(at, seat + 1);
    taken = 0;
    let last = 0;
    for (let i = 0; i < 4; i++) {
      const beside = at + steps[i]!;
      const head = heads[beside]!;
      if (colours[beside] === other && liberties[head] === 0) {
        taken += lengths[head]!;
        last = beside;
        take(head);
      }
    }
    // One stone took one, and has no other liberty than where that stood.
    const isKo = taken === 1 && lengths[heads[at]!] === 1 && liberties[at] === 1;
    return isKo ? pointOf(last) : -1;
  }

  /** Whether a stone on this empty point would have a liberty, be it by taking others off. */
  function breathes(point: number, seat: Seat): boolean {
    return survives(atOf[point]!, seat + 1);
  }

  function survives(at: number, colour: number): boolean {
    const e = colours[at + east]!;
    const w = colours[at + west]!;
    const n = colours[at + north]!;
    const s = colours[at + south]!;
    if (e === EMPTY || w === EMPTY || n === EMPTY || s === EMPTY) return true;
    const eHead = heads[at + east]!;
    const wHead = heads[at + west]!;
    const nHead = heads[at + north]!;
    const sHead = heads[at + south]!;
    const eLiberties = liberties[eHead]!;
    const wLiberties = liberties[wHead]!;
    const nLiberties = liberties[nHead]!;
    const sLiberties = liberties[sHead]!;
    // A chain that has more liberties than the stone has sides lives on whatever happens: most do.
    if (
      (e === colour && eLiberties > 4) ||
      (w === colour && wLiberties > 4) ||
      (n === colour && nLiberties > 4) ||
      (s === colour && sLiberties > 4)
    ) {
      return true;
    }
    if (
      (e === WALL || eLiberties > 4) &&
      (w === WALL || wLiberties > 4) &&
      (n === WALL || nLiberties > 4) &&
      (s === WALL || sLiberties > 4)
    ) {
      return false;
    }
    // The stone takes one liberty for each time it is next to a chain: of its own some must stay, of the other's none.
    liberties[eHead]!--;
    liberties[wHead]!--;
    liberties[nHead]!--;
    liberties[sHead]!--;
    const other = WALL - colour;
    const found =
      (e === colour && liberties[eHead]! > 0) ||
      (w === colour && liberties[wHead]! > 0) ||
      (n === colour && liberties[nHead]! > 0) ||
      (s === colour && liberties[sHead]! > 0) ||
      (e === other && liberties[eHead] === 0) ||
      (w === other && liberties[wHead] === 0) ||
      (n === other && liberties[nHead] === 0) ||
      (s === other && liberties[sHead] === 0);
    liberties[eHead]!++;
    liberties[wHead]!++;
    liberties[nHead]!++;
    liberties[sHead]!++;
    return found;
  }

  /** Whether a stone there might take one of the chains of the other colour beside it. */
  function takes(at: number, other: number): boolean {
    return (
      (colours[at + east] === other && liberties[heads[at + east]!]! <= 4) ||
      (colours[at + west] === other && liberties[heads[at + west]!]! <= 4) ||
      (colours[at + north] === other && liberties[heads[at + north]!]! <= 4) ||
      (colours[at + south] === other && liberties[heads[at + south]!]! <= 4)
    );
  }

  /** Whether a stone there would bring back a position. */
  function repeats(at: number, colour: number): boolean {
    const stone = colour * end + at;
    let lowAfter = low ^ lowOf[stone]!;
    let highAfter = high ^ highOf[stone]!;
    if (!takes(at, WALL - colour)) return has(lowAfter, highAfter);
    for (let i = 0; i < 4; i++) liberties[heads[at + steps[i]!]!]!--;
    for (let i = 0; i < 4; i++) {
      const head = heads[at + steps[i]!]!;
      if (colours[head] !== WALL - colour || liberties[head] !== 0) continue;
      lowAfter ^= lows[head]!;
      highAfter ^= highs[head]!;
      // Each chain once, though it may be on several sides.
      liberties[head] = TAKEN;
    }
    for (let i = 0; i < 4; i++) {
      const head = heads[at + steps[i]!]!;
      if (liberties[head]! <= TAKEN) liberties[head] = 0;
    }
    for (let i = 0; i < 4; i++) liberties[heads[at + steps[i]!]!]!++;
    return has(lowAfter, highAfter);
  }

  /** Into `legal`: the points where a seat may put a stone; how many they are. */
  function findLegal(seat: Seat, ko: number): number {
    const colour = seat + 1;
    const mayRepeat = lost[colour]!;
    let found = 0;
    for (let row = 1; row <= size; row++) {
      const all = empty[row]!;
      let bits = all & ((all << 1) | (all >>> 1) | empty[row - 1]! | empty[row + 1]!);
      for (let left = all & ~bits; left !== 0; left &= left - 1) {
        const bit = left & -left;
        if (survives(stride * row + 31 - Math.clz32(bit), colour)) bits |= bit;
      }
      if (superko) {
        for (let left = bits & mayRepeat[row]!; left !== 0; left &= left - 1) {
          const bit = left & -left;
          if (repeats(stride * row + 31 - Math.clz32(bit), colour)) bits &= ~bit;
        }
      }
      legal[row] = bits;
      found += COUNT[bits]!;
    }
    if (ko === -1 || superko) return found;
    legal[rowOf[atOf[ko]!]!]! &= ~bitOf[atOf[ko]!]!;
    return found - 1;
  }

  /** The points last found, in ascending order. */
  function legalPoints(): readonly number[] {
    const found: number[] = [];
    for (let row = 1; row <= size; row++) {
      for (let left = legal[row]!; left !== 0; left &= left - 1) {
        found.push(size * (row - 1) + 31 - Math.clz32(left & -left));
      }
    }
    return found;
  }

  /** The nth of them. */
  function legalPoint(nth: number): number {
    let left = nth;
    let row = 1;
    for (; left >= COUNT[legal[row]!]!; row++) left -= COUNT[legal[row]!]!;
    let bits = legal[row]!;
    for (; left > 0; left--) bits &= bits - 1;
    return size * (row - 1) + 31 - Math.clz32(bits & -bits);
  }

  /** Each seat's points: its stones and the empty points from which only they can be reached. */
  function areas(): readonly [number, number] {
    reach(1);
    reach(2);
    const areas: [number, number] = [0, 0];
    for (let row = 1; row <= size; row++) {
      const [own, other] = [reached[1][row]!, reached[2][row]!];
      areas[0] += COUNT[own & ~other]!;
      areas[1] += COUNT[other & ~own]!;
    }
    return areas;
  }

  /** Into `reached`: the stones of a colour and the empty points that are connected with them. */
  function reach(colour: 1 | 2): void {
    const rows = reached[colour];
    rows.fill(0);
    for (let point = 0; point < atOf.length; point++) {
      const at = atOf[point]!;
      if (colours[at] === colour) rows[rowOf[at]!]! |= bitOf[at]!;
    }
    for (let grows = true; grows; ) {
      grows = false;
      for (let row = 1; row <= size; row++) {
        const own = rows[row]!;
        const more = ((own << 1) | (own >>> 1) | rows[row - 1]! | rows[row + 1]!) & empty[row]! & ~own;
        if (more === 0) continue;
        rows[row] = own | more;
        grows = true;
      }
    }
  }

  /** What is on each point. */
  function points(): readonly number[] {
    const found: number[] = [];
    for (let point = 0; point < atOf.length; point++) found.push(colours[atOf[point]!]!);
    return found;
  }

  const pointOf = (at: number): number => size * (rowOf[at]! - 1) + (at % stride);

  return {
    load,
    recall,
    loadLegal,
    put,
    taken: () => taken,
    breathes,
    findLegal,
    legalPoints,
    legalPoint,
    areas,
    hash: () => high * 2 ** 32 + (low >>> 0),
    /** Adds the position to those seen; whether it is one of them. */
    remember: () => add(low, high),
    points,
  };
}
