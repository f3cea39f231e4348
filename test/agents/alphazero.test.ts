import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Turn } from '../../agents/agent.ts';
import {
  beginning,
  Diverged,
  draw,
  type Hall,
  mayResign,
  positionKey,
  RECIPE,
  type Recipe,
  shapeOf,
  train,
} from '../../agents/alphazero.ts';
import { packInto, unpacked } from '../../agents/observations.ts';
import type { Seer } from '../../agents/perfect.ts';
import { type Lessons, type SelfPlaySettings, selfPlay } from '../../agents/selfplay.ts';
import { sightsOf, specialistAgent } from '../../agents/specialist.ts';
import { createEvaluator, type Evaluator } from '../../agents/tensors.ts';
import { turnAfter } from '../../arena/match.ts';
import { type ConnectFour, connectFour as connectFourFamily } from '../../games/connect-four/rules.ts';
import { gameFor, gameOf } from '../../games/family.ts';
import { type Game, replay } from '../../games/game.ts';
import { hex as hexFamily } from '../../games/hex/rules.ts';
import { kalah as kalahFamily } from '../../games/kalah/rules.ts';
import { nim as nimFamily } from '../../games/nim/rules.ts';
import { seededRandom } from '../../games/random.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';
import { playout } from '../playouts.ts';

const connectFour = gameOf(connectFourFamily);
const ticTacToe = gameOf(ticTacToeFamily);
const solve = connectFour.solver!(gunzipSync(readFileSync('games/connect-four/book.gz')));

const settings: SelfPlaySettings = { ...RECIPE.selfPlay, fullSimulations: 20, fastSimulations: 5 };

const tiny: Recipe = {
  ...RECIPE,
  filters: 8,
  blocks: 1,
  batch: 32,
  gamesPerIteration: 12,
  selfPlay: settings,
  leastWindow: 500,
};

/** Judges every position as even, every move as good as the next. */
const clueless = (game: Game, batch: number): Evaluator => {
  const [planes, rows, columns] = game.observationShape;
  return {
    batch,
    input: new Float32Array(batch * planes * rows * columns),
    policy: new Float32Array(batch * game.moveCount).fill(1 / game.moveCount),
    value: new Float32Array(batch),
    run: async () => {},
  };
};

const some = (game: Game<never>) => game as unknown as Game;
const c4 = some(connectFour as Game<never>);
const ttt = some(ticTacToe as Game<never>);

const played = (game: Game, from: number, to: number, heldOut: (observation: Float32Array) => boolean = () => false) =>
  selfPlay(game, clueless(game, 4), settings, { seed: 3, from, to, resigns: true }, heldOut);

const rowsOf = ({ count, observations }: Lessons): string[] =>
  Array.from({ length: count }, (_, i) => {
    const size = observations.length / count;
    return Array.from(observations.subarray(i * size, (i + 1) * size), unpacked).join('');
  });

test('the same seed plays the same games, and the games go on where the numbers go on', async () => {
  const all = await played(c4, 0, 6);
  expect(await played(c4, 0, 6)).toEqual(all);
  const parts = [...rowsOf(await played(c4, 0, 3)), ...rowsOf(await played(c4, 3, 6))];
  expect(parts.toSorted()).toEqual(rowsOf(all).toSorted());
});

