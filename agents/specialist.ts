/**
 * A trained network that plays one game: PUCT over its value and policy, or its
 * policy alone; where something is hidden, by drawing from its policy. Near the
 * end of a game that brings a fast search to the end along, by that search.
 */

import { type Game, imageOf, type Move } from '../games/game.ts';
import { drawIndex, pick, type Random } from '../games/random.ts';
import type { Agent, Decision, Turn } from './agent.ts';
import { amongLegal } from './contest.ts';
import { rounded } from './mcts.ts';
import { createSeer, type End, type Seer, type Truth } from './perfect.ts';
import { bestMove, type Evaluation, type SearchedMove, type Sight, Tree } from './search.ts';
import type { Evaluator } from './tensors.ts';

export interface SpecialistSettings {
  /** Leaves judged by the network for one move, unless an exact search tells how the game ends; 0 plays the likeliest move of the policy. */
  readonly simulations: number;
  /** The name to play under; by default 'specialist:simulations=N'. */
  readonly name?: string;
  /** SHA-256 (hex) of the snapshot. */
  readonly fingerprint: string;
}

/**
 * Judges one position at a time, in the order asked, though many tables may ask
 * at once. Each is judged as it is and in its images, as many as the evaluator
 * takes at once, and the judgements are averaged: the network errs a little
 * differently in each (AlphaGo's ensemble: Silver et al., Nature 529, 2016,
 * Methods, "Symmetries").
 */
function judgeFor(game: Game, evaluator: Evaluator): (observation: Float32Array) => Promise<Evaluation> {
  const images = game.symmetries.slice(0, evaluator.batch - 1);
  const views = images.length + 1;
  let before: Promise<unknown> = Promise.resolve();
  const judge = async (observation: Float32Array): Promise<Evaluation> => {
    evaluator.input.set(observation);
    for (const [i, image] of images.entries()) {
      evaluator.input.set(imageOf(observation, image), (i + 1) * observation.length);
    }
    await evaluator.run();
    const priors = new Float32Array(game.moveCount);
    let value = 0;
    for (let view = 0; view < views; view++) {
      value += evaluator.value[view]! / views;
      for (let move = 0; move < game.moveCount; move++) {
        const seen = view === 0 ? move : images[view - 1]!.moves[move]!;
        priors[move]! += evaluator.policy[view * game.moveCount + seen]! / views;
      }
    }
    return { value, priors };
  };
  return observation => {
    const judged = before.then(() => judge(observation));
    before = judged.catch(() => {});
    return judged;
  };
}

/**
 * Where a game brings a fast search to the end along, so many positions are looked at
 * for each simulation: first for all of them together, as far as that is a matter
 * of a second, to see how the position to move in ends. If it is too far from its
 * end, then for each leaf of the tree, and again for what the tree has come to 2,
 * 4, 8 … times, for each of these; but no more for all simulations together than
 * `tree` for each.
 */
const LOOKED_AT = { root: 10_000, leaf: 1000, again: 20_000, tree: 40_000 } as const;
const MOST_LOOKED_AT = 8_000_000;

/**
 * What the trees of one move see, all of them together at so many positions as
 * they may. The long sight looks wherever the tree grows, and again where it keeps
 * coming back. The short one sees only what is near: it is for positions that are
 * known not to be won, where the other has to err, and where that is likely is a
 * matter of judgement, not of proofs.
 */
export function sightsOf(
  seer: Seer,
  leafSeer: Seer,
  simulations: number,
): { readonly long: Sight; readonly short: Sight } {
  let left = LOOKED_AT.tree * simulations;
  const paid = (asked: Seer, end: End | undefined) => {
    left -= asked.cost;
    return end;
  };
  const winner = (state: unknown, positions: number) => paid(seer, seer.winner(state, Math.min(positions, left)));
  return {
    long: {
      end: state => winner(state, LOOKED_AT.leaf),
      again: (state, times) => winner(state, LOOKED_AT.again * times),
    },
    short: { end: state => paid(leafSeer, leafSeer.end(state, Math.min(LOOKED_AT.leaf, left))) },
  };
}

