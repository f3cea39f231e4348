/** Agents by the name a person types: 'random', 'mcts:simulations=400', 'llm:text=rules'. */

import type { Agent } from '../agents/agent.ts';
import { equilibriumAgent } from '../agents/cfr.ts';
import { greedyAgent } from '../agents/greedy.ts';
import { mctsAgent } from '../agents/mcts.ts';
import { minimaxAgent } from '../agents/minimax.ts';
import { perfectAgent } from '../agents/perfect.ts';
import { randomAgent } from '../agents/random.ts';
import { scriptAgent } from '../agents/script.ts';
import type { Game, Solver } from '../games/game.ts';
import { InputError } from './errors.ts';
import { suggestion } from './nearest.ts';
import { solverOf } from './solvers.ts';

/** A setting of an agent: a whole number in a range, one of some words, or any text. */
export type Setting =
  | {
      readonly kind: 'number';
      readonly about: string;
      readonly least: number;
      readonly most: number;
      readonly usual: number;
    }
  | { readonly kind: 'choice'; readonly about: string; readonly choices: readonly string[]; readonly usual: string }
  | {
      readonly kind: 'text';
      readonly about: string;
      /** What stands for it in lists: 'PATH'. */
      readonly form: string;
    };

/** What an agent may need from the program around it. */
export interface Surroundings {
  /** Brings a language model to the table. Without it, agents that need one are refused. */
  readonly seatModel?: (settings: ModelSettings, game: Game) => Promise<Agent>;
  /** Asks the person at the terminal. */
  readonly human?: Agent;
  /**
   * Starts the program that a person named. Without it, agents that are one are
   * refused: a name that came out of a file or over the network starts nothing.
   */
  readonly startEngine?: (settings: EngineSettings, game: Game) => Promise<Agent>;
}

export type EngineSettings = GtpSettings | UciSettings;

export interface GtpSettings {
  readonly protocol: 'gtp';
  /** The program, and after spaces its arguments. No shell reads it. */
  readonly command: string;
  /** How long it may take for one move. */
  readonly seconds: number;
}

export interface UciSettings {
  readonly protocol: 'uci';
  readonly command: string;
  /** How long it is told to take for one move. */
  readonly milliseconds: number;
}

export interface ModelSettings {
  readonly text: 'none' | 'rules' | 'rules+guide';
  readonly attempts: number;
}

export interface Kind {
  readonly about: string;
  readonly settings: Readonly<Record<string, Setting>>;
  /** Whether it can be made in a worker thread, from its name alone. */
  readonly portable: boolean;
}

type Values = Readonly<Record<string, string>>;

/** How long an engine may take for one move where nobody says, and how long one is told to take that can be told. */
export const ENGINE_SECONDS = 60;
export const ENGINE_MILLISECONDS = 200;

const COMMAND: Setting = { kind: 'text', about: 'the program and its arguments', form: "'PROGRAM ARGUMENTS'" };

const simulations = (least: number, usual: number): Setting => ({
  kind: 'number',
  about: 'simulations a move',
  least,
  most: 10_000_000,
  usual,
});

