/** Tree search on games written for boardgame.io: iterations a second here, and of boardgame.io's own MCTSBot on the same game. */

import type { Game as BoardgameIoGame } from 'boardgame.io';
import { MCTSBot } from '#bgio/ai';
import { InitializeGame } from '#bgio/internal';
import { entryNamed } from '../games/catalog.ts';
import { toBoardgameIo } from '../src/boardgame.ts';
import { fromBoardgameIo } from '../src/from-boardgame.ts';
import { searchSpeed } from './search.ts';

const COLUMNS = 7;
const ROWS = 6;
const DIRECTIONS = [1, COLUMNS - 1, COLUMNS, COLUMNS + 1];

/** As boardgame.io's tutorial would write it: a list of cells that moves change in place. */
export const fourInARow: BoardgameIoGame<{ cells: (string | null)[] }> = {
  name: 'four-in-a-row',
  setup: () => ({ cells: Array(COLUMNS * ROWS).fill(null) }),
  turn: { minMoves: 1, maxMoves: 1 },
  moves: {
    drop: ({ G, playerID }, column: number) => {
      for (let row = 0; row < ROWS; row++) {
        if (G.cells[row * COLUMNS + column] !== null) continue;
        G.cells[row * COLUMNS + column] = playerID;
        return;
      }
      return 'INVALID_MOVE';
    },
  },
  endIf: ({ G: { cells }, ctx }) => {
    const isLine = (cell: number, by: number) => {
      const column = (cell % COLUMNS) + 3 * (by === 1 || by === COLUMNS + 1 ? 1 : by === COLUMNS - 1 ? -1 : 0);
      if (column < 0 || column >= COLUMNS) return false;
      return [0, 1, 2, 3].every(i => cells[cell + i * by] === cells[cell]);
    };
    for (let cell = 0; cell < cells.length; cell++) {
      if (cells[cell] !== null && DIRECTIONS.some(by => isLine(cell, by))) return { winner: ctx.currentPlayer };
    }
    return cells.includes(null) ? undefined : { draw: true };
  },
  ai: {
    enumerate: G =>
      Array.from({ length: COLUMNS }, (_, column) => column)
        .filter(column => G.cells[(ROWS - 1) * COLUMNS + column] === null)
        .map(column => ({ move: 'drop', args: [column] })),
  },
};

export interface GuestSpeed {
  readonly game: string;
  /** Iterations a second, each with one playout to the end of the game. */
  readonly ours: number;
  readonly theirs: number;
}

/** From the start, at 1,000 iterations a move, the best of both in turn for `seconds` each. */
export async function guestSpeeds(seconds: number): Promise<readonly GuestSpeed[]> {
  const speeds: GuestSpeed[] = [];
  for (const theirs of [fourInARow, toBoardgameIo(entryNamed('connect-four')!.game)] as BoardgameIoGame[]) {
    const { game } = fromBoardgameIo(theirs);
    speeds.push({ game: game.name, ours: searchSpeed(game, seconds, 1000), theirs: await botSpeed(theirs, seconds) });
  }
  return speeds;
}

async function botSpeed(theirs: BoardgameIoGame, seconds: number): Promise<number> {
  const state = InitializeGame({ game: theirs, numPlayers: 2 });
  let best = 0;
  const end = performance.now() + 1000 * seconds;
  for (let seed = 1; performance.now() < end; seed++) {
    const bot = new MCTSBot({
      game: theirs,
      enumerate: theirs.ai!.enumerate,
      seed,
      iterations: 1000,
      playoutDepth: 50,
    });
    const begin = performance.now();
    await bot.play(state, '0');
    best = Math.max(best, 1e6 / (performance.now() - begin));
  }
  return best;
}
