/**
 * The log of matches: one SQLite file, only ever appended to.
 *
 * A record is kept as the bytes it was written with. Each carries the hash of
 * the one before it in its tournament's schedule, so that nothing in the middle
 * can be changed or taken out unseen. A match that finished before an earlier
 * one is kept at once and chained when the gap is closed.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import Database from 'libsql';
import type { MatchRecord } from '../arena/match.ts';
import { InputError } from './errors.ts';

/** 'SWPL' as a number: how SQLite tells whose file it is. */
const APPLICATION = 0x5357504c;
const VERSION = 1;

/** How long to wait, in milliseconds, while another program writes to the same file. */
const BUSY_MS = 5000;

/** What was measured while a match was played; beside the record, never in it. */
export interface Clock {
  /** ISO 8601. */
  readonly started: string;
  /** Of each decision, in seconds. */
  readonly plySeconds: readonly number[];
}

export interface Entry {
  readonly id: number;
  readonly tournament: number;
  /** Its place in the tournament's schedule. */
  readonly place: number;
  readonly record: MatchRecord;
  /** The record's bytes. */
  readonly text: string;
  readonly clock: Clock;
  /** SHA-256 over the chain before it and this record; null while an earlier match is missing. */
  readonly chain: string | null;
}

interface Row {
  readonly id: number;
  readonly tournament: number;
  readonly place: number;
  readonly record: string;
  readonly clock: string;
  readonly chain: string | null;
}

export interface Log {
  /** Begins a tournament with these settings, any JSON. Returns its number. */
  begin(settings: unknown): number;
  /** The last tournament whose settings are these, as JSON text. */
  find(settings: unknown): number | undefined;
  /** Appends a finished match. Returns its number. */
  append(tournament: number, place: number, record: MatchRecord, clock: Clock): number;
  /** All matches, or those of one tournament, in order of tournament and place. */
  entries(tournament?: number): readonly Entry[];
  entry(id: number): Entry | undefined;
  /** The first match whose record or chain is not what was written; undefined where all is well. */
  firstBroken(): Entry | undefined;
  close(): void;
}

/** Throws InputError for a log in which something was changed or taken out. */
export function refuseBroken(log: Log, file: string): void {
  const broken = log.firstBroken();
  if (broken)
    throw new InputError(`${file}: match ${broken.id} is not what was written; the chain of hashes breaks there`);
}

export const recordText = (record: MatchRecord): string => JSON.stringify(record);

