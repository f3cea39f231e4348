/** What every recipe is told, and how it is run. */

import type { Game } from '../../games/game.ts';

/** A training run as asked for on the command line. */
export interface Training {
  /** Where the run stops: one of the two, or, going on with a run, neither. */
  readonly iterations?: number;
  /** Those before `resume` included. */
  readonly minutes?: number;
  readonly seed: number;
  /** What it begins from, if anything: a snapshot to go on with, runs' lessons, both, or games. */
  readonly from?: string;
  /** What differs from the recipe's usual settings, as NAME=VALUE. */
  readonly settings: readonly string[];
  /** The folder of checkpoints, log and snapshot. */
  readonly out: string;
  /** Threads that play. */
  readonly workers: number;
  /** Whether to begin with the easier ways to play that the game names. */
  readonly curriculum: boolean;
  /** Whether to go on from the last checkpoint in `out`. */
  readonly resume: boolean;
}

/** Where a run ends, counted from its beginning; the learning rate falls towards it. */
export type Goal = { readonly iterations: number } | { readonly minutes: number };

export const goalOf = ({ iterations, minutes }: Training): Goal | undefined =>
  iterations !== undefined ? { iterations } : minutes !== undefined ? { minutes } : undefined;

/** A clock for a run that took so many minutes before: its minutes so far, all sittings together, and how much of it is behind it, 0 … 1. */
export function sitting(goal: Goal, before: number) {
  const clock = performance.now();
  const minutes = () => before + (performance.now() - clock) / 60_000;
  const done = (iteration: number) =>
    Math.min(1, 'iterations' in goal ? iteration / goal.iterations : minutes() / goal.minutes);
  return { minutes, done };
}

/** Trains a specialist, shows how it goes, and leaves a snapshot in `out`. Throws InputError for a game or a folder it cannot use. */
export type Train = (game: Game, training: Training) => Promise<void>;
