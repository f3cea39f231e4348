/** The first of a league: a network that imitates a search, as AlphaStar's imitates people. */

import { drawChance, type Game, worthFor } from '../games/game.ts';
import { drawIndex, seededRandom } from '../games/random.ts';
import { Diverged } from './alphazero.ts';
import { type Lesson, type Question, questionIn } from './contest.ts';
import { ENGINE, type LeagueRecipe } from './league.ts';
import { searched } from './mcts.ts';
import { freshWeights, shapeFor, type Weights } from './network.ts';
import { teach } from './regrets.ts';
import { createTrainer, untaught } from './tensors.ts';

/**
 * A network taught the visits of a search, and how its games went, at the first
 * learning rate, and how many games those were: `goesOn` is asked after each, and
 * none follows where it says no. Throws Diverged where the loss is not finite.
 */
export async function imitator(
  game: Game,
  recipe: LeagueRecipe,
  seed: number,
  goesOn: () => boolean = () => true,
): Promise<{ readonly weights: Weights; readonly games: number }> {
  const { filters, blocks, batch, rate, imitatedSteps: steps } = recipe;
  const shape = shapeFor(game, filters, blocks);
  const weights = freshWeights(shape, seededRandom(seed));
  const trainer = await createTrainer(shape, untaught(weights), batch, 1, ENGINE);
  const { lessons, games } = await searchedLessons(game, recipe, seed, goesOn);
  const loss = await teach(game, trainer, lessons, { steps, batch, rate: rate[0] }, seededRandom(seed));
  if (!Number.isFinite(loss)) throw new Diverged(`the loss of the network that imitates is ${loss}`);
  return { weights: trainer.learned().weights, games };
}

interface Seen {
  readonly question: Question;
  readonly shares: number[];
  total: number;
  times: number;
}

/** Games in which both seats draw their moves by the visits of a search: its mean policy and result on every observation. */
async function searchedLessons(
  game: Game,
  { imitatedGames, imitatedSimulations: simulations }: LeagueRecipe,
  seed: number,
  goesOn: () => boolean,
): Promise<{ readonly lessons: readonly Lesson[]; readonly games: number }> {
  const seen = new Map<string, Seen>();
  let games = 0;
  do {
    const random = seededRandom(Math.imul(seed, 0x9e3779b1) + games);
    const met: { readonly seen: Seen; readonly seat: 0 | 1 }[] = [];
    let state = game.start;
    let outcome = game.outcome(state);
    for (; !outcome; outcome = game.outcome(state)) {
      const seat = game.turn(state);
      if (seat === 'chance') {
        state = game.play(state, drawChance(game, state, random));
        continue;
      }
      const question = questionIn(game, state);
      const { legal } = question;
      // The search is told no moves: it looks at nothing but the state, and that with the seat's eyes.
      const moves = searched({ game, state, seat, legal, history: [], random }, simulations);
      const shares = moves.map(({ visits }) => visits / simulations);
      const known = seen.get(question.key) ?? { question, shares: legal.map(() => 0), total: 0, times: 0 };
      seen.set(question.key, known);
      for (const [i, share] of shares.entries()) known.shares[i]! += share;
      met.push({ seen: known, seat });
      state = game.play(state, legal[drawIndex(shares, random)]!);
    }
    for (const { seen, seat } of met) {
      seen.times++;
      seen.total += worthFor(seat, outcome);
    }
    games++;
    // Whoever shows how far it is gets a turn between games.
    await new Promise(resolve => setImmediate(resolve));
  } while (goesOn() && games < imitatedGames);
  const lessons = [...seen.values()].map(({ question, shares, total, times }) => ({
    question,
    target: { policy: shares.map(share => share / times), value: total / times },
  }));
  return { lessons, games };
}
