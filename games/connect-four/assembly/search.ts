/**
 * The search of ../solver.ts, in AssemblyScript: TypeScript with the number types
 * of WebAssembly. A board's 49 bits fit one of them, which makes it 2.6 times as
 * fast as on halves of a board. `npm run build:search` compiles it.
 *
 * A bitboard is one of ../bits.ts, whose halves come in from outside.
 */

/** Both throw. */
declare function tooLarge(): void;
declare function noMemory(): void;
/** The score of a position after BOOK_PLIES plies. */
declare function scoreInBook(keyLow: i32, keyHigh: i32): i32;

const COLUMNS = 7;
const SQUARES = 42;
const LOW_BITS: u64 = 21;
const BOTTOM: u64 = 0b0000001_0000001_0000001_0000001_0000001_0000001_0000001;
const BOARD: u64 = BOTTOM * 0b111111;
const BOOK_PLIES = 12;

/** Columns from the middle outwards, the first in the lowest digit, and an end: more lines run through the middle. */
const MIDDLE_FIRST: u32 = 0xf6051423;

/** Positions are remembered before these plies: those of early ones in a large table, the many late ones in one that fits a core's cache. */
const EARLY_UNTIL = 24;
const LATE_UNTIL = 36;

// Of each ply the moves that are left to try, the best first, and the squares where they would win next.
const MOVES: usize = 1024;
const THREATS: usize = MOVES + 8 * COLUMNS * SQUARES;
const WORTHS: usize = THREATS + 8 * COLUMNS * SQUARES;
/** Entries of 64 bits: a position's key (49), the generation of what is remembered (7), and the bound (8), 0 for an empty entry. */
const TABLE: usize = 8192;
const GENERATION: u64 = 49;
const BOUND: u64 = 56;
const POSITION: u64 = (1 << BOUND) - 1;
const GENERATIONS: u64 = 127;

let early: u32 = 0;
let late: u32 = 0;
let hasBook = false;
let left: i64 = 0;
/** What was remembered in others is not found. */
let generation: u64 = 1;

/** Before all else: how many positions are remembered, powers of two. */
export function setUp(earlyPositions: u32, latePositions: u32, book: bool): void {
  early = earlyPositions;
  late = latePositions;
  hasBook = book;
  const bytes = TABLE + 8 * (<usize>early + late);
  if (memory.grow(<i32>((bytes + 0xffff) >> 16) - memory.size()) < 0) noMemory();
}

/** Lets the next answers cost so many positions. */
export function allow(positions: f64): void {
  left = positions < 1e15 ? <i64>positions : i64.MAX_VALUE;
}

/** How many of those are left. */
export function remaining(): f64 {
  return <f64>left;
}

export function forget(): void {
  if (generation++ < GENERATIONS) return;
  generation = 1;
  memory.fill(TABLE, 0, 8 * (<usize>early + late));
}

/** Whether the side to move wins with its next move (1), or the other then, whatever is done (-1). */
export function endsAtOnce(ownLow: u32, ownHigh: u32, takenLow: u32, takenHigh: u32): i32 {
  const own = whole(ownLow, ownHigh);
  const taken = whole(takenLow, takenHigh);
  if ((winsOf(own, taken) & (taken + BOTTOM) & BOARD) !== 0) return 1;
  return repliesTo(winsOf(taken ^ own, taken), taken) < 0 ? -1 : 0;
}

/** As `search`, of halves. */
export function searched(
  ownLow: u32,
  ownHigh: u32,
  takenLow: u32,
  takenHigh: u32,
  plies: i32,
  alpha: i32,
  beta: i32,
): i32 {
  const own = whole(ownLow, ownHigh);
  const taken = whole(takenLow, takenHigh);
  return search(own, taken, winsOf(taken ^ own, taken), plies, alpha, beta);
}

function whole(low: u32, high: u32): u64 {
  return ((<u64>high) << LOW_BITS) | low;
}

/**
 * Between `alpha` and `beta` the score, else a bound of it. The side to move has
 * no win at once, and a move after which the other has none; the other wins on
 * the squares of `threat`.
 */
