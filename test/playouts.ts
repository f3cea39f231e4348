/** Random play, for tests that want many reachable positions. */

import { type Game, type Move, randomMove } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';

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
    const move = randomMove(game, state, random);
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

/** A playthrough is cut after so many plies: long games repeat themselves. */
const TOLD = 60;

/**
 * One random game as text: position, what the learning agents see of it, legal
 * moves, move, result. Kept in test/playthroughs/ and compared line by line.
 */
export function playthrough<State>(game: Game<State>, seed: number): string {
  const names = (moves: readonly Move[]) => moves.map(move => game.formatMove(move)).join(' ');
  const steps = playout(game, seed);
  const told = [...steps.slice(0, TOLD).entries(), [steps.length - 1, steps.at(-1)!] as const];
  const blocks = (steps.length > TOLD ? told : [...steps.entries()]).map(([ply, { state, move }]) => {
    const turn = game.turn(state);
    return [
      `# ${ply}`,
      game.show(state),
      ...(turn === 'chance' ? [] : [`observed: ${observed(game, state)}`]),
      ...(turn !== 'chance' && game.hides ? [`seat ${turn} sees:\n${game.show(state, turn)}`] : []),
      `legal: ${names(game.moves(state))}`,
      move === undefined
        ? `over: ${JSON.stringify(game.outcome(state))}`
        : `${turn === 'chance' ? 'chance' : `seat ${turn}`} plays ${names([move])}: ${game.explain(state, move).join(' ')}`,
    ].join('\n');
  });
  return `${game.name}, seed ${seed}\n\n${blocks.join('\n\n')}\n`;
}

/** Digits where they will do, a run of six or more equal ones as 0{12}. */
function observed<State>(game: Game<State>, state: State): string {
  const numbers = [...game.observe(state)].map(number => String(Math.round(number * 1000) / 1000));
  return numbers
    .join(numbers.every(number => number.length === 1) ? '' : ' ')
    .replace(/(\d)\1{5,}/g, (run, digit) => `${digit}{${run.length}}`);
}
