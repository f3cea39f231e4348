/**
 * DQN: play, remember, and learn what each order is worth from what came of it.
 * Mnih et al., "Human-level control through deep reinforcement learning" (Nature
 * 518, 2015), with what Hessel et al., "Rainbow" (AAAI 2018) found to help most:
 * double Q-learning, dueling heads, prioritised replay and returns over several
 * orders. For games in which each seat has a board of its own (`Rules.solo`).
 */

import type { Game, Move } from '../games/game.ts';
import { type Random, seededRandom } from '../games/random.ts';
import type { Agent } from './agent.ts';
import { rounded } from './mcts.ts';
import {
  createQTrainer,
  freshQWeights,
  type QEvaluator,
  type QLearned,
  type QShape,
  type QTrainer,
  qShapeFor,
  untaughtQ,
} from './q-network.ts';
import { type Memory, Replay } from './replay.ts';
import { advance, begin } from './solo.ts';

/** Everything that decides how a network is trained, as JSON. */
export interface DqnRecipe {
  readonly filters: number;
  readonly units: number;
  /** The four extensions: without them it is the algorithm of 2015. */
  readonly double: 'yes' | 'no';
  readonly dueling: 'yes' | 'no';
  /** How much priorities matter: 0 draws uniformly (Schaul et al.'s α). */
  readonly priority: number;
  /** How far uneven drawing is made up for, at the beginning; 1 at the end (their β). */
  readonly correction: number;
  /** Orders over which a return reaches. */
  readonly steps: number;
  /** Points to come are worth so much less with each order. */
  readonly discount: number;
  /** Games played side by side. */
  readonly boards: number;
  /** Orders in one round, and training steps in it. */
  readonly ordersPerRound: number;
  readonly stepsPerRound: number;
  readonly batch: number;
  /** Orders that are remembered. */
  readonly memory: number;
  /** Orders remembered before learning begins. */
  readonly leastMemory: number;
  /** Training steps from one refreshing of the target to the next. */
  readonly targetSteps: number;
  /** The learning rate at the beginning and at the end, in a straight line. */
  readonly rate: readonly [number, number];
  /** The share of random orders at the beginning and from `explored` of the run on, in a straight line. */
  readonly epsilon: readonly [number, number];
  readonly explored: number;
  /** The part of the run, 0 … 1, in which the lessons before the game itself are played, for as long each. */
  readonly lessonShare: number;
  /** Games with which each round is judged, without random orders; their luck is the same in each round. */
  readonly trials: number;
}

export const DQN: DqnRecipe = {
  filters: 16,
  units: 64,
  double: 'yes',
  dueling: 'yes',
  priority: 0.5,
  correction: 0.4,
  steps: 3,
  discount: 0.99,
  boards: 16,
  ordersPerRound: 4096,
  stepsPerRound: 512,
  batch: 64,
  memory: 65_536,
  leastMemory: 4096,
  targetSteps: 500,
  rate: [1e-3, 1e-4],
  epsilon: [1, 0.02],
  explored: 0.2,
  lessonShare: 0.5,
  trials: 32,
};

/** A game under way on one of the boards. */
interface Board {
  /** Which of the lessons it is; the last is the game itself. */
  readonly lesson: number;
  readonly state: unknown;
  readonly score: number;
}

/** Where a run of training stands: enough to go on from it as if it had never stopped. */
export interface DqnProgress {
  readonly round: number;
  readonly learned: QLearned;
  /** Undefined before the first round. */
  readonly memory: Memory | undefined;
  readonly boards: readonly Board[];
  /** Games that ended. */
  readonly episodes: number;
}

/** What one round did. */
export interface DqnRound {
  readonly progress: DqnProgress;
  /** Which of the lessons new games were. */
  readonly lesson: number;
  readonly epsilon: number;
  readonly rate: number;
  /** Training steps. */
  readonly steps: number;
  /** Mean over the steps; undefined where there was nothing to learn from yet. */
  readonly loss: number | undefined;
  /** Games that ended in it, and the mean of their points; undefined where none did. */
  readonly ended: number;
  readonly score: number | undefined;
  /** Mean points in the trials, which are the game itself. */
  readonly trialScore: number;
}

/** Learning went wrong: the loss is no number any more. The progress before it is unharmed. */
export class LossIsNoNumber extends Error {}

export const qShapeOf = (game: Game, { filters, units, dueling }: DqnRecipe): QShape =>
  qShapeFor(game, filters, units, dueling === 'yes');

