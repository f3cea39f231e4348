/** OpenSpiel's own random playouts on this machine, where Python has it: pip install open_spiel. */

import { execFileSync } from 'node:child_process';
import { BATCH_MILLISECONDS } from './playouts.ts';

/** The games by our names, as OpenSpiel names them. */
const THEIRS: Readonly<Record<string, string>> = {
  'tic-tac-toe': 'tic_tac_toe',
  'ultimate-tic-tac-toe': 'ultimate_tic_tac_toe',
  'connect-four': 'connect_four',
  gomoku: 'mnk(m=15,n=15,k=5)',
  othello: 'othello',
  breakthrough: 'breakthrough',
  hex: 'hex',
  'hex:size=7': 'hex(board_size=7)',
  kalah: 'mancala',
  'dots-and-boxes': 'dots_and_boxes(num_rows=4,num_cols=4)',
  nim: 'nim',
  checkers: 'checkers',
  go: 'go(board_size=9)',
  pig: 'pig',
  backgammon: 'backgammon',
  'kuhn-poker': 'kuhn_poker',
  'leduc-poker': 'leduc_poker',
  'liars-dice': 'liars_dice',
};

/**
 * Playouts in C++, the fastest of as many and as long batches as ours: a tree
 * search of a single simulation, which is so many playouts from its root, the
 * first position in which a seat is to move. Chance before that is no part of
 * it, and neither is Python: a step of one playout takes microseconds.
 */
const SCRIPT = `
import json, sys, time, pyspiel
whole, least = float(sys.argv[1]), float(sys.argv[2])
for ours, theirs in json.load(sys.stdin).items():
    game = pyspiel.load_game(theirs)
    state = game.new_initial_state()
    while state.is_chance_node():
        state.apply_action(state.legal_actions()[0])
    count, best, end = 1, 0, time.perf_counter() + whole
    while best == 0 or time.perf_counter() < end:
        bot = pyspiel.MCTSBot(game, pyspiel.RandomRolloutEvaluator(count, 1), 2.0, 1, 100, False, 1, False)
        begin = time.perf_counter()
        bot.step(state)
        seconds = time.perf_counter() - begin
        if seconds < least: count *= 2
        else: best = max(best, count / seconds)
    print(json.dumps([ours, best]), flush=True)
`;

/** Playouts a second by our names, each measured for so many seconds. Undefined where $PYTHON, or else python3, has no OpenSpiel. */
export function openSpielSpeeds(seconds: number): ReadonlyMap<string, number> | undefined {
  const python = process.env['PYTHON'] ?? 'python3';
  try {
    execFileSync(python, ['-c', 'import pyspiel'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const lines = execFileSync(python, ['-c', SCRIPT, String(seconds), String(BATCH_MILLISECONDS / 1000)], {
    input: JSON.stringify(THEIRS),
    encoding: 'utf8',
  });
  return new Map(
    lines
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as [string, number]),
  );
}
