/**
 * AlphaStar's league: agents that learn by playing each other and each other's
 * frozen pasts, some of them only to find what the others do wrong. Vinyals et
 * al., "Grandmaster level in StarCraft II using multi-agent reinforcement
 * learning" (Nature 575, 2019), Methods, "Multi-agent learning". It begins with
 * imitation of a search (agents/league-imitation.ts); what a
 * learner makes of its games is in agents/regrets.ts.
 */

import type { Game, Seat } from '../games/game.ts';
import { drawIndex, type Random, seededRandom } from '../games/random.ts';
import { Diverged } from './alphazero.ts';
import { Grounds, type Lesson, Player, playContests, type Table } from './contest.ts';
import { type NetworkShape, shapeFor, type Weights } from './network.ts';
import { averagePolicy, lookBack, type Memory, nextPolicy, teach } from './regrets.ts';
import {
  createEvaluator,
  createTrainer,
  type Learned,
  type Trainer,
  type TrainingEngine,
  untaught,
} from './tensors.ts';

/** Everything that decides how a league is trained, as JSON. */
export interface LeagueRecipe {
  readonly filters: number;
  readonly blocks: number;
  /** What the first network imitates: so many games that a search of so many simulations plays with itself, in so many steps. */
  readonly imitatedGames: number;
  readonly imitatedSimulations: number;
  readonly imitatedSteps: number;
  /** Whom the main agent meets: a league, or nobody but itself. */
  readonly opponents: 'league' | 'itself';
  /** Which share of its games the main agent plays with itself. */
  readonly selfPlay: number;
  /** Which share of the others it plays with those whom it does not beat; the rest with everybody. */
  readonly unbeaten: number;
  /** Who is the stronger is asked of so many games together: 1 where luck plays no part. */
  readonly session: number;
  /** Updates of every learner in one iteration; after it the main agent is frozen. */
  readonly updates: number;
  /** Games for one update of the main agent. */
  readonly games: number;
  /** Games for one update of an exploiter. */
  readonly exploiterGames: number;
  /** Positions in one step of training. */
  readonly batch: number;
  /** Steps of training of each network at the end of an iteration. */
  readonly steps: number;
  /** The learning rate at the beginning and at the end, along a straight line. */
  readonly rate: readonly [number, number];
  /** How often a learner makes any move instead of one of its policy, in order to learn of it, 0 … 1. */
  readonly explored: number;
  /** What the policy it begins with counts, in whole wins: see `lookBack`. */
  readonly trust: number;
  /** Iterations after which an exploiter is frozen even though it did not win. */
  readonly patience: number;
}

export const LEAGUE: LeagueRecipe = {
  filters: 64,
  blocks: 0,
  imitatedGames: 400,
  imitatedSimulations: 50,
  imitatedSteps: 300,
  opponents: 'league',
  selfPlay: 0.8,
  unbeaten: 1,
  session: 1000,
  updates: 100,
  games: 2048,
  exploiterGames: 256,
  batch: 64,
  steps: 400,
  rate: [3e-3, 1e-4],
  explored: 0.3,
  trust: 0.1,
  patience: 4,
};

/** The learners, in this order: a main agent, its exploiter, and an exploiter of the whole league. */
export const ROLES = ['main', 'main exploiter', 'league exploiter'] as const;
export type Role = (typeof ROLES)[number];
const MAIN = 0;
const MAIN_EXPLOITER = 1;

export interface Learner {
  /** The network that is measured, frozen and kept, and that plays where nothing is remembered yet. */
  readonly learned: Learned;
  /** What it plays by. At the end of every iteration its network is taught what `lessonsFor` makes of it. */
  readonly memory: Memory;
  /** Updates since it began or was reset. */
  readonly updates: number;
  /** Iterations since it was frozen or was reset. */
  readonly age: number;
}

/** A past self, which plays on and learns no more. */
export interface Frozen {
  readonly role: Role;
  readonly iteration: number;
  readonly weights: Weights;
}

/** A learner's games with an opponent, the newest counting most. */
export interface Account {
  readonly games: number;
  /** What they were worth to the learner, exploring left out, in whole wins; and the squares of what they came to. */
  readonly won: number;
  readonly squares: number;
}

