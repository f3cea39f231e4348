/** Random play, for tests that want many reachable positions. */

import type { Game, Move } from '../games/game.ts';
import { pick, seededRandom } from '../games/random.ts';

export interface Step<State> {
  readonly state: State;
  /** The move played from `state`; undefined at the end. */
  readonly move: Move | undefined;
}

/** Every position of one random game, the last one being over. */
export function playout<State>(game: Game<State>, seed: number): readonly Step<State>[] {
  const random = seededRandom(seed);
  const steps: Step<State>[] = [];
  let state = game.start;
  while (!game.outcome(state)) {
    const move = pick(game.moves(state), random);
    steps.push({ state, move });
    state = game.play(state, move);
  }
  return [...steps, { state, move: undefined }];
}

/** The number of move sequences of exactly `depth` moves. Two right implementations agree on every one. */
export function perft<State>(game: Game<State>, depth: number, state = game.start): number {
  if (depth === 0) return 1;
  return game.moves(state).reduce((sum, move) => sum + perft(game, depth - 1, game.play(state, move)), 0);
}

/**
 * One random game as text: position, what the learning agents see of it, legal
 * moves, move, result. Kept in test/playthroughs/ and compared line by line.
 */
export function playthrough<State>(game: Game<State>, seed: number): string {
  const names = (moves: readonly Move[]) => moves.map(move => game.formatMove(move)).join(' ');
  const blocks = playout(game, seed).map(({ state, move }, ply) =>
    [
      `# ${ply}`,
      game.show(state),
      `observed: ${[...game.observe(state)].join('')}`,
      `legal: ${names(game.moves(state))}`,
      move === undefined
        ? `over: ${JSON.stringify(game.outcome(state))}`
        : `seat ${game.turn(state)} plays ${names([move])}`,
    ].join('\n'),
  );
  return `${game.name}, seed ${seed}\n\n${blocks.join('\n\n')}\n`;
}
