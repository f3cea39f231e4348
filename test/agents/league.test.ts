import { describe, expect, test } from 'vitest';
import { Diverged } from '../../agents/alphazero.ts';
import {
  type Contest,
  Grounds,
  type Lesson,
  type Moment,
  Player,
  playContests,
  questionIn,
} from '../../agents/contest.ts';
import { exploitability } from '../../agents/exploitability.ts';
import { informationTree } from '../../agents/information-tree.ts';
import {
  chanceOf,
  even,
  hard,
  isPromoted,
  LEAGUE,
  type League,
  type LeagueRecipe,
  newLeague,
  opponentsOf,
  pfsp,
  shapeOf,
  trainLeague,
} from '../../agents/league.ts';
import { imitator } from '../../agents/league-imitation.ts';
import { freshWeights } from '../../agents/network.ts';
import { averagePolicy, lookBack, type Memory, nextPolicy } from '../../agents/regrets.ts';
import { drawingSpecialist } from '../../agents/specialist.ts';
import { createEvaluator } from '../../agents/tensors.ts';
import { turnAfter } from '../../arena/match.ts';
import { seededRandom } from '../../games/random.ts';
import { gameNamed } from '../../src/games.ts';

const kuhn = gameNamed('kuhn-poker');

const tiny: LeagueRecipe = {
  ...LEAGUE,
  filters: 8,
  imitatedGames: 20,
  imitatedSimulations: 10,
  imitatedSteps: 10,
  updates: 2,
  games: 32,
  exploiterGames: 16,
  steps: 4,
  batch: 8,
  patience: 2,
};

async function trained(recipe: LeagueRecipe, iterations: number, start?: League): Promise<League> {
  const first = start ?? newLeague(recipe, (await imitator(kuhn, recipe, 1)).weights);
  for await (const { league } of trainLeague(kuhn, recipe, 1, first, iteration => iteration / 4)) {
    if (league.iteration === iterations) return league;
  }
  throw new Error('training ended by itself');
}

describe('prioritised fictitious self-play', () => {
  test('f_hard prefers whom one loses to, f_var whom one is as strong as', () => {
    const hardest = pfsp([0.5, 0, 1], hard);
    for (const [i, chance] of [0.2, 0.8, 0].entries()) expect(hardest[i]).toBeCloseTo(chance, 12);
    const evenest = pfsp([0.5, 0.1, 1], even);
    for (const [i, chance] of [25 / 34, 9 / 34, 0].entries()) expect(evenest[i]).toBeCloseTo(chance, 12);
  });

  test('where everybody is beaten, all are as likely', () => {
    expect(pfsp([1, 1], hard)).toEqual([0.5, 0.5]);
  });

  test('a small gain in every game makes a win likely in many games, and luck less likely', () => {
    expect(chanceOf({ games: 0, won: 0, squares: 0 }, 100)).toBe(0.5);
    const account = { games: 900, won: 100, squares: 900 };
    // A mean of 0.1 over 1,000 games, the 100 that are always doubted among them; a deviation of 1 in each.
    expect(chanceOf(account, 100)).toBeCloseTo(0.846, 3);
    expect(chanceOf(account, 1)).toBeCloseTo(0.542, 3);
    expect(chanceOf({ ...account, won: -100 }, 100)).toBeCloseTo(0.154, 3);
  });
});

describe('who meets whom', () => {
  const weights = {};
  const frozen = [
    { role: 'main', iteration: 0, weights },
    { role: 'main', iteration: 1, weights },
    { role: 'main exploiter', iteration: 1, weights },
  ] as const;
  const chances = (learner: number, beats: readonly number[]) => opponentsOf(learner, frozen, beats, LEAGUE);
  const close = (chances: readonly number[], expected: readonly number[]) => {
    expect(chances.length).toBe(expected.length);
    for (const [i, chance] of expected.entries()) expect(chances[i]).toBeCloseTo(chance, 12);
  };

  test('the main agent plays most of its games with itself, and the others with those it is not known to beat, the hardest first', () => {
    close(chances(0, [0.9, 0.5, 0, 0.5]), [0, 0.04, 0.16, 0.8]);
  });

  test('it plays with itself alone once it beats everybody', () => {
    close(chances(0, [0.9, 0.7, 0.8, 0.5]), [0, 0, 0, 1]);
  });

  test('a share of the others can be left to everybody, by priority', () => {
    const shares = { selfPlay: 0.4, unbeaten: 0.25 };
    close(opponentsOf(0, frozen, [1, 1, 0.4, 0.5], shares), [0, 0, 0.6, 0.4]);
    // Nobody is unbeaten: 0.15 go to the main agent itself.
    close(opponentsOf(0, frozen, [1, 0.8, 0.8, 0.5], shares), [0, 0.225, 0.225, 0.55]);
  });

  test('the exploiter of the main agent plays with it, unless that is hopeless: then with its pasts, the even ones first', () => {
    close(chances(1, [0.5, 0.5, 0.5, 0.3]), [0, 0, 0, 1]);
    close(chances(1, [0.5, 0, 0.5, 0.1]), [1, 0, 0, 0]);
  });

  test('the exploiter of the league plays with everybody who is frozen', () => {
    close(chances(2, [0.5, 1, 0, 0.5]), [0.2, 0, 0.8, 0]);
  });
});