test('a lesson is a full search: its policy sums to 1 over legal moves, its value lies in -1 … 1', async () => {
  const { count, games, policies, values } = await played(c4, 0, 8);
  expect(games).toBe(8);
  expect(count).toBeGreaterThan(8);
  for (let i = 0; i < count; i++) {
    const policy = policies.subarray(7 * i, 7 * i + 7);
    expect(policy.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(Math.abs(values[i]!)).toBeLessThanOrEqual(1);
  }
});

test('held-out positions and their mirror images are never taught', async () => {
  const keyOf = (observation: Float32Array) => positionKey(c4, observation);
  const start = keyOf(connectFour.observe(connectFour.start));
  const without = await played(c4, 0, 8, observation => keyOf(observation) === start);
  const empty = connectFour.observe(connectFour.start).join('');
  expect(rowsOf(await played(c4, 0, 8))).toContain(empty);
  expect(rowsOf(without)).not.toContain(empty);
});

test('numbers between 0 and 1 in what is observed are learned from as they are, to a 510th', async () => {
  const kalah = some(gameOf(kalahFamily) as Game<never>);
  const lessons = await selfPlay(
    kalah,
    clueless(kalah, 4),
    { ...settings, fullShare: 1, randomShare: 0 },
    { seed: 3, from: 0, to: 1, resigns: false },
    () => false,
  );
  const batch = draw(kalah, [{ lessons, row: 0 }], 1, seededRandom(1));
  const observed = kalah.observe(kalah.start);
  expect(observed.some(number => number > 0 && number < 1)).toBe(true);
  for (const [i, number] of batch.input.entries()) expect(Math.abs(number - observed[i]!)).toBeLessThanOrEqual(1 / 510);
});

test.each([
  ['as usual', {}],
  [
    'with exact searches',
    { exactPositions: 300, exactPlies: 4, exactLeaves: 50, exactFrom: 10, greedyShare: 0.5, randomPlies: 24 },
  ],
])(
  'games are the same whoever plays which of them, and their lessons come in the order of the games: %s',
  async (_, of) => {
    const play = (batch: number, begun = new Int32Array(1)) =>
      selfPlay(
        c4,
        clueless(c4, batch),
        { ...settings, ...of },
        { seed: 3, from: 0, to: 12, resigns: true, begun },
        () => false,
      );
    const all = await play(4);
    const begun = new Int32Array(1);
    const parts = await Promise.all([play(1, begun), play(2, begun)]);
    expect(parts.map(({ games }) => games).toSorted()).not.toContain(12);
    const rows = parts.flatMap(part => rowsOf(part).map((row, i) => ({ row, origin: part.origins[i]! })));
    expect(rows.toSorted((a, b) => a.origin - b.origin).map(({ row }) => row)).toEqual(rowsOf(all));
    expect([...all.origins]).toEqual([...all.origins].toSorted((a, b) => a - b));
  },
);

test('a position and its mirror image have one key, another position has another', () => {
  const key = (moves: string) => positionKey(c4, connectFour.observe(replay(connectFour, [...moves])));
  expect(key('abbc')).toBe(key('gffe'));
  expect(key('abbc')).not.toBe(key('abbd'));
});

test('what is drawn to learn from is a position or its mirror image, with its moves turned alike', () => {
  const observed = connectFour.observe(replay(connectFour, ['a', 'b']));
  const observations = new Uint8Array(observed.length);
  packInto(observations, observed, 0);
  const policies = Float32Array.of(0.7, 0.3, 0, 0, 0, 0, 0);
  const counts = { games: 1, plies: 9, evaluations: 0, playedOn: 0, wronglyResigned: 0 };
  const lessons: Lessons = { count: 1, observations, policies, values: Float32Array.of(0.5), ...counts };
  const batch = draw(c4, [{ lessons, row: 0 }], 20, seededRandom(1));
  const mirrored = connectFour.observe(replay(connectFour, ['g', 'f']));
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const input = batch.input.subarray(observed.length * i, observed.length * (i + 1)).join('');
    const policy = batch.policy.subarray(7 * i, 7 * i + 7);
    const asIs = input === observed.join('');
    seen.add(input);
    if (!asIs) expect(input).toBe(mirrored.join(''));
    expect(policy[asIs ? 0 : 6]).toBeCloseTo(0.7);
    expect(policy[asIs ? 1 : 5]).toBeCloseTo(0.3);
    expect(batch.value[i]).toBe(0.5);
  }
  expect(seen.size).toBe(2);
});

