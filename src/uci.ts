/** Agents that are engines speaking UCI, the Universal Chess Interface, as Fairy-Stockfish speaks it for games beside chess. */

import type { Agent } from '../agents/agent.ts';
import type { Game, Move, Uci } from '../games/game.ts';
import { InputError } from './errors.ts';
import { Engine, Failure, introduced, outsideAgent, type Player, programOf, type Reader } from './outside.ts';
import { ENGINE_MILLISECONDS, type UciSettings } from './roster.ts';

/** Seconds that an engine may be late with its move. */
const LATE = 60;

/** Throws InputError where the program is missing, does not speak UCI, or does not know the game. */
export async function uciAgent({ command, milliseconds }: UciSettings, game: Game): Promise<Agent> {
  const { uci } = game;
  if (!uci) throw new InputError(`'uci' cannot play ${game.name}: no engines that speak UCI are known for it`);
  const { file, words } = programOf(command);
  const start = () => new Engine(file, words);

  const engine = await introduced(command, game, uciIdentity(start(), uci));
  const time = milliseconds === ENGINE_MILLISECONDS ? '' : `,milliseconds=${milliseconds}`;
  return outsideAgent(game, `uci:command=${command}${time}`, { engine, milliseconds }, () =>
    playerOf(start(), uci, milliseconds),
  );
}

/** Asks an engine who it is and whether it plays the game, and ends it. */
export async function uciIdentity(engine: Engine, uci?: Uci): Promise<string> {
  try {
    return await prepare(engine, uci);
  } finally {
    engine.end();
  }
}

/** Makes an engine ready for a match. Returns its name. */
async function prepare(engine: Engine, uci?: Uci): Promise<string> {
  const said = await engine.ask('uci', until(/^uciok\b.*$/m));
  const name = /^id name (.*)$/m.exec(said)?.[1]?.trim();
  if (name === undefined) throw new Failure('uci: the engine does not say its name');
  if (uci) {
    const variants = /^option name UCI_Variant type combo (.*)$/m.exec(said)?.[1]?.split(/\s+/) ?? [];
    if (!variants.includes(uci.variant)) throw new Failure(`${name} does not know the game it calls ${uci.variant}`);
    engine.say(`setoption name UCI_Variant value ${uci.variant}`);
    engine.say('ucinewgame');
    await ready(engine);
  }
  return name;
}

const ready = (engine: Engine): Promise<string> => engine.ask('isready', until(/^readyok\b.*$/m));

function playerOf(engine: Engine, uci: Uci, milliseconds: number): Player {
  const moves: string[] = [];
  return {
    async prepare() {
      await prepare(engine, uci);
    },
    async follow(state: unknown, move: Move) {
      moves.push(uci.format(state, move));
    },
    async choose() {
      // Whatever it said after its last move comes before its 'readyok', and is not taken for the next one.
      await ready(engine);
      engine.say(`position startpos${moves.length > 0 ? ' moves ' : ''}${moves.join(' ')}`);
      const said = await engine.ask(
        `go movetime ${milliseconds}`,
        until(/^bestmove\b.*$/m),
        LATE + milliseconds / 1000,
      );
      const answer = /^bestmove (\S+)/m.exec(said)?.[1] ?? said.trim().split('\n').at(-1)!;
      moves.push(answer);
      return { answer, move: uci.parse(answer) };
    },
    end: () => engine.end(),
  };
}

/** All that is said up to a whole line that matches; anything else is talk. */
const until =
  (line: RegExp): Reader<string> =>
  heard => {
    const match = line.exec(heard);
    if (!match) return undefined;
    const end = match.index + match[0].length;
    return heard[end] === '\n' ? { answer: heard.slice(0, end), rest: heard.slice(end + 1) } : undefined;
  };