export const dqnBeginning = (game: Game, recipe: DqnRecipe, seed: number): DqnProgress => ({
  round: 0,
  learned: untaughtQ(freshQWeights(qShapeOf(game, recipe), streamOf(seed, 0))),
  memory: undefined,
  boards: [],
  episodes: 0,
});

/** Round 0 is the beginning. */
const streamOf = (seed: number, round: number): Random => seededRandom(Math.imul(seed, 0x9e3779b1) + round);

/**
 * Trains without end from `start`, a round at a time; the caller stops asking.
 * `games` are the lessons, easiest first, and last the game itself; all of one
 * shape. `done` tells how much of the whole run is behind it, 0 … 1, which sets
 * the lesson, the learning rate and how much is tried out. A round's progress
 * shares the memory of the one before. Throws LossIsNoNumber.
 */
export async function* trainDqn(
  games: readonly Game[],
  recipe: DqnRecipe,
  seed: number,
  start: DqnProgress,
  done: (round: number) => number,
): AsyncGenerator<DqnRound> {
  const game = games.at(-1)!;
  const shape = qShapeOf(game, recipe);
  const odd = games.find(({ solo, moveCount }) => moveCount !== shape.moves || sizeOf(solo) !== sizeOf(game.solo));
  if (odd) throw new Error(`${odd.name} is seen or played otherwise than ${game.name}`);
  const trainer = await createQTrainer(shape, recipe.double === 'yes', start.learned, recipe.batch, recipe.boards);
  const size = shape.planes * shape.rows * shape.columns;
  const replay = new Replay(
    { boards: recipe.boards, ticks: Math.floor(recipe.memory / recipe.boards), size, moves: shape.moves },
    recipe.steps,
    recipe.discount,
    recipe.priority,
    start.memory,
  );
  let progress = start;
  for (;;) {
    const share = done(progress.round);
    const round = progress.round + 1;
    const random = streamOf(seed, round);
    const lesson = lessonAt(share, games.length, recipe.lessonShare);
    const epsilon = between(recipe.epsilon, Math.min(1, share / recipe.explored));
    const rate = between(recipe.rate, share);
    const beta = between([recipe.correction, 1], share);

    const boards =
      progress.boards.length > 0
        ? [...progress.boards]
        : Array.from({ length: recipe.boards }, () => newBoard(games, lesson, random));
    const ticks = recipe.ordersPerRound / recipe.boards;
    const scores: number[] = [];
    let [loss, steps] = [0, 0];
    for (let tick = 0; tick < ticks; tick++) {
      await playTick(games, lesson, boards, trainer.evaluator, replay, epsilon, random, scores);
      if (replay.count < recipe.leastMemory) continue;
      const until = Math.floor(((tick + 1) * recipe.stepsPerRound) / ticks);
      for (let step = Math.floor((tick * recipe.stepsPerRound) / ticks); step < until; step++) {
        loss += await learn(trainer, replay, recipe, rate, beta, random);
        steps++;
        if (!Number.isFinite(loss)) {
          throw new LossIsNoNumber(`the loss is ${loss} after step ${steps} of round ${round}`);
        }
      }
    }
    progress = {
      round,
      learned: trainer.learned(),
      memory: replay.memory,
      boards,
      episodes: progress.episodes + scores.length,
    };
    yield {
      progress,
      lesson,
      epsilon,
      rate,
      steps,
      loss: steps === 0 ? undefined : loss / steps,
      ended: scores.length,
      score: scores.length === 0 ? undefined : mean(scores),
      trialScore: mean(await greedyScores(game, trainer.evaluator, recipe.trials, TRIAL_SEED)),
    };
  }
}

const sizeOf = (solo: Game['solo']): number => solo?.observationShape.reduce((size, length) => size * length, 1) ?? 0;
const between = ([first, last]: readonly [number, number], share: number): number => first + (last - first) * share;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** Which of so many lessons is due, all but the last within `lessonShare` of the run. */
export const lessonAt = (share: number, lessons: number, lessonShare: number): number =>
  Math.min(lessons - 1, Math.floor((share / lessonShare) * (lessons - 1)));

const newBoard = (games: readonly Game[], lesson: number, random: Random): Board => ({
  lesson,
  state: begin(games[lesson]!, random),
  score: 0,
});