const here = (game: Game, recipe: Recipe, seed: number): Hall => ({
  play: async (weights, games) =>
    selfPlay(
      game,
      await createEvaluator(shapeOf(game, recipe), weights, 4),
      recipe.selfPlay,
      { seed, ...games },
      () => false,
    ),
  duel: async () => 0,
});

async function trained(
  game: Game,
  recipe: Recipe,
  iterations: number,
  start = beginning(game, recipe, 1),
  hall = here(game, recipe, 1),
) {
  const losses: number[] = [];
  for await (const { progress, loss } of train(game, recipe, 1, start, hall, () => 0, 'onnxruntime-node')) {
    losses.push(loss);
    if (progress.iteration === iterations) return { progress, losses };
  }
  throw new Error('training ended by itself');
}

test('tic-tac-toe is learned: the loss falls, and the net alone finds wins', async () => {
  const recipe: Recipe = { ...tiny, gamesPerIteration: 60, lessonsPerPosition: 10, rate: [5e-3, 5e-3] };
  const { progress, losses } = await trained(ttt, recipe, 6);
  expect(losses.at(-1)!).toBeLessThan(losses[1]! - 0.2);

  const evaluator = await createEvaluator(shapeOf(ttt, recipe), progress.learned.weights, 1);
  const agent = specialistAgent(ttt, evaluator, { simulations: 30, fingerprint: '' });
  const state = replay(ticTacToe, ['a1', 'a2', 'b1', 'b2']);
  const legal = ticTacToe.moves(state);
  const decision = await agent.decide({ game: ttt, state, seat: 0, legal, history: [], random: seededRandom(1) });
  expect('move' in decision && ticTacToe.formatMove(decision.move)).toBe('c1');
});

test('a run resumed from its progress ends where the whole run ends', async () => {
  const whole = await trained(ttt, tiny, 4);
  const half = await trained(ttt, tiny, 2);
  const rest = await trained(ttt, tiny, 4, half.progress);
  expect(rest.progress).toEqual(whole.progress);
});

test('behind a gate, weights that do not win their duel do not play', async () => {
  const recipe = { ...tiny, gate: 0.55 };
  const first = beginning(ttt, recipe, 1);
  const duels: number[] = [];
  const judged = (share: number): Hall => ({
    ...here(ttt, recipe, 1),
    duel: async (_challenger, _champion, number) => {
      duels.push(number);
      return share;
    },
  });
  const refused = await trained(ttt, recipe, 3, first, judged(0.5));
  expect(refused.progress.champion).toBe(first.learned.weights);
  const adopted = await trained(ttt, recipe, 3, first, judged(0.55));
  expect(adopted.progress.champion).toBe(adopted.progress.learned.weights);
  expect(duels).toEqual([0, 1, 2, 0, 1, 2]);
});

test('seats resign until those that had to play on show that they were wrong more than once in twenty times', async () => {
  const lessons = (playedOn: number, wronglyResigned: number) => ({ playedOn, wronglyResigned }) as unknown as Lessons;
  expect(mayResign([])).toBe(true);
  expect(mayResign([lessons(20, 1)])).toBe(true);
  expect(mayResign([lessons(20, 2)])).toBe(false);
  expect(mayResign([lessons(20, 9), lessons(15, 0), lessons(10, 1)])).toBe(true);
});

test('resigning ends games sooner, and games played on tell how often it was wrong', async () => {
  const play = (resigns: boolean) =>
    selfPlay(
      c4,
      clueless(c4, 4),
      { ...settings, resignBelow: -0.05 },
      { seed: 3, from: 0, to: 30, resigns },
      () => false,
    );
  const [ended, whole] = [await play(true), await play(false)];
  expect(ended.plies).toBeLessThan(whole.plies);
  expect(whole.playedOn).toBeGreaterThan(15);
  expect(ended.playedOn).toBeLessThan(10);
  expect(whole.wronglyResigned).toBeGreaterThan(0);
  expect(whole.wronglyResigned).toBeLessThan(whole.playedOn);
});

