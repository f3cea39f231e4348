/** Agents that are engines speaking GTP, the Go Text Protocol (version 2: Farnebäck 2002). */

import type { Agent } from '../agents/agent.ts';
import type { Game, Gtp, Seat } from '../games/game.ts';
import { InputError } from './errors.ts';
import { Engine, Failure, introduced, outsideAgent, type Player, programOf, type Reader, Refusal } from './outside.ts';
import { ENGINE_SECONDS, type GtpSettings } from './roster.ts';

/** By seat. */
const COLOURS = ['black', 'white'] as const;

/** Throws InputError where the program is missing, does not speak GTP, or refuses the game. */
export async function gtpAgent({ command, seconds }: GtpSettings, game: Game): Promise<Agent> {
  const { gtp } = game;
  if (!gtp) throw new InputError(`'gtp' cannot play ${game.name}: no engines that speak GTP are known for it`);
  const { file, words } = programOf(command);
  const start = () => new GtpEngine(file, words);

  const { engine, version } = await introduced(command, game, gtpIdentity(start(), gtp));
  const name = `gtp:command=${command}${seconds === ENGINE_SECONDS ? '' : `,seconds=${seconds}`}`;
  return outsideAgent(game, name, { engine, version, seconds }, () => playerOf(start(), game, gtp, seconds));
}

/** Asks an engine who it is and whether it plays the game, and ends it. */
export async function gtpIdentity(
  engine: GtpEngine,
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

async function prepare(engine: GtpEngine, { size, komi }: Gtp): Promise<void> {
  await engine.ask(`boardsize ${size}`);
  await engine.ask('clear_board');
  if (komi !== undefined) await engine.ask(`komi ${komi}`);
}

const playerOf = (engine: GtpEngine, game: Game, gtp: Gtp, seconds: number): Player => ({
  prepare: () => prepare(engine, gtp),
  async follow(state, move) {
    const seat = game.turn(state);
    if (seat === 'chance') throw new Error(`${game.name}: GTP has no moves of chance`);
    const isForced = game.moves(state).length === 1;
    const answer = engine.ask(`play ${COLOURS[seat]} ${game.formatMove(move)}`);
    // Engines that make forced passes by themselves, as gtp-rhino does, want to hear of none.
    await (isForced ? answer.catch(unlessRefused) : answer);
  },
  async choose(seat: Seat) {
    const answer = await engine.ask(`genmove ${COLOURS[seat]}`, seconds);
    return { answer, move: game.parseMove(answer.toLowerCase()) };
  },
  end: () => engine.end(),
});

function unlessRefused(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

/** The sign of success or failure, the number of the question, and whatever comes before an empty line. */
const ANSWER = /^\s*([=?])(\d*)([\s\S]*?)\n[ \t]*\n/;

export class GtpEngine {
  readonly #engine: Engine;
  #asked = 0;

  constructor(file: string, words: readonly string[]) {
    this.#engine = new Engine(file, words);
  }

  /** The text of its answer to a command. Rejects with a Failure, after which it is of no use unless that is a Refusal. */
  async ask(command: string, seconds?: number): Promise<string> {
    const number = ++this.#asked;
    const { isRefusal, text } = await this.#engine.ask(`${number} ${command}`, readerOf(number), seconds, command);
    if (isRefusal) throw new Refusal(`${command}: the engine refuses: ${text}`);
    return text;
  }

  end(): void {
    this.#engine.end();
  }
}

const readerOf =
  (number: number): Reader<{ readonly isRefusal: boolean; readonly text: string }> =>
  heard => {
    const answer = ANSWER.exec(heard);
    if (answer) {
      const [all, sign, id, text = ''] = answer;
      if (Number(id) !== number) throw new Failure(`answered '${all.trim()}', which belongs to no question`);
      return { answer: { isRefusal: sign === '?', text: text.trim() }, rest: heard.slice(all.length) };
    }
    if (/^\s*[^\s=?]/.test(heard)) {
      throw new Failure(`answered '${heard.trim().split('\n')[0]!.slice(0, 80)}', which is not GTP`);
    }
    return undefined;
  };
