/** Hosting a tournament: what its log does not hold yet is played, until all is done, time is up, or Ctrl-C. */

import type { Pairing } from '../arena/schedule.ts';
import type { Game } from '../games/game.ts';
import { engineAgent } from './engines.ts';
import { InputError } from './errors.ts';
import { type ModelOptions, whyNoModel, withModel } from './llm.ts';
import { type Entry, openLog, refuseBroken } from './log.ts';
import { tournamentProgress } from './progress.ts';
import { agentNamed, fullName, KINDS, parseSpec } from './roster.ts';
import { play } from './tournament.ts';

export interface Tournament {
  readonly game: Game;
  /** As on the command line. */
  readonly agents: readonly string[];
  readonly schedule: readonly Pairing[];
  /** What tells this tournament from others in the log, any JSON. */
  readonly settings: unknown;
}

export interface Hosting {
  readonly log: string;
  /** Whether to go on with the tournament of the same settings, and whether there must be one. */
  readonly resume: 'never' | 'if unfinished' | 'always';
  readonly workers: number;
  readonly model: ModelOptions;
  /** After so many minutes no further match is begun; by default there is no end. */
  readonly minutes?: number;
}

export interface Hosted {
  /** The tournament's number in the log. */
  readonly tournament: number;
  readonly entries: readonly Entry[];
  /** Why matches are left to play, if any are. */
  readonly stopped?: 'by hand' | 'time is up';
}

/** Throws InputError for agents that do not exist, come twice, cannot play the game, or lack a model to play with. */
export async function checkAgents(game: Game, agents: readonly string[], model: ModelOptions): Promise<void> {
  if (agents.length < 2) throw new InputError('a tournament needs two agents or more: --agents a,b');
  const names = agents.map(fullName);
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0) throw new InputError(`'${agents[twice]}' comes twice in --agents; nobody plays against themselves`);
  for (const spec of agents) {
    const { kind } = parseSpec(spec);
    if (kind === 'human') throw new InputError("'human' plays in 'swp match', and opposite an agent in 'swp play'");
    const why = kind === 'llm' ? await whyNoModel(model) : undefined;
    if (why !== undefined) throw new InputError(why);
    if (KINDS[kind]!.portable) await agentNamed(spec, game, { startEngine: engineAgent });
  }
}

/** Every finished match is in the log before the next is reported. */
export async function host(
  { game, agents, schedule, settings }: Tournament,
  { log: file, resume, workers, model, minutes }: Hosting,
): Promise<Hosted> {
  const log = openLog(file, { mustExist: resume === 'always' });
  try {
    const found = resume === 'never' ? undefined : log.find(settings);
    if (resume === 'always' && found === undefined) {
      throw new InputError(`${file} holds no tournament with these settings to go on with; leave --resume out`);
    }
    refuseBroken(log, file);
    const unfinished = found !== undefined && log.entries(found).length < schedule.length;
    const tournament = found !== undefined && (unfinished || resume === 'always') ? found : log.begin(settings);
    const done = new Set(log.entries(tournament).map(({ place }) => place));
    const todo = schedule.filter(({ index }) => !done.has(index));

    const stop = stopping(minutes);
    const progress = tournamentProgress(schedule.length, todo, agents, minutes);
    try {
      await withModel(model, surroundings =>
        play({
          game,
          agents,
          schedule: todo,
          workers,
          seat: spec => agentNamed(spec, game, { ...surroundings(progress.say), startEngine: engineAgent }),
          watch: progress.watch,
          finished: (pairing, { record, clock }) => {
            log.append(tournament, pairing.index, record, clock);
            progress.finished(pairing, record);
          },
          signal: stop.signal,
        }),
      );
    } finally {
      progress.stop();
      stop.release();
    }
    const entries = log.entries(tournament);
    const stopped = entries.length < schedule.length ? stop.why() : undefined;
    return { tournament, entries, ...(stopped ? { stopped } : {}) };
  } finally {
    log.close();
  }
}

/** A signal that Ctrl-C or the clock gives; Ctrl-C a second time quits at once. */
function stopping(minutes: number | undefined) {
  const stop = new AbortController();
  let why: 'by hand' | 'time is up' | undefined;
  const abort = (reason: typeof why) => {
    why ??= reason;
    stop.abort();
  };
  const interrupted = () => {
    if (why === 'by hand') process.exit(130);
    console.error('\nstopping; what is finished is kept. Once more to quit at once.');
    abort('by hand');
  };
  process.on('SIGINT', interrupted);
  const clock = minutes === undefined ? undefined : setTimeout(() => abort('time is up'), 60_000 * minutes);
  return {
    signal: stop.signal,
    why: () => why,
    release() {
      process.off('SIGINT', interrupted);
      clearTimeout(clock);
    },
  };
}
