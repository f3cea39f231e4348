/** Agents by the name a person types: 'random', 'mcts:simulations=400', 'specialist:simulations=200,snapshot=runs/a'. */

import type { Agent } from '../agents/agent.ts';
import { mctsAgent } from '../agents/mcts.ts';
import { randomAgent } from '../agents/random.ts';
import type { Game } from '../games/game.ts';
import { InputError } from './errors.ts';
import { loadSpecialist } from './snapshots.ts';

type Settings = Readonly<Record<string, string>>;

interface Kind {
  /** The settings it may be given. */
  readonly settings: readonly string[];
  make(settings: Settings, game: Game): Agent | Promise<Agent>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  random: { settings: [], make: () => randomAgent },
  mcts: {
    settings: ['simulations'],
    make: settings => mctsAgent({ simulations: wholeNumber(settings, 'simulations', 1, 1000) }),
  },
  specialist: {
    settings: ['simulations', 'snapshot'],
    make: (settings, game) => loadSpecialist(game, wholeNumber(settings, 'simulations', 0, 200), settings['snapshot']),
  },
};

/** Throws InputError for a name, a setting or a value that does not exist. */
export async function agentNamed(text: string, game: Game): Promise<Agent> {
  const [name = '', ...rest] = text.split(':');
  const kind = KINDS[name];
  if (!kind) throw new InputError(`no agent is called '${name}'; the agents are ${Object.keys(KINDS).join(', ')}`);
  const settings = Object.fromEntries(
    rest
      .join(':')
      .split(',')
      .filter(part => part !== '')
      .map(part => part.split('=') as [string, string]),
  );
  const odd = Object.keys(settings).find(key => !kind.settings.includes(key));
  if (odd !== undefined) {
    throw new InputError(`'${text}': ${name} has no setting '${odd}'; it has ${kind.settings.join(', ') || 'none'}`);
  }
  return kind.make(settings, game);
}

function wholeNumber(settings: Settings, key: string, least: number, otherwise: number): number {
  const text = settings[key];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && text !== '') return value;
  throw new InputError(`${key}=${text} is not a whole number of ${least} or more`);
}