export const KINDS: Readonly<Record<string, Kind>> = {
  random: { about: 'any legal move: the floor of every rating list', settings: {}, portable: true },
  greedy: { about: 'wins at once if it can, else stops a loss, else plays at random', settings: {}, portable: true },
  minimax: {
    about: 'alpha-beta search that sees every win and loss within its depth',
    settings: { depth: { kind: 'number', about: 'plies looked ahead', least: 1, most: 12, usual: 4 } },
    portable: true,
  },
  mcts: {
    about: 'Monte-Carlo tree search (UCT) with random playouts',
    settings: { simulations: simulations(1, 1000) },
    portable: true,
  },
  perfect: {
    about:
      'never errs, in games that are solved or small enough to be searched whole; an equilibrium where something is hidden',
    settings: {},
    portable: true,
  },
  script: {
    about: 'a fixed plan that comes with the game, where it has any',
    settings: { name: { kind: 'text', about: "which plan; 'swp games GAME' lists a game's own", form: 'PLAN' } },
    portable: true,
  },
  specialist: {
    about:
      'a trained network, with tree search and, where the game brings a fast one, a search to the end (0 simulations: the network alone); where something is hidden it searches nothing',
    settings: {
      simulations: simulations(0, 200),
      snapshot: {
        kind: 'text',
        about: "its folder, or the first digits of the hash of one that ships; by default the game's own",
        form: 'SNAPSHOT',
      },
    },
    portable: true,
  },
  llm: {
    about: 'a language model that reads the documents, makes notes, and then plays',
    settings: {
      text: {
        kind: 'choice',
        about: 'what it may read',
        choices: ['none', 'rules', 'rules+guide'],
        usual: 'rules+guide',
      },
      attempts: { kind: 'number', about: 'replies it may give for one move', least: 1, most: 5, usual: 2 },
    },
    portable: false,
  },
  gtp: {
    about: 'an engine that speaks GTP, such as gtp-rhino for othello and gnugo for go',
    settings: {
      command: COMMAND,
      seconds: {
        kind: 'number',
        about: 'for one move; later ones forfeit',
        least: 1,
        most: 3600,
        usual: ENGINE_SECONDS,
      },
    },
    portable: true,
  },
  uci: {
    about: 'an engine that speaks UCI, such as Fairy-Stockfish for breakthrough and othello',
    settings: {
      command: COMMAND,
      milliseconds: {
        kind: 'number',
        about: 'that it is told to take for one move',
        least: 1,
        most: 3_600_000,
        usual: ENGINE_MILLISECONDS,
      },
    },
    portable: true,
  },
  human: { about: 'a person at this terminal', settings: {}, portable: false },
};

export interface Spec {
  readonly kind: string;
  /** As it was given and in canonical order; settings left out are not in it. */
  readonly values: Values;
}

/** Splits 'a,b:x=1,y=2,c': a part like 'y=2' belongs to the agent before it. */
export function splitSpecs(list: string): readonly string[] {
  const specs: string[] = [];
  for (const part of list.split(',')) {
    if (/^[a-z-]+=/.test(part) && specs.length > 0) specs[specs.length - 1] += `,${part}`;
    else specs.push(part);
  }
  return specs;
}

/** Throws InputError for a name, a setting or a value that does not exist. */
export function parseSpec(text: string): Spec {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name]! : undefined;
  if (!kind) throw new InputError(`no agent is called '${name}'; ${suggestion(name, Object.keys(KINDS))}`);
  const given = new Map<string, string>();
  for (const part of colon < 0 ? [] : text.slice(colon + 1).split(',')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    const setting = Object.hasOwn(kind.settings, key) ? kind.settings[key]! : undefined;
    if (!setting) {
      const names = Object.keys(kind.settings);
      throw new InputError(
        names.length === 0
          ? `'${text}': ${name} has no settings`
          : `'${text}': ${name} has no setting '${key}'; ${suggestion(key, names)}`,
      );
    }
    if (equals < 0) throw new InputError(`'${text}': say what ${key} is, as in ${name}:${key}=${exampleOf(setting)}`);
    given.set(key, checked(text, key, part.slice(equals + 1), setting));
  }
  const ordered = Object.keys(kind.settings).filter(key => given.has(key));
  return { kind: name, values: Object.fromEntries(ordered.map(key => [key, given.get(key)!])) };
}

const exampleOf = (setting: Setting): string => ('usual' in setting ? String(setting.usual) : setting.form);

function checked(text: string, key: string, value: string, setting: Setting): string {
  switch (setting.kind) {
    case 'number': {
      const number = Number(value);
      if (/^\d+$/.test(value) && number >= setting.least && number <= setting.most) return String(number);
      throw new InputError(
        `'${text}': ${key} must be a whole number from ${setting.least} to ${setting.most}, not '${value}'`,
      );
    }
    case 'choice':
      if (setting.choices.includes(value)) return value;
      throw new InputError(`'${text}': ${key} must be one of ${setting.choices.join(', ')}, not '${value}'`);
    case 'text':
      if (value !== '') return value;
      throw new InputError(`'${text}': ${key} is empty`);
  }
}

