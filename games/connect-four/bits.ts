/**
 * Bitboards of the usual board: 49 bits, 7 × column + row from the bottom; the
 * seventh bit of each column stays empty, so that no line runs over the top.
 * Columns a–c are in the low half (21 bits), d–g in the high one (28).
 */

export const COLUMNS = 7;
export const ROWS = 6;
/** Bits in a column. */
export const HEIGHT = ROWS + 1;
export const LOW_COLUMNS = 3;
export const LOW_BITS = LOW_COLUMNS * HEIGHT;
export const LOW_MASK = (1 << LOW_BITS) - 1;
const HIGH_BITS = (COLUMNS - LOW_COLUMNS) * HEIGHT;
const HIGH_MASK = (1 << HIGH_BITS) - 1;

/** The lowest square of each column of a half. */
export const LOW_BOTTOM = 0b0000001_0000001_0000001;
export const HIGH_BOTTOM = 0b0000001_0000001_0000001_0000001;
export const LOW_BOARD = LOW_BOTTOM * 0b111111;
export const HIGH_BOARD = HIGH_BOTTOM * 0b111111;

/** Squares. */
export interface Bits {
  low: number;
  high: number;
}

/** Sets `wins` to the squares that are not taken and complete four of the stones `low` and `high`: an object for each would cost more than the look. */
export function findWins(low: number, high: number, takenLow: number, takenHigh: number, wins: Bits): void {
  let atLow = (low << 1) & (low << 2) & (low << 3);
  let atHigh = (high << 1) & (high << 2) & (high << 3);
  for (let step = HEIGHT - 1; step <= HEIGHT + 1; step++) {
    const rest = LOW_BITS - step;
    const up1Low = (low << step) & LOW_MASK;
    const up1High = ((high << step) | (low >>> rest)) & HIGH_MASK;
    const up2Low = (up1Low << step) & LOW_MASK;
    const up2High = ((up1High << step) | (up1Low >>> rest)) & HIGH_MASK;
    const down1Low = (low >>> step) | ((high << rest) & LOW_MASK);
    const down1High = high >>> step;
    const down2Low = (down1Low >>> step) | ((down1High << rest) & LOW_MASK);
    const down2High = down1High >>> step;
    const upLow = up1Low & up2Low;
    const upHigh = up1High & up2High;
    const downLow = down1Low & down2Low;
    const downHigh = down1High & down2High;
    atLow |=
      (upLow & ((up2Low << step) | down1Low)) |
      (downLow & ((down2Low >>> step) | ((down2High << rest) & LOW_MASK) | up1Low));
    atHigh |=
      (upHigh & ((up2High << step) | (up2Low >>> rest) | down1High)) | (downHigh & ((down2High >>> step) | up1High));
  }
  wins.low = atLow & LOW_BOARD & ~takenLow;
  wins.high = atHigh & HIGH_BOARD & ~takenHigh;
}
