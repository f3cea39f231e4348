/** Agents that are programs of others: engines that speak GTP, the Go Text Protocol (version 2), on their standard input and output. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Agent, Decision, Turn } from '../agents/agent.ts';
import type { Game, Gtp, Move, Seat } from '../games/game.ts';
import { InputError } from './errors.ts';
import { ENGINE_SECONDS, type EngineSettings } from './roster.ts';

/** Engines that Debian has: the program with what makes it speak GTP, and the package. */
export const KNOWN_ENGINES = [
  { command: 'gtp-rhino', plays: 'othello', package: 'grhino' },
  { command: 'gnugo --mode gtp', plays: 'go', package: 'gnugo' },
] as const;

/** By seat. */
const COLOURS = ['black', 'white'] as const;

/** Seconds for an answer that takes no thought; the first comes when the engine is loaded. */
const PATIENCE = 60;

/** What an engine may say that is no answer yet. */
const MOST_LETTERS = 1_000_000;

/**
 * Seats an engine. Each match has a process of its own, so that nothing an engine
 * keeps from one match can change its play in another; it is told every move, and
 * ends with the match after it or with this thread. Throws InputError where the
 * program is missing, does not speak GTP, or refuses the game.
 */
export async function gtpAgent({ command, seconds }: EngineSettings, game: Game): Promise<Agent> {
  const { gtp } = game;
  if (!gtp) throw new InputError(`'gtp' cannot play ${game.name}: no engines that speak GTP are known for it`);
  const [program, ...words] = command.split(/\s+/).filter(word => word !== '');
  const file = program === undefined ? undefined : fileOf(program);
  if (file === undefined) throw new InputError(notFound(program ?? command));
  const start = () => new Engine(file, words);

  const { engine, version } = await identityOf(start(), gtp).catch((error: unknown) => {
    if (error instanceof Failure) throw new InputError(`'${command}' cannot play ${game.name}: ${error.message}`);
    throw error;
  });
  const table = tableFor(game, gtp, start);
  let last: Promise<unknown> = Promise.resolve();
  return {
    name: `gtp:command=${command}${seconds === ENGINE_SECONDS ? '' : `,seconds=${seconds}`}`,
    conditions: { division: 'outside', budget: { engine, version, seconds } },
    decide(turn) {
      // One at a time, for there is one process.
      const decision = last.then(() => decide(table, turn, seconds));
      last = decision.catch(() => undefined);
      return decision;
    },
  };
}

