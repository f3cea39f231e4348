/** Positions whose every move has been solved, and how well an agent does on them. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Agent } from '../agents/agent.ts';
import { type Game, type Move, randomMove, replay, type Seat, TooLarge } from '../games/game.ts';
import { type Random, seededRandom, seedOf } from '../games/random.ts';
import { InputError } from './errors.ts';
import { root } from './files.ts';
import { solverOf } from './solvers.ts';

/** A position and what its moves are worth. */
export interface Labelled {
  readonly state: unknown;
  readonly history: readonly Move[];
  /** By move number, as a `Solver` tells them. */
  readonly scores: readonly (number | null)[];
}

/** 'heldout' is what strength is reported on; 'validation' is what a training run may look at. Neither is ever trained on. */
export type Split = 'heldout' | 'validation';

const fileOf = (game: Game, split: Split): string =>
  join(root, 'test', 'positions', `${game.name}${split === 'heldout' ? '' : `-${split}`}.jsonl.gz`);

export const hasPositions = (game: Game, split: Split): boolean => existsSync(fileOf(game, split));

/** Throws InputError where there are none for the game. */
export async function loadPositions(game: Game, split: Split): Promise<readonly Labelled[]> {
  if (!hasPositions(game, split)) throw new InputError(`there are no labelled positions for ${game.name}`);
  const lines = gunzipSync(await readFile(fileOf(game, split)))
    .toString()
    .trim()
    .split('\n');
  return lines.map(line => {
    const { moves, scores } = JSON.parse(line) as { moves: string; scores: (number | null)[] };
    const texts = [...moves];
    return { state: replay(game, texts), history: texts.map(text => game.parseMove(text)!), scores };
  });
}

/** So many positions that cannot be solved, before one that can, are enough to give up. */
const IN_VAIN = 10;

/** A position of which more others would have to be searched is left out; fewer where positions are remembered as texts. */
const labelBudget = (game: Game): number => (game.key ? 100_000 : 10_000);

/**
 * Positions of random play, distinct, in which some move loses value, solved on
 * the spot: `wanted` of them, or as many as 20 times so many games have; always
 * the same for a game. They are of all plies; where one cannot be solved, the
 * later ones are nearer to the end than it was, until none is: then they are of
 * all plies again. One in five is for validation, by its key. Throws InputError
 * where there is none.
 */
export function solvePositions(
  game: Game,
  split: Split,
  wanted: number,
  tick: () => void = () => {},
): readonly Labelled[] {
  if (game.chances)
    throw new InputError(`${game.name} has no positions to measure on: no move is sure to keep its value`);
  const found: Labelled[] = [];
  const seen = new Set<string>();
  let reason = 'no move ever loses value';
  try {
    const solver = solverOf(game, labelBudget(game));
    /** Plies to the end from which positions are not tried. */
    let tooFar = Infinity;
    let unsolved = 0;
    for (let seed = 0; seed < 20 * wanted && found.length < wanted; seed++) {
      const random = seededRandom(seed);
      const positions = randomGame(game, random);
      const last = positions.slice(Math.max(0, positions.length - tooFar));
      const index = Math.floor(random() * last.length);
      const { state, history } = last[index]!;
      const key = JSON.stringify(game.key?.(state) ?? state);
      if (seen.has(key) || (seedOf(key) % 5 === 0) !== (split === 'validation')) continue;
      seen.add(key);
      try {
        const position = { state, history, scores: solver(state) };
        if (!isTrial(position)) continue;
        found.push(position);
        tick();
      } catch (error) {
        if (!(error instanceof TooLarge)) throw error;
        reason = error.message;
        tooFar = last.length - index - 1 || Infinity;
        if (++unsolved === IN_VAIN && found.length === 0) break;
      }
    }
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  if (found.length === 0) throw new InputError(`${game.name} has no positions to measure on: ${reason}`);
  return found;
}

/** Every position of a random game in which a seat is to move, with the moves up to there. */
function randomGame(game: Game, random: Random): readonly { readonly state: unknown; readonly history: Move[] }[] {
  const positions: { readonly state: unknown; readonly history: Move[] }[] = [];
  const history: Move[] = [];
  for (let state = game.start; !game.outcome(state); ) {
    if (game.turn(state) !== 'chance') positions.push({ state, history: [...history] });
    const move = randomMove(game, state, random);
    history.push(move);
    state = game.play(state, move);
  }
  return positions;
}

const outcomeOf = (score: number): number => Math.sign(score);
const legalScores = ({ scores }: Labelled): readonly number[] => scores.filter(score => score !== null);

/** Whether some legal move throws away what the position is worth. The others cannot be got wrong. */
export function isTrial(position: Labelled): boolean {
  const outcomes = legalScores(position).map(outcomeOf);
  return outcomes.some(outcome => outcome !== outcomes[0]);
}

/** So many positions of a small game are solved, for a training run to look at and to report on. */
const SOLVED = { validation: 100, heldout: 400 } as const;

/** Positions in which some move loses value: those that were labelled, or, of a small game, solved on the spot. */
export async function trials(game: Game, split: 'heldout' | 'validation'): Promise<readonly Labelled[]> {
  if (hasPositions(game, split)) return (await loadPositions(game, split)).filter(isTrial);
  return game.small && !game.chances ? solvePositions(game, split, SOLVED[split]) : [];
}

/** How an agent did on some positions. */
export interface Shares {
  readonly positions: number;
  /** Share of moves that keep the position's value: a win won, a draw drawn. */
  readonly kept: number;
  /** Share of moves that also win as fast, or lose as slowly, as can be. */
  readonly optimal: number;
}

/** The beginning, the middle and the end end before these plies: the stages of Pascal Pons's benchmark. */
export const STAGES = [
  { name: 'begin', until: 15 },
  { name: 'middle', until: 29 },
  { name: 'end', until: Infinity },
] as const;

export interface Measured {
  readonly all: Shares;
  readonly stages: readonly { readonly name: string; readonly shares: Shares }[];
}

/** Asks the agent for a move in each position. Position i is played with the i-th stream of `seed`. */
export async function measure(
  game: Game,
  agent: Agent,
  positions: readonly Labelled[],
  seed: number,
  tick: () => void = () => {},
): Promise<Measured> {
  const answers: { readonly ply: number; readonly kept: boolean; readonly optimal: boolean }[] = [];
  for (const [i, position] of positions.entries()) {
    const { state, history, scores } = position;
    const random = seededRandom(seed + i);
    const decision = await agent.decide({
      game,
      state,
      seat: game.turn(state) as Seat,
      legal: game.moves(state),
      history,
      random,
    });
    const score = ('move' in decision ? scores[decision.move] : undefined) ?? undefined;
    const best = Math.max(...legalScores(position));
    answers.push({
      ply: history.length,
      kept: score !== undefined && outcomeOf(score) === outcomeOf(best),
      optimal: score === best,
    });
    tick();
  }
  const shares = (part: typeof answers): Shares => ({
    positions: part.length,
    kept: part.filter(({ kept }) => kept).length / part.length,
    optimal: part.filter(({ optimal }) => optimal).length / part.length,
  });
  let from = 0;
  const stages = STAGES.map(({ name, until }) => {
    const part = answers.filter(({ ply }) => ply >= from && ply < until);
    from = until;
    return { name, shares: shares(part) };
  });
  return { all: shares(answers), stages };
}
