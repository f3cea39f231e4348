/** What a person sees while something takes its time: a bar on a terminal, a line now and then elsewhere. */

import { SingleBar } from 'cli-progress';
import { type MatchRecord, points } from '../arena/match.ts';
import type { Pairing } from '../arena/schedule.ts';
import { isPortable } from './roster.ts';

export interface TournamentProgress {
  /** A line about something that takes time. */
  say(text: string): void;
  /** A decision was made, `plies` into a match. */
  watch(pairing: Pairing, plies: number): void;
  finished(pairing: Pairing, record: MatchRecord): void;
  stop(): void;
}

/** Seconds between lines where there is no terminal. */
const LINE_EVERY = 10;

/** Of `total` matches those in `todo` are still to be played, in `minutes` at most. Everything goes to standard error. */
export function tournamentProgress(
  total: number,
  todo: readonly Pairing[],
  agents: readonly string[],
  minutes = Infinity,
): TournamentProgress {
  const score = agents.map(() => ({ points: 0, games: 0 }));
  const names = shortNames(agents);
  const pace = paceOf(todo, agents, minutes);
  const terminal = process.stderr.isTTY === true;
  const bar = new SingleBar({
    format: ' {bar} {value}/{total} | {doing} | {score}',
    stream: process.stderr,
    hideCursor: true,
    barsize: 20,
  });
  let done = total - todo.length;
  let doing = '';
  let spoke = -Infinity;

  const scores = (): string =>
    score.map(({ points: won, games }, i) => `${names[i]} ${Math.round(100 * won) / 100}/${games}`).join('  ');
  const show = (atOnce: boolean): void => {
    const now = doing ? `${doing}, ${pace.left()}` : pace.left();
    if (terminal) bar.update(done, { doing: now, score: scores() });
    if (terminal || (!atOnce && performance.now() - spoke < 1000 * LINE_EVERY)) return;
    spoke = performance.now();
    console.error(`${done}/${total} matches, ${now}: ${scores()}`);
  };
  if (terminal) bar.start(total, done, { doing: 'first matches', score: scores() });

  return {
    say(text) {
      if (terminal) bar.update(done, { doing: text, score: scores() });
      else console.error(text);
    },
    watch({ seats: [first, second] }, plies) {
      doing = `${names[first]} – ${names[second]}, ply ${plies}`;
      show(false);
    },
    finished(pairing, { ending }) {
      done++;
      doing = '';
      pace.finished(pairing);
      const won = points(ending);
      for (const seat of [0, 1] as const) {
        if (!won) continue;
        score[pairing.seats[seat]]!.points += won[seat];
        score[pairing.seats[seat]]!.games++;
      }
      show(done === total);
    },
    stop: () => bar.stop(),
  };
}

/** Agents without the settings that no other agent of the same kind makes necessary. */
function shortNames(agents: readonly string[]): readonly string[] {
  const kind = (spec: string) => spec.split(':')[0]!;
  return agents.map(spec => (agents.filter(other => kind(other) === kind(spec)).length === 1 ? kind(spec) : spec));
}

/** How long the rest will take. Matches in worker threads come first and are fast, the others come after and are not. */
function paceOf(todo: readonly Pairing[], agents: readonly string[], minutes: number) {
  const end = performance.now() + 60_000 * minutes;
  const portable = agents.map(isPortable);
  const partOf = ({ seats: [first, second] }: Pairing) => (portable[first]! && portable[second]! ? 0 : 1);
  const left = [0, 0];
  for (const pairing of todo) left[partOf(pairing)]!++;
  const played = [0, 0];
  const spent = [0, 0];
  let last = performance.now();
  return {
    finished(pairing: Pairing) {
      const part = partOf(pairing);
      spent[part]! += performance.now() - last;
      last = performance.now();
      played[part]!++;
      left[part]!--;
    },
    left(): string {
      const parts = [0, 1].filter(part => left[part]! > 0);
      const atMost = Math.max(0, (end - performance.now()) / 1000);
      const unknown = parts.some(part => played[part] === 0);
      if (unknown && atMost === Infinity) return 'time left unknown';
      const needed = parts.reduce((sum, part) => sum + (spent[part]! / played[part]! / 1000) * left[part]!, 0);
      const seconds = unknown ? atMost : Math.min(needed, atMost);
      return timeLeft(seconds);
    },
  };
}

/** Counts what was done of a known number of things. Everything goes to standard error. */
export const countingBar = (things: string): SingleBar =>
  new SingleBar({
    format: ` {bar} {value}/{total} ${things}`,
    clearOnComplete: true,
    noTTYOutput: true,
    notTTYSchedule: 1000 * LINE_EVERY,
  });

export const timeLeft = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`;