/** Where a program is, by its path or its name. Debian's games are not on everybody's PATH. */
export function fileOf(program: string): string | undefined {
  if (program.includes('/')) return isProgram(program) ? program : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/games'];
  return folders
    .filter(folder => folder !== '')
    .map(folder => join(folder, program))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function notFound(program: string): string {
  const known = KNOWN_ENGINES.find(({ command }) => command.split(' ')[0] === program);
  return `the program '${program}' is not here${known ? `; on Debian 'apt-get install ${known.package}' brings it` : ''}`;
}

/** Asks an engine who it is and whether it plays the game, and ends it. */
export async function identityOf(
  engine: Engine,
  gtp?: Gtp,
): Promise<{ readonly engine: string; readonly version: string }> {
  try {
    const identity = { engine: await engine.ask('name'), version: await engine.ask('version') };
    if (gtp) await prepare(engine, gtp);
    return identity;
  } finally {
    engine.end();
  }
}

async function prepare(engine: Engine, { size, komi }: Gtp): Promise<void> {
  await engine.ask(`boardsize ${size}`);
  await engine.ask('clear_board');
  if (komi !== undefined) await engine.ask(`komi ${komi}`);
}

/** A match as its engine knows it. */
interface Table {
  /** The engine of `seat`, in the position after these moves. Rejects with a Failure where it does not follow. */
  engineAfter(history: readonly Move[], seat: Seat): Promise<Engine>;
  /** Its own move, which it made when it was asked for one. */
  made(move: Move): void;
  end(): void;
}

function tableFor(game: Game, gtp: Gtp, start: () => Engine): Table {
  let engine: Engine | undefined;
  let playing: Seat = 0;
  let told: Move[] = [];
  let state = game.start;
  const made = (move: Move): void => {
    told.push(move);
    state = game.play(state, move);
  };
  const end = (): void => {
    engine?.end();
    engine = undefined;
  };
  return {
    async engineAfter(history, seat) {
      // One that goes on was told just what a new one would be told, its own moves included.
      if (seat !== playing || told.some((move, i) => move !== history[i])) end();
      if (!engine) {
        playing = seat;
        told = [];
        state = game.start;
        engine = start();
        await prepare(engine, gtp);
      }
      for (const move of history.slice(told.length)) {
        const isForced = game.moves(state).length === 1;
        const answer = engine.ask(`play ${colourOf(game, state)} ${game.formatMove(move)}`);
        // Engines that make forced passes by themselves, as gtp-rhino does, want to hear of none.
        await (isForced ? answer.catch(unlessRefused) : answer);
        made(move);
      }
      return engine;
    },
    made,
    end,
  };
}

function colourOf(game: Game, state: unknown): string {
  const seat = game.turn(state);
  if (seat === 'chance') throw new Error(`${game.name}: GTP has no moves of chance`);
  return COLOURS[seat];
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

async function decide(table: Table, { game, seat, legal, history }: Turn, seconds: number): Promise<Decision> {
  try {
    const moves = history.map(move => {
      if (move === null) throw new Error(`${game.name}: GTP has no hidden moves`);
      return move;
    });
    const engine = await table.engineAfter(moves, seat);
    const answer = await engine.ask(`genmove ${COLOURS[seat]}`, seconds);
    const move = game.parseMove(answer.toLowerCase());
    if (move !== undefined && legal.includes(move)) {
      table.made(move);
      return { move };
    }
    table.end();
    const fault = answer.toLowerCase() === 'resign' ? 'resigned' : move === undefined ? 'unparsable' : 'illegal';
    return { fault, trace: { answer } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    table.end();
    return { fault: 'failed', trace: { failed: error.message } };
  }
}

/** An engine gave no answer to go on with; the message names the command and tells why. */
class Failure extends Error {}

/** It answered that it will not. */
class Refusal extends Failure {}

/** The sign of success or failure, the number of the question, and whatever comes before an empty line. */
const ANSWER = /^\s*([=?])(\d*)([\s\S]*?)\n[ \t]*\n/;

/** Those that run in this thread. */
const running = new Set<Engine>();
process.on('exit', () => {
  for (const engine of running) engine.end();
});

/** A process, which is asked one thing at a time. It keeps nobody waiting: the program may end while it runs, and ends it then. */
export class Engine {
  readonly #child: ChildProcessWithoutNullStreams;
  #asked = 0;
  /** What it said since its last answer. */
  #heard = '';
  /** The end of what it wrote to its standard error. */
  #complaint = '';
  /** Why there will be no further answer, once that is so. */
  #over: string | undefined;
  /** Whoever waits for an answer looks whether it has come. */
  #look = (): void => {};

  constructor(file: string, words: readonly string[]) {
    // In a group of its own, so that Ctrl-C stops the match and not its engine first.
    this.#child = spawn(file, words, { detached: process.platform !== 'win32', windowsHide: true });
    running.add(this);
    const { stdin, stdout, stderr } = this.#child;
    this.#child.unref();
    for (const pipe of [stdin, stdout, stderr]) if (pipe instanceof Socket) pipe.unref();
    stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#heard += text.replaceAll('\r', '');
      this.#look();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-200);
    });
    // That nobody reads is told by its end.
    stdin.on('error', () => undefined);
    this.#child.on('error', error => this.#stop(`it cannot be run (${error.message})`));
    this.#child.on('close', (code, signal) => {
      const complaint = this.#complaint.trim().split('\n').at(-1);
      this.#stop(`the engine ended (${signal ?? `exit code ${code}`})${complaint ? `: ${complaint}` : ''}`);
    });
  }

  #stop(why: string): void {
    running.delete(this);
    this.#over ??= why;
    this.#look();
  }

  /** The text of its answer to a command. Rejects with a Failure, after which it is of no use unless that is a Refusal. */
  ask(command: string, seconds = PATIENCE): Promise<string> {
    const number = ++this.#asked;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(clock);
        this.#look = () => {};
        act();
      };
      const fail = (why: string): void =>
        settle(() => {
          this.end();
          reject(new Failure(`${command}: ${why}`));
        });
      const clock = setTimeout(() => fail(`no answer within ${seconds} s`), 1000 * seconds);
      this.#look = () => {
        const answer = ANSWER.exec(this.#heard);
        if (answer) {
          const [all, sign, id, text = ''] = answer;
          this.#heard = this.#heard.slice(all.length);
          if (Number(id) !== number) fail(`answered '${all.trim()}', which belongs to no question`);
          else if (sign === '?') settle(() => reject(new Refusal(`${command}: the engine refuses: ${text.trim()}`)));
          else settle(() => resolve(text.trim()));
        } else if (/^\s*[^\s=?]/.test(this.#heard) || this.#heard.length > MOST_LETTERS) {
          fail(`answered '${this.#heard.trim().split('\n')[0]!.slice(0, 80)}', which is not GTP`);
        } else if (this.#over !== undefined) fail(this.#over);
      };
      this.#child.stdin.write(`${number} ${command}\n`);
      this.#look();
    });
  }

  end(): void {
    running.delete(this);
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      // With all that it started, for the program may be a script around the engine.
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // It was quicker.
    }
  }
}
