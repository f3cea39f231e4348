/**
 * Monte-Carlo tree search where something is hidden: each simulation is played
 * in a state of its own, guessed among those that the searching seat cannot tell
 * apart, and all share one tree of moves.
 *
 * Single-observer information set MCTS: Cowling, Powley & Whitehouse,
 * "Information Set Monte Carlo Tree Search" (IEEE TCIAIG 4, 2012), §IV-B.
 */

import { drawChance, type Game, type Move, type Mover, playout, type Seat, worthFor } from '../games/game.ts';
import { pick, type Random } from '../games/random.ts';
import { type SearchedMove, UCT_EXPLORATION } from './search.ts';

/** What followed a move, over all states in which it was possible there. */
interface Branch {
  visits: number;
  /** Simulations that passed through while the move was legal. */
  available: number;
  /** Sum of what the results are worth to the seat that makes the move. */
  total: number;
  readonly next: Map<Move, Branch>;
}

const newBranch = (): Branch => ({ visits: 0, available: 0, total: 0, next: new Map() });

export class InformationSetTree<State> {
  readonly #game: Game<State>;
  readonly #state: State;
  readonly #seat: Seat;
  readonly #random: Random;
  readonly #root = newBranch();

  /** `state` is any state that `seat`, whose turn it is, cannot tell from the true one. */
  constructor(game: Game<State>, state: State, seat: Seat, random: Random) {
    this.#game = game;
    this.#state = state;
    this.#seat = seat;
    this.#random = random;
  }

  /** One simulation: down the tree to a move that is new in it, and on by random play. */
  simulate(): void {
    const game = this.#game;
    let state = game.guess!(this.#state, this.#seat, this.#random);
    let branch = this.#root;
    const path: { readonly branch: Branch; readonly mover: Mover }[] = [];
    let outcome = game.outcome(state);
    for (let isNew = false; !outcome && !isNew; outcome = game.outcome(state)) {
      const mover = game.turn(state);
      const move = mover === 'chance' ? drawChance(game, state, this.#random) : this.#choose(branch, game.moves(state));
      branch = reach(branch, move);
      isNew = branch.visits === 0 && mover !== 'chance';
      path.push({ branch, mover });
      state = game.play(state, move);
    }
    outcome ??= playout(game, state, this.#random);
    for (const { branch, mover } of path) {
      branch.visits++;
      if (mover !== 'chance') branch.total += worthFor(mover, outcome);
    }
  }

  /** UCB1 over the moves that are possible now; one that was never tried comes first. */
  #choose(branch: Branch, legal: readonly Move[]): Move {
    const untried: Move[] = [];
    let best = legal[0]!;
    let bestUrgency = -Infinity;
    for (const move of legal) {
      const { visits, total, available } = reach(branch, move);
      branch.next.get(move)!.available++;
      if (visits === 0) {
        untried.push(move);
        continue;
      }
      const urgency = total / visits + UCT_EXPLORATION * Math.sqrt(Math.log(available + 1) / visits);
      if (urgency > bestUrgency) {
        bestUrgency = urgency;
        best = move;
      }
    }
    return untried.length > 0 ? pick(untried, this.#random) : best;
  }

  /** The root's moves in ascending order. */
  moves(): readonly SearchedMove[] {
    const legal = this.#game.moves(this.#state);
    return legal.map((move): SearchedMove => {
      const { visits, total } = reach(this.#root, move);
      return { move, visits, value: visits && total / visits, prior: 1 / legal.length, proven: undefined, plies: 0 };
    });
  }
}

function reach(branch: Branch, move: Move): Branch {
  let next = branch.next.get(move);
  if (!next) {
    next = newBranch();
    branch.next.set(move, next);
  }
  return next;
}