test('a game ends where a search has proven how', async () => {
  const nim = some(gameFor(nimFamily, 'pile1=1,pile2=2,pile3=0,pile4=0') as Game<never>);
  const all = { ...settings, fullSimulations: 200, fullShare: 1, randomShare: 0, proofs: 0 };
  const lessons = await selfPlay(nim, clueless(nim, 4), all, { seed: 3, from: 0, to: 10, resigns: false }, () => false);
  expect(lessons).toMatchObject({ games: 10, count: 10, plies: 0 });
  expect([...lessons.values].every(value => value > 0.9)).toBe(true);
});

/** Of what is observed of connect-four the squares with stones: below 42 those of the seat to move, then the other's. */
const stonesIn = (row: string): readonly number[] =>
  [...row.slice(0, 84)].flatMap((stone, at) => (stone === '1' ? [at] : []));

/** The position of connect-four in which seat 0 is to move and sees this. */
function stateOf(row: string): ConnectFour {
  const stones = { xLow: 0, xHigh: 0, oLow: 0, oHigh: 0 };
  let open = 0b1111111;
  for (const at of stonesIn(row)) {
    const [seat, column] = [at < 42 ? 'x' : 'o', at % 7] as const;
    const bit = 7 * (column < 3 ? column : column - 3) + 5 - Math.floor((at % 42) / 7);
    stones[`${seat}${column < 3 ? 'Low' : 'High'}`] |= 1 << bit;
    if (at % 42 < 7) open &= ~(1 << column);
  }
  return { ...stones, open, turn: 0, winner: null };
}