/** `evaluator` takes the position and up to all its images at once. */
export function specialistAgent(
  game: Game,
  evaluator: Evaluator,
  { simulations, name, fingerprint }: SpecialistSettings,
): Agent {
  const judge = judgeFor(game, evaluator);
  const leafSeer = game.endSearch?.fast && simulations > 0 ? createSeer(game, LOOKED_AT.leaf) : undefined;
  const search = async (state: unknown, random: Random, most: number, sight: Sight | undefined) => {
    const tree = new Tree(game, state, random, undefined, sight);
    let value = 0;
    // The first pass of the root judges the root itself.
    while (tree.simulations <= most && tree.proof === undefined) {
      const leaf = tree.leaf();
      if (leaf === undefined) continue;
      const evaluation = await judge(game.observe(leaf));
      if (tree.simulations === 0) value = evaluation.value;
      tree.judge(evaluation);
    }
    return { value, proof: tree.proof, moves: tree.moves(), left: most + 1 - tree.simulations };
  };
  const decideWith = async (seer: Seer | undefined, { state, legal, random }: Turn): Promise<Decision> => {
    const truth = seer?.truth(state);
    if (truth?.result === 1) return { move: pick(truth.best, random), trace: wonBy(game, legal, truth) };
    const sights = seer && leafSeer && sightsOf(seer, leafSeer, simulations);
    let found = await search(state, random, simulations, truth ? sights?.short : sights?.long);
    let good: readonly Move[] = truth?.best ?? legal;
    const { proof, value } = found;
    if (sights && !truth && proof && proof.result < 1) {
      if (proof.result === 0) good = found.moves.filter(({ proven }) => proven === 'draw').map(({ move }) => move);
      if (good.length > 1) found = await search(state, random, found.left, sights.short);
    }
    const { moves } = found;
    const among = moves.filter(({ move }) => good.includes(move));
    const best = bestMove(among, random);
    const searched = best.visits > 0;
    const chosen = searched ? best : likeliest(among.filter(({ visits }) => visits === 0));
    return {
      move: chosen.move,
      trace: {
        value: truth?.result ?? rounded(proof?.result ?? (searched ? chosen.value : value)),
        ...(truth && { end: endIn(truth) }),
        moves: moves.map(move => ({
          move: game.formatMove(move.move),
          visits: move.visits,
          value: rounded(move.value),
          prior: rounded(move.prior),
        })),
      },
    };
  };
  /** With which no move is being decided now: what a seer recalls is of one move. */
  const idle: Seer[] = [];
  return {
    name: name ?? `specialist:simulations=${simulations}`,
    fingerprint,
    conditions: {
      division: 'engine',
      budget: { simulations, ...(leafSeer ? { positionsPerSimulation: LOOKED_AT.root + LOOKED_AT.tree } : {}) },
    },
    async decide(turn) {
      if (!leafSeer) return decideWith(undefined, turn);
      const seer = idle.pop() ?? createSeer(game, Math.min(LOOKED_AT.root * simulations, MOST_LOOKED_AT));
      const decision = await decideWith(seer, turn);
      idle.push(seer);
      return decision;
    },
  };
}

/** A win that was searched to its end: of moves that do not keep it nothing is known. */
const wonBy = (game: Game, legal: readonly Move[], truth: Truth) => ({
  value: truth.result,
  end: endIn(truth),
  moves: legal.map(move => ({
    move: game.formatMove(move),
    ...(truth.kept.includes(move) ? { value: truth.result } : {}),
  })),
});

const endIn = ({ result, plies }: Truth) => ({ result, plies });

const likeliest = (moves: readonly SearchedMove[]): SearchedMove =>
  moves.reduce((best, move) => (move.prior > best.prior ? move : best));

/**
 * Draws its moves from the network's policy and searches nothing: where cards are
 * hidden, whoever always plays the likeliest move can be read.
 */
export function drawingSpecialist(
  game: Game,
  evaluator: Evaluator,
  { name, fingerprint }: Required<Pick<SpecialistSettings, 'name' | 'fingerprint'>>,
): Agent {
  const judge = judgeFor(game, evaluator);
  const judged = async ({ state, legal }: Turn) => {
    const { value, priors } = await judge(game.observe(state));
    return { value, policy: amongLegal(priors, legal) };
  };
  return {
    name,
    fingerprint,
    conditions: { division: 'engine', budget: { simulations: 0 } },
    policy: async turn => (await judged(turn)).policy,
    async decide(turn) {
      const { value, policy } = await judged(turn);
      return {
        move: turn.legal[drawIndex(policy, turn.random)]!,
        trace: {
          value: rounded(value),
          moves: turn.legal.map((move, i) => ({ move: game.formatMove(move), prior: rounded(policy[i]!) })),
        },
      };
    },
  };
}