/** A spec with every setting that has a usual value, so that two that mean the same agent are the same text. */
export function fullName(text: string): string {
  const { kind, values } = parseSpec(text);
  const settings = Object.entries(KINDS[kind]!.settings).flatMap(([key, setting]) => {
    const value = values[key] ?? ('usual' in setting ? String(setting.usual) : undefined);
    return value === undefined ? [] : [`${key}=${value}`];
  });
  return settings.length === 0 ? kind : `${kind}:${settings.join(',')}`;
}

/** Whether an agent can be made from its name alone, in any thread. */
export const isPortable = (text: string): boolean => KINDS[parseSpec(text).kind]!.portable;

/** Brings an agent to a game. Throws InputError for a spec that means nothing or cannot play this game. */
export async function agentNamed(text: string, game: Game, surroundings: Surroundings = {}): Promise<Agent> {
  const { kind, values } = parseSpec(text);
  const number = (key: string): number => {
    const setting = KINDS[kind]!.settings[key]!;
    return Number(values[key] ?? ('usual' in setting ? setting.usual : Number.NaN));
  };
  switch (kind) {
    case 'random':
      return randomAgent;
    case 'greedy':
      return greedyAgent;
    case 'minimax':
      return minimaxAgent({ depth: number('depth') });
    case 'mcts':
      return mctsAgent({ simulations: number('simulations') });
    case 'perfect':
      try {
        return game.hides ? equilibriumAgent(game) : perfectAgent(triedSolver(game));
      } catch (error) {
        throw new InputError(`'perfect' cannot play ${game.name}: ${error instanceof Error ? error.message : error}`);
      }
    case 'script':
      return scripted(text, values['name'], game);
    case 'specialist': {
      const { loadSpecialist } = await import('./snapshots.ts');
      return loadSpecialist(game, number('simulations'), values['snapshot']);
    }
    case 'llm':
      if (!surroundings.seatModel)
        throw new InputError(`'${text}' needs a language model, which this command does not have`);
      return surroundings.seatModel(
        { text: (values['text'] ?? 'rules+guide') as ModelSettings['text'], attempts: number('attempts') },
        game,
      );
    case 'gtp':
    case 'uci': {
      if (!surroundings.startEngine)
        throw new InputError(`'${text}' would start a program, which this command does not do`);
      const { command } = values;
      if (command === undefined) {
        const example = kind === 'gtp' ? 'gtp-rhino --level=3' : 'fairy-stockfish';
        throw new InputError(`'${kind}': say which program, as in '${kind}:command=${example}'`);
      }
      const settings: EngineSettings =
        kind === 'gtp'
          ? { protocol: kind, command, seconds: number('seconds') }
          : { protocol: kind, command, milliseconds: number('milliseconds') };
      return surroundings.startEngine(settings, game);
    }
    case 'human':
      if (!surroundings.human)
        throw new InputError(`'human' plays in 'swp match', and opposite an agent in 'swp play'`);
      return surroundings.human;
    default:
      throw new Error(`agent '${kind}' is listed but cannot be made`);
  }
}

/** A solver that has scored the first moves, so that a game that is too large is refused before it begins. */
function triedSolver(game: Game): Solver {
  const solver = solverOf(game);
  if (!game.chances) solver(game.start);
  return solver;
}

function scripted(text: string, name: string | undefined, { name: game, scripts = {} }: Game): Agent {
  const names = Object.keys(scripts);
  if (names.length === 0) throw new InputError(`'${text}': no scripted player comes with ${game}`);
  if (name === undefined)
    throw new InputError(`'${text}': say which, as in script:name=${names.join(' or script:name=')}`);
  const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (!script) throw new InputError(`'${text}': ${game} has no script '${name}'; ${suggestion(name, names)}`);
  return scriptAgent(name, script);
}
