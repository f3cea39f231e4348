/** The table at the end of a tournament, from the log. */

import type { MatchRecord } from '../arena/match.ts';
import { type Ratings, rate } from '../arena/rating.ts';
import { InputError } from './errors.ts';
import type { Entry } from './log.ts';
import { suggestion } from './nearest.ts';
import { distinctNames, resultsOf } from './tournament.ts';

/** One row. */
export interface Standing {
  readonly name: string;
  readonly elo: number;
  /** Half the width of the 95 % interval of the difference to the anchor. */
  readonly error: number;
  readonly score: number;
  readonly games: number;
  /** Matches lost by a fault; a resignation is none. */
  readonly forfeits: number;
  readonly decisions: number;
  /** Decisions whose first attempt was no legal move. */
  readonly firstTryFaults: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** Null where no price is known. */
  readonly dollars: number | null;
  /** Mean seconds of a decision. */
  readonly seconds: number;
}

export interface Standings {
  readonly rows: readonly Standing[];
  readonly firstSeat: Ratings['firstSeat'];
  readonly anchor: string;
  /** Why matches were void. */
  readonly voids: readonly string[];
}

/** Undefined while no match counts. The anchor is 'random' where it plays, else whoever comes first by name. */
export function standingsOf(entries: readonly Entry[], anchor?: string): Standings | undefined {
  const results = resultsOf(entries);
  const voids = voidsOf(entries);
  const names = [...new Set(results.flatMap(({ first, second }) => [first, second]))].sort();
  if (names.length === 0) return undefined;
  if (anchor !== undefined && !names.includes(anchor)) {
    throw new InputError(`nobody called '${anchor}' has played; ${suggestion(anchor, names)}`);
  }
  const {
    ratings,
    firstSeat,
    anchor: zero,
  } = rate(results, anchor ?? (names.includes('random') ? 'random' : names[0]!));
  const nameOf = distinctNames(entries.map(({ record }) => record));
  const rows = ratings.map(({ name, elo, error, score, games }): Standing => {
    const own = entries.flatMap(entry => pliesOf(entry, name, nameOf));
    const usages = own.flatMap(({ ply }) => (ply.usage ? [ply.usage] : []));
    const total = (of: (usage: (typeof usages)[number]) => number) => usages.reduce((sum, usage) => sum + of(usage), 0);
    return {
      name,
      elo,
      error,
      score,
      games,
      forfeits: entries.filter(
        ({ record }) =>
          record.ending.kind === 'forfeit' && !hasResigned(record) && nameOf(record, record.ending.loser) === name,
      ).length,
      decisions: own.length,
      firstTryFaults: own.filter(({ ply, resigned }) => ply.misses.length > 0 || (ply.move === null && !resigned))
        .length,
      promptTokens: total(usage => usage.promptTokens),
      cachedTokens: total(usage => usage.cachedTokens),
      completionTokens: total(usage => usage.completionTokens),
      dollars: usages.some(({ dollars }) => dollars !== undefined) ? total(({ dollars = 0 }) => dollars) : null,
      seconds: own.length && own.reduce((sum, { seconds }) => sum + seconds, 0) / own.length,
    };
  });
  return { rows, firstSeat, anchor: zero, voids };
}

const pliesOf = ({ record, clock }: Entry, name: string, nameOf: (record: MatchRecord, seat: 0 | 1) => string) =>
  record.plies.flatMap((ply, i) =>
    ply.seat !== 'chance' && nameOf(record, ply.seat) === name
      ? [{ ply, seconds: clock.plySeconds[i] ?? 0, resigned: hasResigned(record) }]
      : [],
  );

const hasResigned = ({ ending }: MatchRecord): boolean => ending.kind === 'forfeit' && ending.fault === 'resigned';

/** The table as text, columns aligned. */
export function formatStandings({ rows, firstSeat, anchor, voids }: Standings): string {
  const header = ['', 'agent', 'Elo ± 95 %', 'score', 'games', 'forfeits', 'illegal 1st try', 'tokens/move', 's/move'];
  const body = rows.map((row, i) => [
    String(i + 1),
    row.name,
    `${Math.round(row.elo)} ± ${Math.round(row.error)}`,
    `${((100 * row.score) / row.games).toFixed(1)} %`,
    String(row.games),
    String(row.forfeits),
    `${((100 * row.firstTryFaults) / Math.max(1, row.decisions)).toFixed(1)} %`,
    row.promptTokens === 0 ? '–' : tokens(row),
    row.seconds < 0.0995 ? row.seconds.toFixed(3) : row.seconds.toFixed(2),
  ]);
  const lines = table([header, ...body]);
  lines.push(
    '',
    `Elo is relative to ${anchor}. Moving first is worth ${Math.round(firstSeat.elo)} ± ${Math.round(firstSeat.error)} Elo.`,
  );
  return [...lines, ...voidLines(voids)].join('\n');
}

/** Why there is no table: nothing is finished, or what is finished is void. */
export const nothingCounts = (entries: readonly Entry[]): string =>
  ['no match counts yet', ...voidLines(voidsOf(entries))].join('\n');

const voidsOf = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap(({ record: { ending } }) => (ending.kind === 'void' ? [ending.reason] : []));

function voidLines(voids: readonly string[]): readonly string[] {
  if (voids.length === 0) return [];
  const reasons = [...new Set(voids)];
  return [
    `${voids.length} void ${voids.length === 1 ? 'match' : 'matches'}, counted for nobody and not played again:`,
    ...reasons.map(reason => `  ${voids.filter(other => other === reason).length} × ${reason}`),
  ];
}

const tokens = ({ promptTokens, cachedTokens, completionTokens, decisions, dollars }: Standing): string =>
  `${Math.round(promptTokens / decisions)} in (${Math.round((100 * cachedTokens) / promptTokens)} % cached), ${Math.round(completionTokens / decisions)} out${dollars === null ? '' : `, $${dollars.toFixed(4)} in all`}`;

/** Rows with their columns aligned: the second to the left, all others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows.map(row =>
    row
      .map((cell, column) => (column === 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
