/**
 * How a learner of a league learns from games: by observation, what each move
 * would have gained is summed up, the learner goes over to playing moves in
 * proportion to that, and its average policy over time is kept beside it. In games
 * of two seats whose interests are opposed it is the average that comes close to
 * an equilibrium; the newest policy may turn in circles for ever.
 *
 * Regret matching+ and linear averaging: Tammelin, "Solving large imperfect
 * information games using CFR+" (arXiv 1407.5042, 2014). From games that are played
 * out (outcome sampling: Lanctot et al., "Monte Carlo sampling for regret
 * minimization in extensive games", NIPS 2009), with running means of how they went
 * on as baselines: Schmid et al., "Variance reduction in Monte Carlo counterfactual
 * regret minimization for extensive form games using baselines" (AAAI 2019), eq. 9;
 * but each visit counts once, as in a policy gradient, not by the inverse of how
 * likely the learner was to come there, which in long games is noise.
 */

import type { Game, Seat } from '../games/game.ts';
import type { Random } from '../games/random.ts';
import type { Contest, Lesson, Moment, Question } from './contest.ts';
import type { Batch, Trainer } from './tensors.ts';

/** What a learner has found out about an observation. The numbers are by legal move, wins and losses count 1 and -1. */
export interface Experience {
  readonly question: Question;
  /** What the move would have gained, summed up, never below 0. */
  readonly regrets: readonly number[];
  /** How games went on after the move: a mean over all tries at first, a running mean later. */
  readonly worths: readonly number[];
  readonly tries: readonly number[];
  /** How likely the learner was to come there by its own moves and to make the move, summed up, the t-th update counting t times. */
  readonly played: readonly number[];
}

export type Memory = ReadonlyMap<string, Experience>;

/** What a new result counts in a running mean at least. */
const NEWEST = 0.02;
/** So many observations are remembered, the newest. */
const MOST_REMEMBERED = 50_000;

/** While it is learned from. */
interface Draft {
  readonly question: Question;
  readonly policy: readonly number[];
  readonly regrets: number[];
  readonly worths: number[];
  readonly tries: number[];
  readonly before: readonly number[];
  visits: number;
  reach: number;
}

/** What a learner makes of its games. */
export interface Lookback {
  readonly memory: Memory;
  /** By game: what it was worth to the learner, had it not explored: right on average, though not in each. */
  readonly worths: readonly number[];
}

/**
 * The memory after the games of update number `update`, from 1 on, in which
 * the moves of `seat` are learned from. An observation met for the first
 * time has regrets in proportion to the policy it was met with, as if each visit
 * of this update had shown a gain of `trust` altogether: so a learner goes on from
 * what it imitates (Brown & Sandholm, "Strategy-based warm starting for regret
 * minimization in games", AAAI 2016).
 */
export function lookBack(
  memory: Memory,
  contests: readonly Contest[],
  seat: Seat,
  update: number,
  trust: number,
): Lookback {
  const drafts = new Map<string, Draft>();
  const worths = contests.map(({ moments, worth }) => {
    const own = moments.filter(moment => moment.seat === seat);
    return reflect(drafts, memory, own, seat === 0 ? worth : -worth);
  });
  const after = new Map(memory);
  for (const [key, { question, policy, regrets, worths, tries, before, visits, reach }] of drafts) {
    const isNew = !memory.has(key);
    const weight = (update * reach) / visits;
    after.delete(key);
    after.set(key, {
      question,
      regrets: regrets.map((regret, i) => Math.max(0, regret + (isNew ? trust * visits * policy[i]! : 0))),
      worths,
      tries,
      played: before.map((sum, i) => sum + weight * policy[i]!),
    });
  }
  for (const key of after.keys()) {
    if (after.size <= MOST_REMEMBERED) break;
    after.delete(key);
  }
  return { memory: after, worths };
}

/**
 * Goes through a game from its end. A move that was not made counts as it went on
 * before; one that was made is corrected by how it went on now. Returns what the
 * game was worth, exploring left out.
 */
function reflect(drafts: Map<string, Draft>, memory: Memory, own: readonly Moment[], result: number): number {
  const reaches = [1];
  for (const { policy, made } of own) reaches.push(reaches.at(-1)! * policy[made]!);
  let worth = result;
  for (let i = own.length - 1; i >= 0; i--) {
    const { question, policy, made, chance } = own[i]!;
    const draft = drafts.get(question.key) ?? draftOf(question, policy, memory.get(question.key));
    drafts.set(question.key, draft);
    const { regrets, worths, tries } = draft;
    const correction = (worth - worths[made]!) / chance;
    const estimates = worths.map((mean, move) => (move === made ? mean + correction : mean));
    const value = estimates.reduce((sum, estimate, move) => sum + policy[move]! * estimate, 0);
    for (const [move, estimate] of estimates.entries()) regrets[move]! += estimate - value;
    tries[made]!++;
    worths[made]! += Math.max(NEWEST, 1 / tries[made]!) * (worth - worths[made]!);
    draft.visits++;
    draft.reach += reaches[i]!;
    worth = value;
  }
  return worth;
}

function draftOf(question: Question, policy: readonly number[], known: Experience | undefined): Draft {
  const nothing = question.legal.map(() => 0);
  const { regrets, worths, tries, played } = known ?? {
    regrets: nothing,
    worths: nothing,
    tries: nothing,
    played: nothing,
  };
  return {
    question,
    policy,
    regrets: [...regrets],
    worths: [...worths],
    tries: [...tries],
    before: played,
    visits: 0,
    reach: 0,
  };
}

/** What to play next: moves in proportion to their regrets, each as likely as any other where there are none. */
export const nextPolicy = (memory: Memory): readonly Lesson[] => lessonsOf(memory, ({ regrets }) => regrets);

/** What was played over time. */
export const averagePolicy = (memory: Memory): readonly Lesson[] => lessonsOf(memory, ({ played }) => played);

const lessonsOf = (memory: Memory, weightsOf: (experience: Experience) => readonly number[]): readonly Lesson[] =>
  [...memory.values()].map(experience => {
    const weights = weightsOf(experience);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const policy = weights.map(weight => (sum > 0 ? weight / sum : 1 / weights.length));
    const value = policy.reduce((total, chance, move) => total + chance * experience.worths[move]!, 0);
    return { question: experience.question, target: { policy, value } };
  });

/** Teaches in `steps` steps, each lesson as often as any other but for one. Returns the mean loss. */
export async function teach(
  { moveCount }: Game,
  trainer: Trainer,
  lessons: readonly Lesson[],
  { steps, batch, rate }: { readonly steps: number; readonly batch: number; readonly rate: number },
  random: Random,
): Promise<number> {
  const size = lessons[0]!.question.observation.length;
  let loss = 0;
  let left: Lesson[] = [];
  for (let step = 0; step < steps; step++) {
    const taught: Batch = {
      input: new Float32Array(batch * size),
      policy: new Float32Array(batch * moveCount),
      value: new Float32Array(batch),
    };
    for (let i = 0; i < batch; i++) {
      if (left.length === 0) left = [...lessons];
      const at = Math.floor(random() * left.length);
      const { question, target } = left[at]!;
      left[at] = left.at(-1)!;
      left.pop();
      taught.input.set(question.observation, i * size);
      for (const [k, move] of question.legal.entries()) taught.policy[i * moveCount + move] = target.policy[k]!;
      taught.value[i] = target.value;
    }
    loss += (await trainer.step(taught, rate)) / steps;
  }
  return loss;
}