export interface League {
  readonly iteration: number;
  readonly learners: readonly Learner[];
  /** The first is the one that imitates. */
  readonly frozen: readonly Frozen[];
  /** By learner: against each of `frozen`, and last against the main agent as it is. */
  readonly accounts: readonly (readonly Account[])[];
  readonly games: number;
}

/** What one iteration did. */
export interface LeagueIteration {
  readonly league: League;
  readonly rate: number;
  /** Of the main agent: mean over its steps. */
  readonly loss: number;
  /** By learner: how likely it is to beat whom it is after, the strongest of them. */
  readonly chances: readonly number[];
}

const NOTHING: Account = { games: 0, won: 0, squares: 0 };

/** An opponent is taken for an equal until there are many more games than this. */
const UNTRIED = 100;

/**
 * How likely a learner is to be ahead of an opponent after `session` games, 0 … 1,
 * by the normal distribution. In a single game of cards luck hides who is better.
 */
export function chanceOf({ games, won, squares }: Account, session: number): number {
  if (squares === 0) return 0.5;
  const deviations = (Math.sqrt(session) * (won / (games + UNTRIED))) / Math.sqrt(squares / games);
  // The logistic function nearest to the normal distribution's.
  return 1 / (1 + Math.exp(-1.702 * deviations));
}

/** Prioritised fictitious self-play: how likely each opponent is, by the chances to beat them. Uniform where all weigh nothing. */
export function pfsp(chances: readonly number[], weighting: (chance: number) => number): readonly number[] {
  const weights = chances.map(weighting);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => (sum > 0 ? weight / sum : 1 / weights.length));
}

/** f_hard, p = 2: those one loses to. */
export const hard = (chance: number): number => (1 - chance) ** 2;
/** f_var: those of one's own strength. */
export const even = (chance: number): number => chance * (1 - chance);

/** Below this chance the main agent is too strong for its exploiter to learn from. */
const HOPELESS = 0.2;
/** An exploiter has done its work once it has this chance against everybody it is after. */
const BEATEN = 0.7;
/** How often a league exploiter begins again once it is frozen. */
const RESET = 0.25;
/** What an account keeps in an update. */
const MEMORY = 0.99;

/**
 * How likely a learner's next opponent is each of `frozen`, and last the main
 * agent as it is (for the main agent: itself). `beats` are its chances against
 * them, in the same order.
 */
export function opponentsOf(
  learner: number,
  frozen: readonly Frozen[],
  beats: readonly number[],
  { selfPlay, unbeaten }: Pick<LeagueRecipe, 'selfPlay' | 'unbeaten'>,
): readonly number[] {
  const chances = Array<number>(frozen.length + 1).fill(0);
  /** Gives a part of the games to those frozen who fit; to the main agent where nobody does. */
  const give = (part: number, fits: (member: Frozen, beat: number) => boolean, weighting: (beat: number) => number) => {
    const members = frozen.flatMap((member, i) => (fits(member, beats[i]!) ? [i] : []));
    const among = pfsp(
      members.map(i => beats[i]!),
      weighting,
    );
    for (const [k, i] of members.entries()) chances[i]! += part * among[k]!;
    if (members.length === 0) chances[frozen.length]! += part;
  };
  switch (ROLES[learner]!) {
    case 'main':
      chances[frozen.length] = selfPlay;
      give((1 - selfPlay) * unbeaten, (_, beat) => beat < BEATEN, hard);
      give((1 - selfPlay) * (1 - unbeaten), () => true, hard);
      break;
    case 'main exploiter':
      give(1, ({ role }) => role === 'main' && beats[frozen.length]! < HOPELESS, even);
      break;
    case 'league exploiter':
      give(1, () => true, hard);
  }
  return chances;
}

export const shapeOf = (game: Game, { filters, blocks }: LeagueRecipe): NetworkShape => shapeFor(game, filters, blocks);

const beginner = (weights: Weights): Learner => ({ learned: untaught(weights), memory: new Map(), updates: 0, age: 0 });

