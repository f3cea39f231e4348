/** `swp replay`: a logged match move by move, or a proof that the log tells what happened. */

import { Command } from 'commander';
import type { Agent } from '../../agents/agent.ts';
import { type MatchRecord, playMatch, pointsText } from '../../arena/match.ts';
import { type Game, replay, type Seat } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { bringGame, gameNamed } from '../games.ts';
import { type ModelOptions, modelOptions, whyNoModel, withModel } from '../llm.ts';
import { openLog, recordText, refuseBroken } from '../log.ts';
import { examples, logOption, wholeNumber } from '../options.ts';
import { readRecords } from '../records.ts';
import { agentNamed } from '../roster.ts';
import { endingText, missesText, moverName } from './match.ts';

interface Options extends ModelOptions {
  readonly verify: boolean;
  readonly log: string;
  readonly file?: string;
}

interface Kept {
  readonly id: number;
  readonly text: string;
  readonly record: MatchRecord;
}

export const replayCommand = (): Command =>
  modelOptions(
    new Command('replay')
      .description('show a logged match, or play it again and compare')
      .argument(
        '[id]',
        'the number of the match; with --verify, all where it is left out',
        wholeNumber('the match', 1, 1e9),
      )
      .option('--verify', 'let rules and agents play the match again and compare every byte', false)
      .addOption(logOption())
      .option('--file <records>', 'records as JSON lines (.jsonl or .jsonl.gz) instead of a log'),
  )
    .addHelpText(
      'after',
      examples('replay 12', 'replay --verify', 'replay --verify --file records.jsonl.gz --cassette model.jsonl.gz'),
    )
    .action(async (id: number | undefined, options: Options) => {
      const kept = options.file === undefined ? fromLog(options.log) : readRecords(options.file);
      const chosen = id === undefined ? kept : kept.filter(entry => entry.id === id);
      if (id !== undefined && chosen.length === 0) {
        throw new InputError(`there is no match ${id} in ${options.file ?? options.log}; it holds ${kept.length}`);
      }
      for (const { record } of chosen) await bringGame(record.game);
      if (options.verify) await verifyAll(chosen, options);
      else if (id !== undefined) for (const { record } of chosen) show(record);
      else for (const { id: number, record } of kept) console.log(summary(number, record));
    });

/** Reads every match, and first checks that the chain of hashes is whole. */
function fromLog(file: string): readonly Kept[] {
  const log = openLog(file, { mustExist: true });
  try {
    refuseBroken(log, file);
    return log.entries();
  } finally {
    log.close();
  }
}

const names = ({ players }: MatchRecord): readonly string[] => players.map(({ name }) => name);

const summary = (id: number, record: MatchRecord): string =>
  `${String(id).padStart(5)}  ${record.game}  ${names(record).join(' – ')}  ${pointsText(record.ending)}  (${endingText(record.ending, names(record))})`;

function show(record: MatchRecord): void {
  const game = gameNamed(record.game);
  let state = replay(game, record.opening);
  console.log(`${record.game}, seed ${record.seed}: ${names(record).join(' (x) – ')} (o)`);
  console.log(`opening: ${record.opening.join(' ') || 'none'}\n${game.show(state)}\n`);
  let number = record.opening.length;
  for (const ply of record.plies) {
    const { seat, move, trace } = ply;
    const who = moverName(seat, names(record));
    if (move === null) console.log(`${who} found no legal move${missesText(ply)}`);
    else {
      state = game.play(state, game.parseMove(move)!);
      console.log(`${++number}. ${who} plays ${move}${missesText(ply)}\n${game.show(state)}`);
    }
    if (trace !== null) console.log(`   ${JSON.stringify(trace)}`);
    console.log();
  }
  console.log(`${pointsText(record.ending)}  (${endingText(record.ending, names(record))})`);
}

async function verifyAll(kept: readonly Kept[], options: ModelOptions): Promise<void> {
  const why = options.cassette === undefined ? undefined : await whyNoModel(options);
  if (why !== undefined) throw new InputError(why);
  let same = 0;
  await withModel(options, async surroundings => {
    const seated = new Map<string, Promise<Agent>>();
    const around = surroundings(line => console.error(line));
    // Each agent is seated once for all its matches: a model studies a game once.
    const seat: Seating = (spec, game) => {
      const key = `${game.name} ${spec}`;
      const agent = seated.get(key) ?? agentNamed(spec, game, around);
      seated.set(key, agent);
      return agent;
    };
    for (const { id, text, record } of kept) {
      const [sign, difference] = await verify(text, record, seat).then(
        found => (found === undefined ? (['ok', undefined] as const) : (['DIFFERS', found] as const)),
        (error: Error) => ['NOT PLAYED', error.message] as const,
      );
      if (sign === 'ok') same++;
      console.log(`${sign}  ${summary(id, record)}${difference === undefined ? '' : `\n    ${difference}`}`);
    }
  });
  console.log(`${same} of ${kept.length} matches came out the same, byte for byte`);
  if (same < kept.length) process.exitCode = 1;
}

/** Brings an agent to a game. */
export type Seating = (spec: string, game: Game) => Promise<Agent>;

/**
 * Plays a match again. Undefined if it comes out the same, else what differs
 * first. A person, a program that is not ours, and whoever broke down in a void
 * match make the logged moves again; the rules then judge those.
 */
export async function verify(text: string, record: MatchRecord, seat: Seating): Promise<string | undefined> {
  const game = gameNamed(record.game);
  const agentOf = async (place: Seat): Promise<Agent> => {
    const { name, conditions } = record.players[place];
    return ['human', 'outside'].includes(conditions.division) || record.ending.kind === 'void'
      ? scripted(record, place)
      : seat(name, game);
  };
  const again = await playMatch({
    game,
    agents: [await agentOf(0), await agentOf(1)],
    seed: record.seed,
    opening: record.opening,
  });
  if (recordText(again) === text) return undefined;
  for (const seat of [0, 1] as const) {
    const [was, is] = [record.players[seat], again.players[seat]];
    if (JSON.stringify(was) !== JSON.stringify(is)) {
      return `seat ${seat} was ${JSON.stringify(was)}, is now ${JSON.stringify(is)}`;
    }
  }
  for (const [i, ply] of record.plies.entries()) {
    const is = again.plies[i];
    if (JSON.stringify(is) !== JSON.stringify(ply)) {
      return `decision ${i + 1} was ${JSON.stringify(ply)}, is now ${JSON.stringify(is ?? null)}`;
    }
  }
  return `the ending was ${JSON.stringify(record.ending)}, is now ${JSON.stringify(again.ending)}`;
}

/** Makes the moves that a record holds for a seat, and ends where they end. */
function scripted({ game: name, players, opening, plies, ending }: MatchRecord, seat: Seat): Agent {
  const game = gameNamed(name);
  const player = players[seat];
  return {
    name: player.name,
    ...(player.fingerprint === null ? {} : { fingerprint: player.fingerprint }),
    conditions: player.conditions,
    decide({ history }) {
      const ply = plies[history.length - opening.length];
      if (!ply)
        throw new Error(ending.kind === 'void' ? ending.reason.replace(`${player.name}: `, '') : 'no move is logged');
      const { move, misses, trace, usage } = ply;
      const rest = { misses, trace, ...(usage === null ? {} : { usage }) };
      const fault = ending.kind === 'forfeit' ? ending.fault : 'illegal';
      return move === null ? { fault, ...rest } : { move: game.parseMove(move) ?? -1, ...rest };
    },
  };
}