describe('where an exact search tells how a game ends', () => {
  const exact = { ...settings, randomShare: 1, randomPlies: 34, exactPositions: 200_000, exactFrom: 20, proofs: 0 };
  const play = (of: SelfPlaySettings) =>
    selfPlay(c4, clueless(c4, 4), of, { seed: 3, from: 0, to: 60, resigns: false }, () => false);

  /** How many lessons are of positions with 20 stones or more; each of them must be the truth. */
  function late(lessons: Lessons): number {
    let count = 0;
    for (const [i, row] of rowsOf(lessons).entries()) {
      if (stonesIn(row).length < 20) continue;
      const scores = solve(stateOf(row)) as (number | null)[];
      const most = Math.max(...scores.filter(score => score !== null));
      const isKept = (score: number | null) => score !== null && Math.sign(score) === Math.sign(most);
      expect(Math.sign(lessons.values[i]!)).toBe(Math.sign(most));
      const best = scores.filter(score => score === most).length;
      const kept = scores.filter(isKept).length;
      for (const [move, score] of scores.entries()) {
        const share = (score === most ? 1 / (2 * best) : 0) + (isKept(score) ? 1 / (2 * kept) : 0);
        expect(lessons.policies[7 * i + move]).toBeCloseTo(share);
      }
      count++;
    }
    return count;
  }

  test('it is over, and that is taught', async () => {
    const [ended, played] = [await play(exact), await play({ ...exact, exactPositions: 0 })];
    expect(ended.plies).toBeLessThan(0.9 * played.plies);
    expect(late(ended)).toBeGreaterThan(20);
    expect(late(ended)).toBeLessThanOrEqual(60);
  });

  test('so many positions that may follow are taught as well', async () => {
    const [alone, followed] = [await play(exact), await play({ ...exact, exactPlies: 3 })];
    expect(late(followed)).toBeGreaterThan(2 * late(alone));
    expect(late(followed)).toBeLessThanOrEqual(4 * late(alone));
  });

  test('lines that lead on from there are taught, each position of a game once', async () => {
    const followed = { ...exact, exactPlies: 3 };
    const [one, many] = [await play(followed), await play({ ...followed, exactLines: 6 })];
    expect(late(many)).toBeGreaterThan(2 * late(one));
    const rows = rowsOf(many).map((row, i) => `${many.origins[i]} ${row}`);
    expect(new Set(rows).size).toBe(rows.length);
  });

  test('of mirror images, which lines may come to as well, each has its own moves', async () => {
    const hex = gameFor(hexFamily, 'size=3') as Game<never>;
    const seen = { ...exact, randomPlies: 2, exactFrom: 0, exactPlies: 6, exactLines: 30 };
    const games = { seed: 3, from: 0, to: 4, resigns: false };
    const lessons = await selfPlay(some(hex), clueless(some(hex), 4), seen, games, () => false);
    for (const [i, row] of rowsOf(lessons).entries()) {
      for (const [move, share] of lessons.policies.subarray(hex.moveCount * i, hex.moveCount * i + 9).entries()) {
        if (share > 0) expect([row[move], row[9 + move]]).toEqual(['0', '0']);
      }
    }
  });

  test('of positions that are decided a share is taught', async () => {
    const followed = { ...exact, randomPlies: 20, leastPlies: 20, exactPlies: 5 };
    const decided = (lessons: Lessons) =>
      rowsOf(lessons).filter((row, i) =>
        connectFour.moves(stateOf(row)).every(move => lessons.policies[7 * i + move]! > 0),
      ).length;
    const [all, some, none] = [
      await play(followed),
      await play({ ...followed, decidedShare: 0.3 }),
      await play({ ...followed, decidedShare: 0 }),
    ];
    expect(decided(all)).toBeGreaterThan(50);
    expect(decided(some)).toBeLessThan(0.5 * decided(all));
    expect(decided(some)).toBeGreaterThan(0);
    expect(decided(none)).toBe(0);
    expect(none.count).toBe(all.count - decided(all));
  });

  test('leaves are proven by shorter ones, which need fewer judgements', async () => {
    const from = { ...exact, exactPositions: 0, randomPlies: 20, exactFrom: 16 };
    const [blind, seeing] = [await play(from), await play({ ...from, exactLeaves: 500 })];
    expect(seeing.evaluations).toBeLessThan(0.9 * blind.evaluations);
  });
});

test('games may begin with moves that win at once or stop a loss', async () => {
  /** In how many of the lessons the seat to move could win at once: the other had not stopped it. */
  const left = async (greedyShare: number): Promise<number> => {
    const all = { ...settings, fullShare: 1, randomShare: 1, randomPlies: 20, greedyShare, proofs: 0 };
    const lessons = await selfPlay(c4, clueless(c4, 4), all, { seed: 3, from: 0, to: 80, resigns: false }, () => false);
    const firsts = rowsOf(lessons).filter((_, i) => lessons.origins[i] !== lessons.origins[i - 1]);
    const won = firsts.filter(row => {
      const state = stateOf(row);
      return connectFour.moves(state).some(move => connectFour.outcome(connectFour.play(state, move))?.kind === 'win');
    });
    return won.length / firsts.length;
  };
  expect(await left(1)).toBeLessThan(0.5 * (await left(0)));
});

test('games may begin with at least so many random moves', async () => {
  const begin = { ...settings, fullShare: 1, randomShare: 1, leastPlies: 7, randomPlies: 9, proofs: 0 };
  const lessons = await selfPlay(c4, clueless(c4, 4), begin, { seed: 3, from: 0, to: 60, resigns: false }, () => false);
  const firsts = rowsOf(lessons).filter((_, i) => lessons.origins[i] !== lessons.origins[i - 1]);
  expect(new Set(firsts.map(row => stonesIn(row).length))).toEqual(new Set([7, 8, 9]));
});