/** What a learner's network is taught: the main agent's its average policy; an exploiter's its newest, which is after its opponents' faults as they are now. */
const lessonsFor = (learner: number, memory: Memory): readonly Lesson[] =>
  learner === MAIN ? averagePolicy(memory) : nextPolicy(memory);

/** A league of whoever imitates, and of learners that begin as it. */
export function newLeague({ opponents }: LeagueRecipe, imitator: Weights): League {
  const learners = (opponents === 'league' ? ROLES : [ROLES[MAIN]]).map(() => beginner(imitator));
  const frozen: readonly Frozen[] = [{ role: 'main', iteration: 0, weights: imitator }];
  return { iteration: 0, learners, frozen, accounts: learners.map(() => [NOTHING, NOTHING]), games: 0 };
}

/**
 * Trains without end from `start`, an iteration at a time; the caller stops
 * asking. `done` tells how much of the whole run is behind it, 0 … 1, which sets
 * the learning rate. Throws Diverged when a loss is not finite.
 */
export async function* trainLeague(
  game: Game,
  recipe: LeagueRecipe,
  seed: number,
  start: League,
  done: (iteration: number) => number,
): AsyncGenerator<LeagueIteration> {
  const tables = new Tables(game, recipe);
  const trainers = await Promise.all(start.learners.map(({ learned }) => tables.trainer(learned)));
  let league = start;
  for (;;) {
    const [first, last] = recipe.rate;
    const rate = first + (last - first) * done(league.iteration);
    for (let update = 0; update < recipe.updates; update++) {
      for (const learner of league.learners.keys()) {
        const random = seededRandom(streamOf(seed, league.iteration * recipe.updates + update, learner));
        league = await tables.update(league, learner, random);
      }
    }
    const random = seededRandom(streamOf(seed, league.iteration, ROLES.length));
    let loss = 0;
    for (const [i, learner] of league.learners.entries()) {
      const lessons = lessonsFor(i, learner.memory);
      const mean = await teach(game, trainers[i]!, lessons, { ...recipe, rate }, random);
      if (!Number.isFinite(mean)) {
        throw new Diverged(`the loss of the learner '${ROLES[i]}' is ${mean} in iteration ${league.iteration + 1}`);
      }
      if (i === MAIN) loss = mean;
      league = { ...league, learners: league.learners.with(i, { ...learner, learned: trainers[i]!.learned() }) };
    }
    const beats = league.accounts.map(accounts => accounts.map(account => chanceOf(account, recipe.session)));
    const chances = beats.map((of, learner) => leastOf(learner, of));
    const frozenNow = [...league.learners.keys()].filter(learner =>
      isPromoted(learner, league.learners[learner]!.age + 1, beats[learner]!, recipe.patience),
    );
    league = promoted(league, frozenNow, random);
    for (const [i, learner] of league.learners.entries()) {
      if (learner.age === 0) trainers[i] = await tables.trainer(learner.learned);
    }
    yield { league, rate, loss, chances };
  }
}

/** Numbers apart for each learner of each update. */
const streamOf = (seed: number, update: number, learner: number): number =>
  Math.imul(seed, 0x9e3779b1) + Math.imul(update * (ROLES.length + 1) + learner, 0x85ebca6b);

/** How likely a learner is to beat whom it is after, the strongest of them. `beats` as for `opponentsOf`. */
const leastOf = (learner: number, beats: readonly number[]): number =>
  learner === MAIN_EXPLOITER ? beats.at(-1)! : Math.min(...beats.slice(0, -1));

/** Whether a learner is to be frozen after `age` iterations: the main agent always, an exploiter that wins or whose patience is over. */
export const isPromoted = (learner: number, age: number, beats: readonly number[], patience: number): boolean =>
  learner === MAIN || age >= patience || leastOf(learner, beats) > BEATEN;

