/** What a person sees while a tournament runs: a bar on a terminal, a line now and then elsewhere. */

import { SingleBar } from 'cli-progress';
import { type MatchRecord, points } from '../arena/match.ts';
import type { Pairing } from '../arena/schedule.ts';

export interface TournamentProgress {
  /** A line about something that takes time. */
  say(text: string): void;
  finished(pairing: Pairing, record: MatchRecord): void;
  stop(): void;
}

/** Seconds between lines where there is no terminal. */
const LINE_EVERY = 10;

/** `total` matches, `done` of which were played before. Everything goes to standard error. */
export function tournamentProgress(total: number, done: number, agents: readonly string[]): TournamentProgress {
  const began = performance.now();
  const score = agents.map(() => ({ points: 0, games: 0 }));
  const terminal = process.stderr.isTTY === true;
  const bar = new SingleBar({
    format: ' {bar} {value}/{total} | {left} | {score}',
    stream: process.stderr,
    hideCursor: true,
    barsize: 20,
  });
  let played = 0;
  let spoke = -Infinity;

  const left = (): string => {
    if (played === 0) return 'time left unknown';
    const seconds = ((performance.now() - began) / 1000 / played) * (total - done - played);
    return seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`;
  };
  const scores = (): string => score.map(({ points: won, games }, i) => `${agents[i]} ${won}/${games}`).join('  ');
  if (terminal) bar.start(total, done, { left: left(), score: scores() });

  return {
    say(text) {
      if (terminal) bar.update({ left: text });
      else console.error(text);
    },
    finished({ seats }, { ending }) {
      played++;
      const won = points(ending);
      for (const seat of [0, 1] as const) {
        if (!won) continue;
        score[seats[seat]]!.points += won[seat];
        score[seats[seat]]!.games++;
      }
      if (terminal) bar.update(done + played, { left: left(), score: scores() });
      else if (performance.now() - spoke > 1000 * LINE_EVERY || done + played === total) {
        spoke = performance.now();
        console.error(`${done + played}/${total} matches, ${left()}: ${scores()}`);
      }
    },
    stop: () => bar.stop(),
  };
}