/** Opens a log, made new where there is none unless `mustExist`. Throws InputError for a file that is no log of this version. */
export function openLog(file: string, { mustExist = false }: { readonly mustExist?: boolean } = {}): Log {
  if (mustExist && !existsSync(file))
    throw new InputError(`there is no log at ${file}; play a match first, or name one with --log`);
  const database = guarded(file, () => {
    const opened = new Database(file, { timeout: BUSY_MS });
    opened.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA synchronous = NORMAL;`);
    if (isEmpty(opened)) create(opened);
    check(opened, file);
    return opened;
  });

  const insert = database.prepare('INSERT INTO match (tournament, place, record, clock) VALUES (?, ?, ?, ?)');
  const settingsOf = database.prepare('SELECT settings FROM tournament WHERE id = ?');
  const lastChained = database.prepare(
    'SELECT place, chain FROM match WHERE tournament = ? AND chain IS NOT NULL ORDER BY place DESC LIMIT 1',
  );
  const at = database.prepare('SELECT id, record FROM match WHERE tournament = ? AND place = ?');
  const setChain = database.prepare('UPDATE match SET chain = ? WHERE id = ?');
  const genesis = (tournament: number): string =>
    hash('', (settingsOf.get(tournament) as { settings: string } | undefined)?.settings ?? '');

  const append = (tournament: number, place: number, record: string, clock: string): number => {
    const id = Number(insert.run(tournament, place, record, clock).lastInsertRowid);
    const last = lastChained.get(tournament) as { place: number; chain: string } | undefined;
    let chain = last?.chain ?? genesis(tournament);
    for (let next = (last?.place ?? -1) + 1; ; next++) {
      const found = at.get(tournament, next) as { id: number; record: string } | undefined;
      if (!found) return id;
      chain = hash(chain, found.record);
      setChain.run(chain, found.id);
    }
  };

  const parsed = <T>({ id }: Row, text: string): T => {
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new InputError(`${file}: match ${id} is not what was written; it is no JSON`);
    }
  };

  const select = (where: string, ...values: unknown[]): readonly Entry[] =>
    (database.prepare(`SELECT * FROM match ${where} ORDER BY tournament, place`).all(...values) as Row[]).map(row => ({
      id: row.id,
      tournament: row.tournament,
      place: row.place,
      record: parsed<MatchRecord>(row, row.record),
      text: row.record,
      clock: parsed<Clock>(row, row.clock),
      chain: row.chain,
    }));

  return {
    begin: settings =>
      guarded(file, () =>
        Number(
          database.prepare('INSERT INTO tournament (settings) VALUES (?)').run(JSON.stringify(settings))
            .lastInsertRowid,
        ),
      ),
    find(settings) {
      const row = database
        .prepare('SELECT id FROM tournament WHERE settings = ? ORDER BY id DESC LIMIT 1')
        .get(JSON.stringify(settings)) as { id: number } | undefined;
      return row?.id;
    },
    append: (tournament, place, record, clock) =>
      guarded(file, () =>
        atomically(database, () => append(tournament, place, recordText(record), JSON.stringify(clock))),
      ),
    entries: tournament => (tournament === undefined ? select('') : select('WHERE tournament = ?', tournament)),
    entry: id => select('WHERE id = ?', id)[0],
    firstBroken() {
      let tournament: number | undefined;
      let chain = '';
      let next = 0;
      return select('').find(entry => {
        if (entry.tournament !== tournament) {
          tournament = entry.tournament;
          chain = genesis(tournament);
          next = 0;
        }
        if (entry.chain === null) return entry.place === next;
        chain = hash(chain, entry.text);
        return entry.place !== next++ || entry.chain !== chain;
      });
    },
    close: () => database.close(),
  };
}

const hash = (before: string, text: string): string => createHash('sha256').update(before).update(text).digest('hex');

/** Whether nobody has put anything into a database yet. */
const isEmpty = (database: Database.Database): boolean =>
  pragma(database, 'application_id') === 0 &&
  pragma(database, 'user_version') === 0 &&
  database.prepare('SELECT 1 FROM sqlite_master').all().length === 0;

/** In one transaction, so that of two programs that find an empty file one makes the log and the other finds it made. */
function create(database: Database.Database): void {
  database.exec('PRAGMA journal_mode = WAL');
  atomically(database, () => {
    if (!isEmpty(database)) return;
    database.exec(`
        PRAGMA application_id = ${APPLICATION};
        PRAGMA user_version = ${VERSION};
        CREATE TABLE tournament (id INTEGER PRIMARY KEY, settings TEXT NOT NULL);
        CREATE TABLE match (
          id INTEGER PRIMARY KEY,
          tournament INTEGER NOT NULL REFERENCES tournament,
          place INTEGER NOT NULL,
          record TEXT NOT NULL,
          clock TEXT NOT NULL,
          chain TEXT,
          UNIQUE (tournament, place)
        );
      `);
  });
}

/**
 * All of `act` or nothing. (libsql's own `transaction` hides why it failed where
 * SQLite has rolled back by itself, as it does on a full disk.)
 */
function atomically<T>(database: Database.Database, act: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const pragma = (database: Database.Database, name: string): unknown =>
  Object.values(database.prepare(`PRAGMA ${name}`).all()[0] as object)[0];

function check(database: Database.Database, file: string): void {
  const application = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  if (application !== APPLICATION)
    throw new InputError(`${file} is a database, but not a log of matches; it was left as it is`);
  if (version !== VERSION) {
    throw new InputError(
      `${file} is a log of version ${version}, this program writes version ${VERSION}; it was left as it is`,
    );
  }
  const tables = database.prepare("SELECT 1 FROM sqlite_master WHERE name IN ('match', 'tournament')").all();
  if (tables.length !== 2) throw new InputError(`${file} is damaged (tables are missing); it was left as it is`);
  const state = pragma(database, 'quick_check');
  if (state !== 'ok') throw new InputError(`${file} is damaged (${String(state)}); it was left as it is`);
}

/** Tells what SQLite found wrong with a file in one line. */
function guarded<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    if (/not a database|malformed|file is encrypted/i.test(text)) {
      throw new InputError(`${file} is not a log of matches (${text}); it was left as it is`);
    }
    if (/UNIQUE constraint/i.test(text))
      throw new InputError(`another program is playing this tournament into ${file}; its matches are kept, ours stops`);
    if (/no such table/i.test(text)) throw new InputError(`${file} is damaged (${text}); it was left as it is`);
    if (/database is locked|busy/i.test(text))
      throw new InputError(
        `${file} is being written by another program; try again when it is done, or name another with --log`,
      );
    if (/disk I\/O error/i.test(text)) throw new InputError(`${file} could not be written or read (${text})`);
    if (/disk (is )?full|no space/i.test(text)) throw new InputError(`the disk is full: ${file} could not be written`);
    if (/unable to open|readonly|permission/i.test(text))
      throw new InputError(`${file} cannot be opened for writing (${text})`);
    throw error;
  }
}