/** The league after an iteration: everybody a step older, these learners frozen, exploiters among them begun again. */
function promoted(league: League, frozenNow: readonly number[], random: Random): League {
  const iteration = league.iteration + 1;
  const fresh = frozenNow.map(
    (learner): Frozen => ({ role: ROLES[learner]!, iteration, weights: league.learners[learner]!.learned.weights }),
  );
  const imitator = league.frozen[0]!.weights;
  const begunAgain = new Set(
    frozenNow.filter(learner => learner === MAIN_EXPLOITER || (learner !== MAIN && random() < RESET)),
  );
  return {
    ...league,
    iteration,
    learners: league.learners.map((learner, i) =>
      begunAgain.has(i)
        ? beginner(imitator)
        : { ...learner, age: frozenNow.includes(i) && i !== MAIN ? 1 : learner.age + 1 },
    ),
    frozen: [...league.frozen, ...fresh],
    accounts: league.accounts.map((accounts, i) => {
      const known = begunAgain.has(i) ? accounts.map(() => NOTHING) : accounts;
      return [...known.slice(0, -1), ...fresh.map(() => NOTHING), known.at(-1)!];
    }),
  };
}

/** Where a league plays: keeps what is worked out once, and changes nothing but the time that takes. */
class Tables {
  readonly #grounds: Grounds;
  readonly #recipe: LeagueRecipe;
  readonly #shape: NetworkShape;
  readonly #players = new WeakMap<Weights, Promise<Player>>();

  constructor(game: Game, recipe: LeagueRecipe) {
    this.#grounds = new Grounds(game);
    this.#recipe = recipe;
    this.#shape = shapeOf(game, recipe);
  }

  trainer(learned: Learned): Promise<Trainer> {
    return createTrainer(this.#shape, learned, this.#recipe.batch, 1, ENGINE);
  }

  /** A network alone. */
  #seated(weights: Weights): Promise<Player> {
    const known = this.#players.get(weights) ?? seated(this.#shape, weights);
    this.#players.set(weights, known);
    return known;
  }

  /** Plays a learner's games of one update, in one seat and next time in the other (as CFR+ does), and looks back at them. */
  async update(league: League, learner: number, random: Random): Promise<League> {
    const { explored, trust, opponents, session } = this.#recipe;
    const { memory, updates, ...rest } = league.learners[learner]!;
    const own = (await this.#seated(rest.learned.weights)).remembering(nextPolicy(memory));
    const main = learner === MAIN ? own : await this.#seated(league.learners[MAIN]!.learned.weights);
    const known = league.accounts[learner]!;
    const chances =
      opponents === 'league'
        ? opponentsOf(
            learner,
            league.frozen,
            known.map(account => chanceOf(account, session)),
            this.#recipe,
          )
        : [...league.frozen.map(() => 0), 1];
    const seat: Seat = updates % 2 === 0 ? 0 : 1;
    const met: number[] = [];
    const tables: Table[] = [];
    const games = learner === MAIN ? this.#recipe.games : this.#recipe.exploiterGames;
    for (let game = 0; game < games; game++) {
      const opponent = drawIndex(chances, random);
      const frozen = league.frozen[opponent];
      const other = frozen ? await this.#seated(frozen.weights) : main;
      met.push(opponent);
      tables.push({
        ...(seat === 0
          ? { players: [own, other], explores: [explored, 0] }
          : { players: [other, own], explores: [0, explored] }),
        random: seededRandom(random() * 2 ** 32),
      });
    }
    const contests = await playContests(this.#grounds, tables);
    const { memory: after, worths } = lookBack(memory, contests, seat, updates + 1, trust);
    const accounts = known.map(({ games, won, squares }) => ({
      games: MEMORY * games,
      won: MEMORY * won,
      squares: MEMORY * squares,
    }));
    for (const [i, { worth }] of contests.entries()) {
      const account = accounts[met[i]!]!;
      account.games++;
      account.won += worths[i]!;
      account.squares += worth ** 2;
    }
    return {
      ...league,
      games: league.games + games,
      learners: league.learners.with(learner, { ...rest, memory: after, updates: updates + 1 }),
      accounts: league.accounts.with(learner, accounts),
    };
  }
}

/** A network at the tables that draws from its policy. */
export const seated = async (shape: NetworkShape, weights: Weights): Promise<Player> =>
  new Player(await createEvaluator(shape, weights, JUDGED_AT_ONCE));

/** Every install has it, and small networks train faster in it than in tfjs-node. */
export const ENGINE: TrainingEngine = 'onnxruntime-node';
/** Positions judged by one run of a network. */
const JUDGED_AT_ONCE = 64;
