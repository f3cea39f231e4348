/**
 * Agents that are programs of others. Each runs as a process of its own and is
 * spoken to on its standard input and output: gtp.ts and uci.ts know the
 * protocols, and this file what they have in common.
 */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Agent, Conditions, Decision, Turn } from '../agents/agent.ts';
import type { Game, Move, Seat } from '../games/game.ts';
import { InputError } from './errors.ts';

/** Engines that Debian has: how to start them, what they play, and the package. */
export const KNOWN_ENGINES = [
  { protocol: 'gtp', command: 'gtp-rhino', plays: 'othello', package: 'grhino' },
  { protocol: 'gtp', command: 'gnugo --mode gtp', plays: 'go', package: 'gnugo' },
  { protocol: 'uci', command: 'fairy-stockfish', plays: 'breakthrough', package: 'fairy-stockfish' },
] as const;

/** Seconds for an answer that takes no thought; the first comes when the engine is loaded. */
const PATIENCE = 60;

/** What an engine may say that is no answer yet. */
const MOST_LETTERS = 1_000_000;

/** An engine in a match. What it does rejects with a Failure where it does not follow. */
export interface Player {
  /** Comes before all else: brings it to the game. */
  prepare(): Promise<void>;
  /** Tells it a move that somebody made in `state`. */
  follow(state: unknown, move: Move): Promise<void>;
  /** Asks it for its own move, which it has then made. */
  choose(seat: Seat): Promise<{ readonly answer: string; readonly move: Move | undefined }>;
  end(): void;
}

/**
 * Seats an engine. Each match has a process of its own, so that nothing an engine
 * keeps from one match can change its play in another; it is told every move, and
 * ends with the match after it or with this thread.
 */
export function outsideAgent(game: Game, name: string, budget: Conditions['budget'], begin: () => Player): Agent {
  const table = tableFor(game, begin);
  let last: Promise<unknown> = Promise.resolve();
  return {
    name,
    conditions: { division: 'outside', budget },
    decide(turn) {
      // One at a time, for there is one process.
      const decision = last.then(() => decide(table, turn));
      last = decision.catch(() => undefined);
      return decision;
    },
  };
}

/** The program of a command, and what it is told. Throws InputError where there is none. */
export function programOf(command: string): { readonly file: string; readonly words: readonly string[] } {
  const [program = '', ...words] = command.split(/\s+/).filter(word => word !== '');
  const file = fileOf(program);
  if (file !== undefined) return { file, words };
  const known = KNOWN_ENGINES.find(known => known.command.split(' ')[0] === program);
  throw new InputError(
    `the program '${program}' is not here${known ? `; on Debian 'apt-get install ${known.package}' brings it` : ''}`,
  );
}

/** Where a program is, by its path or its name. Debian's games are not on everybody's PATH. */
export function fileOf(program: string): string | undefined {
  if (program === '') return undefined;
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
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What an engine, asked before it plays, tells of itself. Throws InputError where it gave none of the answers that playing takes. */
export async function introduced<Identity>(command: string, game: Game, asked: Promise<Identity>): Promise<Identity> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new InputError(`'${command}' cannot play ${game.name}: ${error.message}`);
  }
}

/** A match as its engine knows it. */
interface Table {
  /** The engine of `seat`, in the position after these moves. */
  engineAfter(history: readonly Move[], seat: Seat): Promise<Player>;
  /** Its own move, which it made when it was asked for one. */
  made(move: Move): void;
  end(): void;
}

function tableFor(game: Game, begin: () => Player): Table {
  let player: Player | undefined;
  let playing: Seat = 0;
  let told: Move[] = [];
  let state = game.start;
  const made = (move: Move): void => {
    told.push(move);
    state = game.play(state, move);
  };
  const end = (): void => {
    player?.end();
    player = undefined;
  };
  return {
    async engineAfter(history, seat) {
      // One that goes on was told just what a new one would be told, its own moves included.
      if (seat !== playing || told.some((move, i) => move !== history[i])) end();
      if (!player) {
        playing = seat;
        told = [];
        state = game.start;
        player = begin();
        await player.prepare();
      }
      for (const move of history.slice(told.length)) {
        await player.follow(state, move);
        made(move);
      }
      return player;
    },
    made,
    end,
  };
}

async function decide(table: Table, { game, seat, legal, history }: Turn): Promise<Decision> {
  try {
    const moves = history.map(move => {
      if (move === null) throw new Error(`${game.name}: engines of others know no hidden moves`);
      return move;
    });
    const player = await table.engineAfter(moves, seat);
    const { answer, move } = await player.choose(seat);
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
export class Failure extends Error {}

/** It answered that it will not. */
export class Refusal extends Failure {}

/** What a protocol makes of what was heard so far: an answer and what was heard after it; undefined while it is on its way. Throws a Failure where it is none. */
export type Reader<Answer> = (heard: string) => { readonly answer: Answer; readonly rest: string } | undefined;

/** Those that run in this thread. */
const running = new Set<Engine>();
process.on('exit', () => {
  for (const engine of running) engine.end();
});

/**
 * Becomes a program, with a watch beside it that ends them both when its fourth
 * pipe closes. That is so however this process ends, and not every engine ends
 * with its input.
 */
const WATCHED = '(read -r _ <&3; kill -s KILL 0) >&- 2>&- & exec "$0" "$@" 3>&-';

/** A process, which is asked one thing at a time. It keeps nobody waiting: the program may end while it runs, and ends it then. */
export class Engine {
  readonly #child: ChildProcessWithoutNullStreams;
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
    const child =
      process.platform === 'win32'
        ? spawn(file, words, { windowsHide: true })
        : spawn('sh', ['-c', WATCHED, file, ...words], { detached: true, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    this.#child = child as ChildProcessWithoutNullStreams;
    running.add(this);
    const { stdin, stdout, stderr, stdio } = this.#child;
    this.#child.unref();
    for (const pipe of stdio) if (pipe instanceof Socket) pipe.unref();
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
    this.#child.on('exit', () => stdio[3]?.destroy());
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

  /**
   * Says a line and waits for what `read` takes for its answer. Rejects with a
   * Failure, after which it is of no use; its message names `question`, the line
   * as people know it.
   */
  ask<Answer>(line: string, read: Reader<Answer>, seconds = PATIENCE, question = line): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(clock);
        this.#look = () => {};
        act();
      };
      const fail = (why: string): void =>
        settle(() => {
          this.end();
          reject(new Failure(`${question}: ${why}`));
        });
      const clock = setTimeout(() => fail(`no answer within ${seconds} s`), 1000 * seconds);
      this.#look = () => {
        try {
          const found = read(this.#heard);
          if (found) {
            this.#heard = found.rest;
            settle(() => resolve(found.answer));
          } else if (this.#heard.length > MOST_LETTERS) fail('it talks without end');
          else if (this.#over !== undefined) fail(this.#over);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          fail(error.message);
        }
      };
      this.say(line);
      this.#look();
    });
  }

  /** Says a line that is not answered. */
  say(line: string): void {
    this.#child.stdin.write(`${line}\n`);
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