test('games may begin with moves of the policy, some of them random', async () => {
  /** How many of the early lessons have four stones in column g, which the policy prefers. */
  const towers = async (policyShare: number): Promise<number> => {
    const evaluator = clueless(c4, 4);
    for (let i = 0; i < evaluator.policy.length; i++) evaluator.policy[i] = i % 7 === 6 ? 1 : 0;
    const all = { ...settings, fullShare: 1, randomShare: 1, randomPlies: 8, policyShare };
    const lessons = await selfPlay(c4, evaluator, all, { seed: 3, from: 0, to: 100, resigns: false }, () => false);
    const early = rowsOf(lessons)
      .map(row => stonesIn(row).map(at => at % 7))
      .filter(columns => columns.length >= 4 && columns.length <= 8);
    return early.filter(columns => columns.filter(column => column === 6).length >= 4).length / early.length;
  };
  const [drawn, random] = [await towers(1), await towers(0)];
  expect(random).toBeLessThan(0.6 * drawn);
  expect(drawn).toBeLessThan(0.9);
});

test('a loss that is no number any more stops the training', async () => {
  await expect(trained(ttt, { ...tiny, rate: [1e30, 1e30] }, 5)).rejects.toThrow(Diverged);
});

test('the specialist decides the same for the same seed, also when many tables ask at once', async () => {
  const shape = shapeOf(c4, tiny);
  const evaluator = await createEvaluator(shape, beginning(c4, tiny, 1).learned.weights, 1);
  const agent = specialistAgent(c4, evaluator, { simulations: 40, fingerprint: '' });
  const ask = (moves: string) => agent.decide(turnAfter(c4, [...moves], 5)!);
  const alone = [await ask('dd'), await ask('ab'), await ask('aabbcc')];
  expect(await Promise.all([ask('dd'), ask('ab'), ask('aabbcc')])).toEqual(alone);
  expect('move' in alone[2]! && connectFour.formatMove(alone[2].move)).toBe('d');
});