function search(own: u64, taken: u64, threat: u64, plies: i32, alpha: i32, beta: i32): i32 {
  if (plies >= SQUARES - 2) return 0;
  const least = -((SQUARES - 2 - plies) >> 1);
  if (alpha < least) {
    alpha = least;
    if (alpha >= beta) return alpha;
  }
  let most = (SQUARES - 1 - plies) >> 1;
  const other = taken ^ own;
  const key = own + taken;
  if (hasBook && plies === BOOK_PLIES) return scoreInBook(<i32>(key & ((1 << LOW_BITS) - 1)), <i32>(key >> LOW_BITS));
  if (left <= 0) tooLarge();
  left--;

  const isRemembered = plies < LATE_UNTIL;
  const slot = isRemembered ? slotOf(key, plies) : 0;
  if (isRemembered) {
    const entry = load<u64>(slot);
    if (isOf(entry, key)) {
      const bound = boundIn(entry);
      if (!isFromBelow(entry)) {
        if (bound < most) most = bound;
      } else if (alpha < bound) {
        alpha = bound;
        if (alpha >= beta) return alpha;
      }
    }
  }
  if (beta > most) {
    beta = most;
    if (alpha >= beta) return beta;
  }

  let open = (taken + BOTTOM) & BOARD;
  if ((open & threat) !== 0) open &= threat;
  // Below a square where the other wins one cannot play.
  open &= ~(threat >> 1);

  const base = plies * COLUMNS;
  let end = base;
  for (let columns = MIDDLE_FIRST; columns !== 0xf; columns >>= 4) {
    const move = open & ((<u64>0x7f) << ((columns & 0xf) * 7));
    if (move === 0) continue;
    const wins = winsOf(own | move, taken | move);
    const forcing = repliesTo(wins, taken | move);
    if (forcing < 0) return (SQUARES - 1 - plies) >> 1;
    // The other answers a threat that can be carried out at once, and it is gone.
    const worth = 2 * <i32>popcnt(wins) - forcing;
    let at = end++;
    for (; at > base && worthOf(at - 1) < worth; at--) put(at, moveOf(at - 1), threatOf(at - 1), worthOf(at - 1));
    put(at, move, wins, worth);
  }
  if (plies + 1 < LATE_UNTIL) {
    // Whatever is known of the positions that follow may do.
    for (let i = base; i < end; i++) {
      const next = other + (taken | moveOf(i));
      const entry = load<u64>(slotOf(next, plies + 1));
      if (isOf(entry, next) && !isFromBelow(entry) && -boundIn(entry) >= beta) return -boundIn(entry);
    }
  }
  for (let i = base; i < end; i++) {
    const score = -search(other, taken | moveOf(i), threatOf(i), plies + 1, -beta, -alpha);
    if (score >= beta) {
      if (isRemembered) store<u64>(slot, entryOf(key, score, true));
      return score;
    }
    if (score > alpha) alpha = score;
  }
  if (isRemembered) store<u64>(slot, entryOf(key, alpha, false));
  return alpha;
}

/** The squares that are not taken and complete four of `stones`. */
function winsOf(stones: u64, taken: u64): u64 {
  const upwards = (stones << 1) & (stones << 2) & (stones << 3);
  return (upwards | winsAlong(stones, 6) | winsAlong(stones, 7) | winsAlong(stones, 8)) & BOARD & ~taken;
}

function winsAlong(stones: u64, step: u64): u64 {
  const up = stones << step;
  const down = stones >> step;
  const up2 = up << step;
  const down2 = down >> step;
  return (up & up2 & ((up2 << step) | down)) | (down & down2 & ((down2 >> step) | up));
}

/** What can be done about squares where the other wins: -1 nothing, 1 a single move must be made, 0 there is a choice. */
function repliesTo(wins: u64, taken: u64): i32 {
  const open = (taken + BOTTOM) & BOARD;
  const safe = open & ~(wins >> 1);
  const forced = open & wins;
  if (forced === 0) return safe === 0 ? -1 : 0;
  return (forced & (forced - 1)) !== 0 || (forced & safe) === 0 ? -1 : 1;
}

/** Where a position may be remembered. */
function slotOf(key: u64, plies: i32): usize {
  const low = <u32>key & ((1 << (<u32>LOW_BITS)) - 1);
  const high = <u32>(key >> LOW_BITS);
  const hash = ((low * 0x9e3779b1) ^ (high * 0x85ebca6b)) >> 7;
  return TABLE + 8 * <usize>(plies < EARLY_UNTIL ? hash & (early - 1) : early + ((hash >> 5) & (late - 1)));
}

function isOf(entry: u64, key: u64): bool {
  return (entry & POSITION) === (key | (generation << GENERATION));
}

function isFromBelow(entry: u64): bool {
  return ((entry >> BOUND) & 1) !== 0;
}

function boundIn(entry: u64): i32 {
  return <i32>(entry >> (BOUND + 1)) - 32;
}

function entryOf(key: u64, bound: i32, fromBelow: bool): u64 {
  return key | (generation << GENERATION) | ((<u64>(((bound + 32) << 1) | <i32>fromBelow)) << BOUND);
}

function moveOf(i: i32): u64 {
  return load<u64>(MOVES + 8 * <usize>i);
}

function threatOf(i: i32): u64 {
  return load<u64>(THREATS + 8 * <usize>i);
}

function worthOf(i: i32): i32 {
  return load<i32>(WORTHS + 4 * <usize>i);
}

function put(i: i32, move: u64, threat: u64, worth: i32): void {
  store<u64>(MOVES + 8 * <usize>i, move);
  store<u64>(THREATS + 8 * <usize>i, threat);
  store<i32>(WORTHS + 4 * <usize>i, worth);
}