/** Gives an order on every board, remembers what came of it, and begins a new game where one ended. */
async function playTick(
  games: readonly Game[],
  lesson: number,
  boards: Board[],
  evaluator: QEvaluator,
  replay: Replay,
  epsilon: number,
  random: Random,
  scores: number[],
): Promise<void> {
  const count = boards.length;
  const { moveCount } = games[0]!;
  const size = evaluator.input.length / count;
  for (const [i, { lesson, state }] of boards.entries()) {
    evaluator.input.set(games[lesson]!.solo!.observe(state, 0), i * size);
  }
  await evaluator.run();
  const legal = new Uint8Array(count * moveCount);
  const [orders, rewards, ends] = [new Uint8Array(count), new Float32Array(count), new Uint8Array(count)];
  for (const [i, board] of boards.entries()) {
    const game = games[board.lesson]!;
    const moves = game.moves(board.state);
    for (const move of moves) legal[i * moveCount + move] = 1;
    const order =
      random() < epsilon
        ? moves[Math.floor(random() * moves.length)]!
        : best(moves, evaluator.worths.subarray(i * moveCount, (i + 1) * moveCount));
    const { state, reward, over } = advance(game, board.state, order, random);
    [orders[i], rewards[i], ends[i]] = [order, reward, over ? 1 : 0];
    const score = board.score + reward;
    if (over) scores.push(score);
    boards[i] = over ? newBoard(games, lesson, random) : { lesson: board.lesson, state, score };
  }
  replay.add(evaluator.input, legal, orders, rewards, ends);
}

/** A training step, and where it is due a refreshing of the target. Returns the loss. */
async function learn(
  trainer: QTrainer,
  replay: Replay,
  { batch, targetSteps }: DqnRecipe,
  rate: number,
  beta: number,
  random: Random,
): Promise<number> {
  const drawn = replay.draw(batch, beta, random);
  const { loss, misses } = await trainer.step(drawn, rate);
  replay.surprise(drawn.slots, misses);
  if (trainer.steps() % targetSteps === 0) trainer.refreshTarget();
  return loss;
}

/** The luck of the trials, apart from that of all training. */
const TRIAL_SEED = -1;

/** The points of each of so many games in which the order of most worth is given; the i-th has the i-th stream of `seed`. */
export async function greedyScores(
  game: Game,
  evaluator: QEvaluator,
  games: number,
  seed: number,
): Promise<readonly number[]> {
  const { moveCount } = game;
  const size = evaluator.input.length / evaluator.batch;
  const scores = Array<number>(games).fill(0);
  for (let from = 0; from < games; from += evaluator.batch) {
    let playing = Array.from({ length: Math.min(evaluator.batch, games - from) }, (_, i) => {
      const random = seededRandom(Math.imul(seed, 0x9e3779b1) + from + i);
      return { game: from + i, random, state: begin(game, random) };
    });
    while (playing.length > 0) {
      for (const [i, { state }] of playing.entries()) evaluator.input.set(game.solo!.observe(state, 0), i * size);
      await evaluator.run();
      playing = playing.flatMap((one, i) => {
        const order = best(game.moves(one.state), evaluator.worths.subarray(i * moveCount, (i + 1) * moveCount));
        const { state, reward, over } = advance(game, one.state, order, one.random);
        scores[one.game]! += reward;
        return over ? [] : [{ ...one, state }];
      });
    }
  }
  return scores;
}

/** The first of the moves that are worth most. */
const best = (moves: readonly Move[], worths: ArrayLike<number>): Move =>
  moves.reduce((one, other) => (worths[other]! > worths[one]! ? other : one));

export interface DqnAgentSettings {
  readonly name: string;
  /** SHA-256 (hex) of the snapshot. */
  readonly fingerprint: string;
}

/** Gives the order that is worth most on its own board. `evaluator` judges one board at a time. */
export function dqnAgent(game: Game, evaluator: QEvaluator, { name, fingerprint }: DqnAgentSettings): Agent {
  let before: Promise<unknown> = Promise.resolve();
  const judge = async (observation: Float32Array): Promise<Float32Array> => {
    evaluator.input.set(observation);
    await evaluator.run();
    return evaluator.worths.slice(0, game.moveCount);
  };
  return {
    name,
    fingerprint,
    conditions: { division: 'engine', budget: { simulations: 0 } },
    async decide({ state, seat, legal }) {
      // One after the other, though many tables may ask at once.
      const judged = before.then(() => judge(game.solo!.observe(state, seat)));
      before = judged.catch(() => {});
      const worths = await judged;
      return {
        move: best(legal, worths),
        trace: {
          worths: Object.fromEntries(legal.map(move => [game.formatMove(move), rounded(worths[move]!)])),
        },
      };
    },
  };
}