describe('a specialist that sees how the game ends', () => {
  const agent = (simulations: number) => specialistAgent(c4, clueless(c4, 1), { simulations, fingerprint: '' });
  const position = (moves: readonly string[], seed = 5) => {
    const turn = turnAfter(c4, moves, seed)!;
    const scores = solve(turn.state as ConnectFour);
    return { turn, scores, best: Math.max(...turn.legal.map(move => scores[move]!)) };
  };
  /** Positions after so many random moves, with their scores. */
  const positions = (plies: number, seed = 5) =>
    Array.from({ length: 40 }, (_, game) => playout(connectFour, game))
      .filter(({ length }) => length > plies + 1)
      .map(steps =>
        position(
          steps.slice(0, plies).map(({ move }) => connectFour.formatMove(move!)),
          seed,
        ),
      );

  test('plays what is best and tells what it sees; its network alone sees nothing', async () => {
    const [seeing, blind] = [agent(200), agent(0)];
    const late = [18, 26].flatMap(plies => positions(plies));
    expect(late.length).toBeGreaterThan(15);
    let errors = 0;
    const results = new Set<number>();
    for (const { turn, scores, best } of late) {
      const result = Math.sign(best);
      const decision = await seeing.decide(turn);
      expect('move' in decision && scores[decision.move]).toBe(best);
      expect(decision.trace).toMatchObject({ value: result, end: { result } });
      if (result === 1) {
        const values = turn.legal.map(move => (scores[move]! > 0 ? { value: 1 } : {}));
        const moves = turn.legal.map((move, i) => ({ move: connectFour.formatMove(move), ...values[i] }));
        expect(decision.trace).toHaveProperty('moves', moves);
      }
      results.add(result);
      const other = await blind.decide(turn);
      if ('move' in other && scores[other.move] !== best) errors++;
    }
    expect(errors).toBeGreaterThan(0);
    expect(results).toEqual(new Set([1, 0, -1]));
    expect(seeing.conditions.budget).toEqual({ simulations: 200, positionsPerSimulation: 50_000 });
    expect(blind.conditions.budget).toEqual({ simulations: 0 });
  });

  test('draws one of the moves that win equally soon', async () => {
    const { turn } = positions(18).find(
      ({ turn, scores, best }) => best > 0 && turn.legal.filter(move => scores[move] === best).length > 1,
    )!;
    const drawn = [1, 2, 3, 4, 5, 6, 7, 8].map(seed => agent(200).decide({ ...turn, random: seededRandom(seed) }));
    expect(
      new Set((await Promise.all(drawn)).map(decision => 'move' in decision && decision.move)).size,
    ).toBeGreaterThan(1);
  });

  test('asks no more about a move than it may', () => {
    const asked: number[] = [];
    const seer: Seer = {
      end(_, positions) {
        asked.push(positions!);
        return undefined;
      },
      truth: () => undefined,
      winner(_, positions) {
        asked.push(positions);
        return undefined;
      },
      get cost() {
        return asked.at(-1)!;
      },
    };
    const { long, short } = sightsOf(seer, seer, 2);
    long.end(connectFour.start);
    long.again!(connectFour.start, 2);
    short.end(connectFour.start);
    for (const times of [4, 2]) long.again!(connectFour.start, times);
    short.end(connectFour.start);
    expect(asked).toEqual([1000, 40_000, 1000, 38_000, 0, 0]);
  });

  test('searches again, with what is left, where it finds that it cannot win', async () => {
    let looked = 0;
    const counting: Game = {
      ...c4,
      endSearch: {
        fast: true,
        create(budget) {
          const search = c4.endSearch!.create(budget);
          return {
            begin: positions => search.begin(positions),
            get left() {
              return search.left;
            },
            forget: () => search.forget(),
            score(state, alpha) {
              const before = search.left;
              try {
                return search.score(state, alpha);
              } finally {
                looked += before - search.left;
              }
            },
          };
        },
      },
    };
    const evaluator = clueless(c4, 1);
    const judged: string[] = [];
    const noting = { ...evaluator, run: async () => void judged.push(evaluator.input.join('')) };
    const one = specialistAgent(counting, noting, { simulations: 20, fingerprint: '' });
    const drawn = ['gaabddcaabfedg', 'fgggadddgbgceb'].map(moves => position([...moves]));
    /** By the result that was known, the simulations of second searches. */
    const again = new Map<number, number[]>();
    for (const { turn, scores, best } of [...drawn, ...[9, 10, 11].flatMap(plies => positions(plies))]) {
      judged.length = 0;
      looked = 0;
      const decision = await one.decide(turn);
      expect(looked).toBeLessThanOrEqual(20 * 50_000);
      if (judged.filter(position => position === judged[0]).length < 2) continue;
      expect('move' in decision && Math.sign(scores[decision.move]!)).toBe(Math.sign(best));
      const { value, moves } = decision.trace as { value: number; moves: { visits: number }[] };
      expect(value).toBe(Math.sign(best));
      again.set(value, [...(again.get(value) ?? []), moves.reduce((sum, { visits }) => sum + visits, 0)]);
    }
    expect(again.get(0)).toHaveLength(2);
    // Each of seven moves had to be shown to lose.
    expect(Math.max(...again.get(-1)!)).toBe(20 - 7);
  });

  test('answers no matter what it was asked before', async () => {
    const turns = [14, 17, 20, 23].flatMap(plies => positions(plies).map(({ turn }) => turn));
    const answers = async (asked: readonly Turn[]) => {
      const one = agent(5);
      const given = [];
      for (const turn of asked) given.push(await one.decide({ ...turn, random: seededRandom(3) }));
      return given;
    };
    const given = await answers(turns);
    expect((await answers(turns.toReversed())).toReversed()).toEqual(given);
    const one = agent(5);
    expect(await Promise.all(turns.map(turn => one.decide({ ...turn, random: seededRandom(3) })))).toEqual(given);
  });
});