test('the main agent is frozen always, an exploiter when it beats whom it is after, or when its patience is over', () => {
  // Against two who are frozen, and against the main agent as it is.
  const strongNow = [0.2, 0.2, 0.8];
  const strongBefore = [0.8, 0.8, 0.2];
  const promoted = (beats: readonly number[], age: number) => [0, 1, 2].filter(i => isPromoted(i, age, beats, 10));
  expect(promoted(strongNow, 1)).toEqual([0, 1]);
  expect(promoted(strongBefore, 1)).toEqual([0, 2]);
  expect(promoted(strongBefore, 10)).toEqual([0, 1, 2]);
});

describe('looking back at games', () => {
  const question = (key: string) => ({ key, observation: new Float32Array(1), legal: [0, 1] });
  const moment = (key: string, made: number, policy: readonly number[], chance = policy[made]!): Moment => ({
    seat: 0,
    question: question(key),
    policy,
    made,
    chance,
  });
  const even = [0.5, 0.5];
  const learnt = (memory: Memory, contests: readonly Contest[], update = 1, trust = 0) =>
    lookBack(memory, contests, 0, update, trust);
  const policyOf = (memory: Memory, key: string) =>
    nextPolicy(memory).find(({ question }) => question.key === key)!.target.policy;

  test('the move that lost has nothing to be regretted for, the one that was not made all', () => {
    const { memory } = learnt(new Map(), [{ moments: [moment('a', 0, even)], worth: -1 }]);
    // The game was worth -1 · 2 · ½: a move that was not made counts as nothing so far, one made half of the time as twice its result.
    expect(memory.get('a')!.regrets).toEqual([0, 1]);
    expect(policyOf(memory, 'a')).toEqual([0, 1]);
  });

  test('once it is known how games go on, a game that goes on so shows nothing new but the difference between the moves', () => {
    const known = { question: question('a'), regrets: [0, 0], worths: [0.4, -0.2], tries: [9, 9], played: [0, 0] };
    const { memory, worths } = learnt(new Map([['a', known]]), [{ moments: [moment('a', 0, even)], worth: 0.4 }]);
    expect(worths[0]).toBeCloseTo(0.1, 12);
    expect(memory.get('a')!.regrets[0]).toBeCloseTo(0.3, 12);
    expect(memory.get('a')!.regrets[1]).toBe(0);
  });

  test('whoever explores is not blamed for it: the worth is that of the policy, on average', () => {
    // The policy always makes move 0, which wins; exploring makes move 1, which loses, in a quarter of all games.
    const contests = Array.from({ length: 400 }, (_, i) => {
      const made = i % 4 === 0 ? 1 : 0;
      return { moments: [moment('a', made, [1, 0], made === 0 ? 0.75 : 0.25)], worth: made === 0 ? 1 : -1 };
    });
    const { worths } = learnt(new Map(), contests);
    const late = worths.slice(200);
    expect(late.reduce((sum, worth) => sum + worth, 0) / late.length).toBeCloseTo(1, 6);
  });

  test('a seat of which nothing is learned leaves no trace', () => {
    const contest = { moments: [{ ...moment('a', 0, even), seat: 1 as const }], worth: 0.5 };
    const { memory, worths } = learnt(new Map(), [contest]);
    expect(memory.size).toBe(0);
    expect(worths).toEqual([0.5]);
  });

  test('it begins as the policy that it was met with, the more so the more that is trusted', () => {
    const contests = [{ moments: [moment('a', 0, [0.8, 0.2])], worth: 0 }];
    const [first, second] = policyOf(learnt(new Map(), contests, 1, 1).memory, 'a');
    expect(first).toBeCloseTo(0.8, 12);
    expect(second).toBeCloseTo(0.2, 12);
  });

  test('the average counts a policy by how likely its own moves led there, and by the number of the update', () => {
    const through = (chance: number, policy: readonly number[]): Contest => ({
      moments: [moment('a', 0, [chance, 1 - chance]), moment('b', 0, policy)],
      worth: 0,
    });
    const first = learnt(new Map(), [through(0.9, [1, 0])], 1).memory;
    const second = learnt(first, [through(0.1, [0.2, 0.8])], 3).memory;
    const { policy } = averagePolicy(second).find(({ question }) => question.key === 'b')!.target;
    // 1 · 0.9 · (1, 0) + 3 · 0.1 · (0.2, 0.8), that is (0.96, 0.24).
    expect(policy[0]).toBeCloseTo(0.8, 12);
  });
});

test('games depend on their numbers alone, and a seat that explores makes every move now and then', async () => {
  const shape = shapeOf(kuhn, tiny);
  const player = new Player(await createEvaluator(shape, freshWeights(shape, seededRandom(1)), 8));
  const tables = () =>
    Array.from({ length: 50 }, (_, n) => ({
      players: [player, player] as const,
      explores: [0, 0.2] as const,
      random: seededRandom(n),
    }));
  const contests = await playContests(new Grounds(kuhn), tables());
  expect(await playContests(new Grounds(kuhn), tables())).toEqual(contests);
  expect(await playContests(new Grounds(kuhn), tables().slice(20))).toEqual(contests.slice(20));

  for (const { seat, policy, made, chance } of contests.flatMap(({ moments }) => moments)) {
    expect(chance).toBeCloseTo(seat === 0 ? policy[made]! : 0.8 * policy[made]! + 0.1, 12);
  }
});

test('the same seed trains the same league, and one resumed ends where the whole one ends', async () => {
  const whole = await trained(tiny, 3);
  expect(await trained(tiny, 3)).toEqual(whole);
  expect(await trained(tiny, 3, await trained(tiny, 1))).toEqual(whole);
  expect(whole.frozen.map(({ role, iteration }) => `${role} ${iteration}`)).toEqual(
    expect.arrayContaining(['main 0', 'main 1', 'main 2', 'main 3', 'main exploiter 2', 'league exploiter 3']),
  );
  expect(whole.games).toBe(3 * 2 * (32 + 16 + 16));
});

test('the average policy is hard to exploit, while the newest still turns about it', async () => {
  const recipe = { ...tiny, opponents: 'itself', updates: 80, games: 256 } as const;
  const { memory } = (await trained(recipe, 4)).learners[0]!;
  const tree = informationTree(kuhn);
  const nashConvOf = (lessons: readonly Lesson[]) => {
    const policies = new Map(lessons.map(({ question, target }) => [question.key, target.policy]));
    const strategy = tree.sets.flatMap(({ state }) => policies.get(questionIn(kuhn, state).key)!);
    return exploitability(tree, Float64Array.from(strategy)).nashConv * tree.pointsPerWin!;
  };
  // Of even chances everywhere it is 0.917.
  expect(nashConvOf(averagePolicy(memory))).toBeLessThan(0.1);
  expect(nashConvOf(nextPolicy(memory))).toBeGreaterThan(nashConvOf(averagePolicy(memory)));
});

test('who plays itself alone has no exploiters', async () => {
  const { learners, frozen } = await trained({ ...tiny, opponents: 'itself' }, 2);
  expect(learners.length).toBe(1);
  expect(frozen.map(({ role }) => role)).toEqual(['main', 'main', 'main']);
});

test('a loss that is no number any more stops the training', async () => {
  await expect(trained({ ...tiny, rate: [1e30, 1e30] }, 4)).rejects.toThrow(Diverged);
});

test('where cards are hidden the specialist draws from its policy, the same way for the same seed', async () => {
  const shape = shapeOf(kuhn, tiny);
  const evaluator = await createEvaluator(shape, freshWeights(shape, seededRandom(3)), 1);
  const agent = drawingSpecialist(kuhn, evaluator, { name: 'specialist:simulations=0', fingerprint: 'f' });
  const ask = (seed: number) => agent.decide(turnAfter(kuhn, ['q', 'j'], seed)!) as Promise<{ move: number }>;
  const [pass] = (await agent.policy!(turnAfter(kuhn, ['q', 'j'], 1)!)) as readonly number[];
  const decisions = await Promise.all(Array.from({ length: 300 }, (_, seed) => ask(seed)));
  expect(decisions).toEqual(await Promise.all(Array.from({ length: 300 }, (_, seed) => ask(seed))));
  expect(Math.abs(decisions.filter(({ move }) => move === 0).length / 300 - pass!)).toBeLessThan(0.1);
});
