/**
 * Tree search for any game: UCT when leaves are judged by random playouts, PUCT
 * when they are judged by a network's value and priors; with a network, the root
 * may instead share out its simulations as Gumbel AlphaZero does.
 *
 * A tree is asked for a leaf and told what it is worth, one after the other, so
 * that the leaves of many trees can be judged in one batch. Moves of chance are
 * drawn by their probabilities on the way; nothing may be hidden.
 *
 * - UCT: Kocsis & Szepesvári, "Bandit based Monte-Carlo Planning" (ECML 2006), §2.
 * - PUCT: Silver et al., "Mastering the game of Go without human knowledge"
 *   (Nature 550, 2017), Methods, "Search algorithm".
 * - The root after Danihelka et al., "Policy improvement by planning with Gumbel"
 *   (ICLR 2022): agents/gumbel.ts.
 * - Forced playouts: Wu, "Accelerating self-play learning in Go" (2019), §3.2.
 * - Proven wins and losses: Winands, Björnsson & Saito, "Monte-Carlo Tree Search
 *   Solver" (CG 2008), §3; draws are proven like them, where every move is.
 */

import {
  drawChance,
  type Game,
  type Move,
  type Outcome,
  playout,
  resultFor,
  type Seat,
  winsAtOnce,
} from '../games/game.ts';
import { pick, type Random } from '../games/random.ts';
import { grown } from './grown.ts';
import {
  type Candidate,
  candidateOf,
  gumbelNoise,
  gumbelScores,
  halving,
  improvedPolicy,
  type Root,
} from './gumbel.ts';
import type { End } from './perfect.ts';

/** A judgement of a position that is not over. */
export interface Evaluation {
  /** Expected result for the seat to move, from -1 (lost) to 1 (won). */
  readonly value: number;
  /** How promising each move looks, indexed by move number; only the legal ones count. */
  readonly priors: Float32Array;
}

export interface SearchedMove {
  readonly move: Move;
  readonly visits: number;
  /** Mean result for the seat to move, -1 … 1; 0 for a move never tried, what it surely leads to for one that is proven. */
  readonly value: number;
  /** Share of the prior, summing to 1 over the moves; uniform under UCT. */
  readonly prior: number;
  readonly proven: 'win' | 'draw' | 'loss' | undefined;
  /** How many plies a proven win or loss takes, as far as it was searched; 0 for a draw and where nothing is proven. */
  readonly plies: number;
}

/** A position in the tree whose result is proven, with the moves that lead to it: soonest (a win), latest (a loss) or at all (a draw). */
export interface Proof<State> {
  readonly state: State;
  /** What it is worth to the seat to move, faded. */
  readonly value: number;
  readonly moves: readonly Move[];
}

/** UCT's constant: twice the exploration of UCB1 on results in -1 … 1, as OpenSpiel's default uct_c = 2. */
export const UCT_EXPLORATION = 2;
const PUCT_EXPLORATION = 1.5;

/** What a tree that a network judges asks about how positions in it end. */
export interface Sight {
  /** Of each new one. */
  end(state: unknown): End | undefined;
  /**
   * Of one that has been reached 2, 4, 8 … times, with an effort in proportion:
   * the search by a network leads to where an exact one is of most use. As in
   * Baier & Winands, "MCTS-minimax hybrids" (IEEE T-CIAIG 7, 2015), §III.C, where a
   * search is begun at nodes that were reached often enough.
   */
  again?(state: unknown, times: number): End | undefined;
}

/** A position is further from its end than those that follow. If one right after it was asked about in vain, it is not asked about until that may cost so many times as much. */
const FURTHER = 4;

/** KataGo's k of forced playouts (Wu 2019, §3.2). */
export const FORCED = 2;

/** What a result a ply away is worth, where a network judges: of two wins the sooner is better, of two losses the later. */
export const FADE = 0.995;

/** A proof's number is ±(MATE - plies) of a win or a loss, DRAWN of a draw, and 0 while nothing is proven. */
const MATE = 10_000;
const DRAWN = 1;

const UNEXPANDED = -1;

export class Tree<State> {
  readonly #game: Game<State>;
  readonly #random: Random;
  readonly #sight: Sight | undefined;
  #root!: Root;
  /** Ends are asked about so many plies below the root, and below that. */
  #seenFrom = 0;

  // A node: its state, for whom its edges are judged (seat 0 where chance moves), its edges' place, how often it was reached.
  readonly #states: State[] = [];
  readonly #seats: Seat[] = [];
  readonly #isChance: boolean[] = [];
  /** Whether a move is known that draws: the position is worth no less then, whatever the others come to. */
  readonly #draws: boolean[] = [];
  #first = new Int32Array(64);
  #count = new Int32Array(64);
  #reached = new Int32Array(64);
  /** How often it had been reached when it was last asked about in vain. */
  #inVain = new Int32Array(64);

  // An edge: move, prior, visits, sum of results for the seat that makes it, the node it leads to, proof.
  #edges = 0;
  #move = new Int32Array(512);
  #prior = new Float32Array(512);
  #visits = new Int32Array(512);
  #total = new Float64Array(512);
  #child = new Int32Array(512);
  #proof = new Int16Array(512);

  /** The edges walked to the leaf that was last handed out. */
  #path = new Int32Array(64);
  #depth = 0;
  #leaf = 0;

  /** The network's judgement of the root. */
  #judgement = 0;
  /** Under a Gumbel root: its moves in the order of their edges, and how often the move looked at next was looked at before. */
  #candidates: Candidate[] = [];
  #schedule: readonly number[] = [];

  /** Where a network judges, what `sight` tells is proven then. */
  constructor(game: Game<State>, state: State, random: Random, root?: Root, sight?: Sight) {
    this.#game = game;
    this.#random = random;
    this.#sight = sight;
    this.begin(state, root);
  }

  /** A new search in the room of the one before, of which nothing is left. Ends are asked about `seenFrom` plies from `state` or later. */
  begin(state: State, root: Root = { kind: 'puct', forced: 0 }, seenFrom = 0): void {
    this.#root = root;
    this.#seenFrom = seenFrom;
    this.#states.length = 0;
    this.#seats.length = 0;
    this.#isChance.length = 0;
    this.#draws.length = 0;
    this.#edges = 0;
    this.#judgement = 0;
    this.#candidates = [];
    this.#schedule = [];
    this.#addNode(state);
  }

  /** How often the root was passed. */
  get simulations(): number {
    return this.#reached[0]!;
  }

  /** What is proven of the root, for the seat to move, and how many plies a win or loss takes, as far as it was searched; undefined while it is open. */
  get proof(): { readonly result: -1 | 0 | 1; readonly plies: number } | undefined {
    const proof = this.#count[0] === UNEXPANDED ? 0 : this.#nodeProof(0);
    const result = resultOf(proof);
    return result === undefined ? undefined : { result, plies: pliesOf(proof) };
  }

  /** What the root is worth to the seat to move: what is proven, else the mean of its simulations, the network's judgement among them. */
  get value(): number {
    const proof = this.#count[0] === UNEXPANDED ? 0 : this.#nodeProof(0);
    if (proof !== 0) return worthOf(proof);
    let sum = this.#judgement;
    let visits = 1;
    const first = this.#first[0]!;
    for (let edge = first; edge < first + this.#count[0]!; edge++) {
      sum += this.#total[edge]!;
      visits += this.#visits[edge]!;
    }
    return sum / visits;
  }

  /** One simulation of UCT, judged by one random playout. */
  simulate(): void {
    const state = this.#descend(true);
    if (state === undefined) return;
    const outcome = playout(this.#game, state, this.#random);
    this.#backup(resultFor(this.#seats[this.#leaf]!, outcome), 1);
  }

  /**
   * The next position to be judged by PUCT; `judge` must follow. Undefined when
   * the walk ended in a finished game, which judges itself.
   */
  leaf(): State | undefined {
    return this.#descend(false);
  }

  /** What the position handed out by `leaf` is worth. */
  judge({ value, priors }: Evaluation): void {
    this.#expand(this.#leaf, priors);
    if (this.#leaf === 0) {
      this.#judgement = value;
      if (this.#root.kind === 'gumbel') {
        const { simulations, considered, noise } = this.#root;
        const first = this.#first[0]!;
        this.#candidates = Array.from({ length: this.#count[0]! }, (_, i) =>
          candidateOf(this.#move[first + i]!, this.#prior[first + i]!, noise && noise * gumbelNoise(this.#random)),
        );
        this.#schedule = halving(Math.min(considered, this.#candidates.length), simulations);
      }
    }
    this.#backup(value, FADE);
  }

  /** Under a Gumbel root: the move that sequential halving ends with, or a proven draw that seems better. The root must not be proven. */
  halved(): Move {
    const candidates = this.#looked();
    const scores = gumbelScores(candidates, this.#judgement);
    const most = Math.max(...candidates.filter(({ proven }) => proven === 0).map(({ visits }) => visits));
    const last = [...candidates.keys()].filter(i => {
      const { visits, proven } = candidates[i]!;
      return proven === DRAWN || (proven === 0 && visits === most);
    });
    return candidates[last.reduce((best, i) => (scores[i]! > scores[best]! ? i : best))]!.move;
  }

  /** Under a Gumbel root: the policy to be learned, over the moves that are not proven losses. */
  improvedPolicy(): readonly { readonly move: Move; readonly share: number }[] {
    const open = this.#looked().filter(({ proven }) => proven >= 0);
    const shares = improvedPolicy(open, this.#judgement);
    return open.map(({ move }, i) => ({ move, share: shares[i]! }));
  }

  /** The positions below the root whose results are proven and in which there was a choice. */
  proofs(): readonly Proof<State>[] {
    const found: Proof<State>[] = [];
    for (let node = 1; node < this.#states.length; node++) {
      if (this.#count[node]! < 2) continue;
      const proof = this.#nodeProof(node);
      if (proof === 0) continue;
      const edges = Array.from({ length: this.#count[node]! }, (_, i) => this.#first[node]! + i);
      const moves = edges.filter(edge => this.#proof[edge] === proof).map(edge => this.#move[edge]!);
      found.push({ state: this.#states[node]!, value: worthOf(proof), moves });
    }
    return found;
  }

  /** Mixes noise into the root's priors: (1 - share) prior + share noise[i], `noise` in the order of `game.moves`. */
  mixIntoPriors(noise: readonly number[], share: number): void {
    const first = this.#first[0]!;
    for (let i = 0; i < this.#count[0]!; i++) {
      this.#prior[first + i] = (1 - share) * this.#prior[first + i]! + share * noise[i]!;
    }
  }

  /** The root's moves in ascending order. */
  moves(): readonly SearchedMove[] {
    const first = this.#first[0]!;
    const indices = Array.from({ length: Math.max(0, this.#count[0]!) }, (_, i) => first + i);
    return indices
      .map((edge): SearchedMove => {
        const visits = this.#visits[edge]!;
        const proof = this.#proof[edge]!;
        return {
          move: this.#move[edge]!,
          visits,
          value: proof !== 0 ? worthOf(proof) : visits && this.#total[edge]! / visits,
          prior: this.#prior[edge]!,
          proven: PROVEN.get(resultOf(proof)),
          plies: pliesOf(proof),
        };
      })
      .sort((a, b) => a.move - b.move);
  }

  /**
   * Walks to a new position, or to one whose result is certain and is backed up
   * at once: the game is over, it is proven, or (not under UCT, where a playout
   * costs less than the look) the seat to move has a winning move.
   */
  #descend(uct: boolean): State | undefined {
    this.#depth = 0;
    let node = 0;
    for (;;) {
      if (this.#count[node] === UNEXPANDED) {
        if (uct ? this.#reached[node] === 0 && node !== 0 : !this.#isChance[node]) {
          this.#leaf = node;
          return this.#states[node]!;
        }
        this.#expand(node, undefined);
      }
      const edge = this.#isChance[node]
        ? this.#drawn(node)
        : uct
          ? this.#mostUrgent(node)
          : node === 0 && this.#root.kind === 'gumbel'
            ? this.#nextInTurn()
            : this.#mostPromising(node);
      if (this.#depth === this.#path.length) this.#path = grown(this.#path);
      this.#path[this.#depth++] = edge;

      if (this.#proof[edge] !== 0) {
        this.#backupFromEdge(worthOf(this.#proof[edge]!), FADE);
        return undefined;
      }
      let child = this.#child[edge]!;
      if (child === UNEXPANDED) {
        const state = this.#game.play(this.#states[node]!, this.#move[edge]!);
        const outcome = this.#game.outcome(state);
        if (uct && outcome) {
          this.#backupFromEdge(resultFor(this.#seats[node]!, outcome), 1);
          return undefined;
        }
        const end = uct ? undefined : outcome ? endNow(outcome, this.#seats[node]!) : this.#endOf(state, node);
        if (end) {
          this.#prove(edge, end);
          return undefined;
        }
        child = this.#addNode(state);
        this.#child[edge] = child;
      } else {
        const end = this.#endAgain(child, node);
        if (end) {
          this.#prove(edge, end);
          return undefined;
        }
      }
      node = child;
    }
  }

  /** How a move from `parent` to `node` ends for the seat that makes it, where it is time to ask again and that is seen. */
  #endAgain(node: number, parent: number): End | undefined {
    const reached = this.#reached[node]!;
    if (!this.#sight?.again || reached < 2 || (reached & (reached - 1)) !== 0) return undefined;
    if (this.#isChance[node] || this.#depth < this.#seenFrom) return undefined;
    const first = this.#first[node]!;
    for (let edge = first; edge < first + this.#count[node]!; edge++) {
      const child = this.#child[edge]!;
      if (child === UNEXPANDED || this.#proof[edge] !== 0) continue;
      if (FURTHER * this.#inVain[child]! > reached) return undefined;
    }
    const end = this.#sight.again(this.#states[node]!, reached);
    if (end) return aPlyBefore(end, this.#seats[node] === this.#seats[parent]);
    this.#inVain[node] = reached;
    return undefined;
  }

  /** Backs up what the last edge of the path is known to lead to, for the seat that makes it. */
  #prove(edge: number, { result, plies }: End): void {
    this.#proof[edge] = result === 0 ? DRAWN : result * (MATE - plies);
    this.#backupFromEdge(worthOf(this.#proof[edge]!), FADE);
  }

  /** Backs up what the leaf is worth for the seat to move there. */
  #backup(value: number, fade: number): void {
    this.#reached[this.#leaf]!++;
    if (this.#depth === 0) return;
    const parent = this.#nodeAbove(this.#depth - 1);
    this.#backupFromEdge(fade * (this.#seats[this.#leaf] === this.#seats[parent] ? value : -value), fade);
  }

  /** Backs up the result of the path's last edge for the seat that made it; a ply further up it is worth `fade` of that. */
  #backupFromEdge(result: number, fade: number): void {
    let value = result;
    let proven: number = this.#proof[this.#path[this.#depth - 1]!]!;
    for (let i = this.#depth - 1; i >= 0; i--) {
      const edge = this.#path[i]!;
      const node = this.#nodeAbove(i);
      if (proven !== 0) this.#proof[edge] = proven;
      if (proven === DRAWN) this.#draws[node] = true;
      this.#visits[edge]!++;
      this.#total[edge]! += value;
      this.#reached[node]!++;
      if (i === 0) break;
      value = this.#draws[node] ? Math.max(0, fade * value) : fade * value;
      if (proven !== 0) proven = this.#nodeProof(node);
      const turns = this.#seats[node] !== this.#seats[this.#nodeAbove(i - 1)];
      if (turns) value = -value;
      if (proven !== 0 && proven !== DRAWN) proven = (turns ? -1 : 1) * (proven - Math.sign(proven));
    }
  }

  /** The node that the path's i-th edge leaves. */
  #nodeAbove(i: number): number {
    return i === 0 ? 0 : this.#child[this.#path[i - 1]!]!;
  }

  /**
   * The proof of the best move where all are proven or one wins: the soonest win,
   * else a draw, else the latest loss. Of a node where chance moves nothing is proven: that
   * would take a look at every outcome.
   */
  #nodeProof(node: number): number {
    if (this.#isChance[node]) return 0;
    const first = this.#first[node]!;
    const end = first + this.#count[node]!;
    let best = -MATE;
    let open = false;
    for (let edge = first; edge < end; edge++) {
      const proof = this.#proof[edge]!;
      if (proof === 0) open = true;
      else if (proof > best) best = proof;
    }
    return open && best <= DRAWN ? 0 : best;
  }

  /** The edge of a move of chance. */
  #drawn(node: number): number {
    const move = drawChance(this.#game, this.#states[node]!, this.#random);
    let edge = this.#first[node]!;
    while (this.#move[edge] !== move) edge++;
    return edge;
  }

  /** UCB1; every move is tried once before any is tried again. */
  #mostUrgent(node: number): number {
    const first = this.#first[node]!;
    const end = first + this.#count[node]!;
    const logReached = Math.log(this.#reached[node]! + 1);
    let best = first;
    let bestUrgency = -Infinity;
    for (let edge = first; edge < end; edge++) {
      const visits = this.#visits[edge]!;
      if (visits === 0) return edge;
      const urgency = this.#total[edge]! / visits + UCT_EXPLORATION * Math.sqrt(logReached / visits);
      if (urgency > bestUrgency) {
        bestUrgency = urgency;
        best = edge;
      }
    }
    return best;
  }

  /**
   * PUCT among the moves of which nothing is proven, or the one that wins; a move
   * not yet tried is taken to be worth what its parent is so far, less a little
   * (KataGo's first-play urgency).
   */
  #mostPromising(node: number): number {
    const first = this.#first[node]!;
    const end = first + this.#count[node]!;
    let sum = 0;
    let visited = 0;
    for (let edge = first; edge < end; edge++) {
      if (this.#proof[edge]! > DRAWN) return edge;
      sum += this.#total[edge]!;
      visited += this.#visits[edge]!;
    }
    const untried = visited === 0 ? 0 : Math.max(-1, sum / visited - 0.2);
    const exploration = PUCT_EXPLORATION * Math.sqrt(visited + 1);
    const forced = node === 0 && this.#root.kind === 'puct' ? this.#root.forced : 0;
    let best = first;
    let bestPromise = -Infinity;
    for (let edge = first; edge < end; edge++) {
      if (this.#proof[edge] !== 0) continue;
      const visits = this.#visits[edge]!;
      if (forced > 0 && visits > 0 && visits < Math.sqrt(forced * this.#prior[edge]! * visited)) return edge;
      const value = visits === 0 ? untried : this.#total[edge]! / visits;
      const promise = value + (exploration * this.#prior[edge]!) / (1 + visits);
      if (promise > bestPromise) {
        bestPromise = promise;
        best = edge;
      }
    }
    return best;
  }

  /** The edge of the root that sequential halving looks at next: the best of those looked at as often as it is their turn. */
  #nextInTurn(): number {
    const candidates = this.#looked();
    const scores = gumbelScores(candidates, this.#judgement);
    const turn = this.#schedule[this.#reached[0]! - 1] ?? 0;
    let best = -1;
    let nearest = Infinity;
    for (let i = 0; i < candidates.length; i++) {
      const { visits, proven } = candidates[i]!;
      const distance = proven === 0 ? Math.abs(visits - turn) : Infinity;
      if (distance < nearest || (distance === nearest && best >= 0 && scores[i]! > scores[best]!)) {
        best = i;
        nearest = distance;
      }
    }
    return this.#first[0]! + best;
  }

  /** The root's candidates with what the search found of them so far. */
  #looked(): readonly Candidate[] {
    const first = this.#first[0]!;
    for (let i = 0; i < this.#candidates.length; i++) {
      const candidate = this.#candidates[i]!;
      const visits = this.#visits[first + i]!;
      const proven = this.#proof[first + i]!;
      candidate.visits = visits;
      candidate.proven = proven;
      candidate.value = proven !== 0 ? worthOf(proven) : visits === 0 ? undefined : this.#total[first + i]! / visits;
    }
    return this.#candidates;
  }

  /** How a move to `state`, in which the game goes on, ends for the seat that makes it at `node`, where that is seen. */
  #endOf(state: State, node: number): End | undefined {
    const seat = this.#game.turn(state);
    if (seat === 'chance') return undefined;
    const asks = this.#sight !== undefined && this.#depth >= this.#seenFrom;
    const end = asks ? this.#sight!.end(state) : winsAtOnce(this.#game, state) ? WON_AT_ONCE : undefined;
    return end && aPlyBefore(end, seat === this.#seats[node]);
  }

  #addNode(state: State): number {
    const node = this.#states.length;
    if (node === this.#first.length) {
      this.#first = grown(this.#first);
      this.#count = grown(this.#count);
      this.#reached = grown(this.#reached);
      this.#inVain = grown(this.#inVain);
    }
    this.#states.push(state);
    const turn = this.#game.turn(state);
    this.#seats.push(turn === 'chance' ? 0 : turn);
    this.#isChance.push(turn === 'chance');
    this.#draws.push(false);
    this.#count[node] = UNEXPANDED;
    this.#reached[node] = 0;
    this.#inVain[node] = 0;
    return node;
  }

  /** Gives a node its edges: in random order and with equal priors under UCT and for chance, else with the given priors, rescaled. */
  #expand(node: number, priors: Float32Array | undefined): void {
    const moves = this.#game.moves(this.#states[node]!);
    const first = this.#edges;
    const end = first + moves.length;
    while (end > this.#move.length) this.#growEdges();
    this.#first[node] = first;
    this.#count[node] = moves.length;
    this.#edges = end;

    let mass = 0;
    if (priors) for (const move of moves) mass += priors[move]!;
    for (let i = 0; i < moves.length; i++) {
      const edge = first + i;
      this.#move[edge] = moves[i]!;
      this.#prior[edge] = priors && mass > 0 ? priors[moves[i]!]! / mass : 1 / moves.length;
      this.#visits[edge] = 0;
      this.#total[edge] = 0;
      this.#child[edge] = UNEXPANDED;
      this.#proof[edge] = 0;
    }
    if (priors) return;
    for (let i = moves.length - 1; i > 0; i--) {
      const other = first + Math.floor(this.#random() * (i + 1));
      const move = this.#move[first + i]!;
      this.#move[first + i] = this.#move[other]!;
      this.#move[other] = move;
    }
  }

  #growEdges(): void {
    this.#move = grown(this.#move);
    this.#prior = grown(this.#prior);
    this.#visits = grown(this.#visits);
    this.#total = grown(this.#total);
    this.#child = grown(this.#child);
    this.#proof = grown(this.#proof);
  }
}

const pliesOf = (proof: number): number => (proof === 0 || proof === DRAWN ? 0 : MATE - Math.abs(proof));

const worthOf = (proof: number): number => (proof === DRAWN ? 0 : Math.sign(proof) * FADE ** pliesOf(proof));

const resultOf = (proof: number): -1 | 0 | 1 | undefined =>
  proof === 0 ? undefined : proof === DRAWN ? 0 : proof > 0 ? 1 : -1;

const PROVEN: ReadonlyMap<number | undefined, SearchedMove['proven']> = new Map([
  [1, 'win'],
  [0, 'draw'],
  [-1, 'loss'],
]);

/** An end as it is seen a ply before it was told, by the same seat or the other. */
const aPlyBefore = ({ result, plies }: End, sameSeat: boolean): End => ({
  result: (sameSeat ? result : -result) as End['result'],
  plies: result === 0 ? 0 : plies + 1,
});

const WON_AT_ONCE: End = { result: 1, plies: 1 };

const endNow = (outcome: Outcome, seat: Seat): End => {
  const result = resultFor(seat, outcome);
  return { result, plies: result === 0 ? 0 : 1 };
};

/**
 * The move to play: the soonest proven win, else the most visited that is not
 * proven, unless a proven draw is worth more, else the latest loss; the better
 * value, then chance, break ties.
 */
export function bestMove(moves: readonly SearchedMove[], random: Random): SearchedMove {
  const open = moves.filter(({ proven }) => proven === undefined);
  const most = open.reduce((best, { visits }) => Math.max(best, visits), 0);
  // What was never tried gives no hope.
  const hope = most === 0 ? -1 : Math.max(...open.filter(({ visits }) => visits === most).map(({ value }) => value));
  const rank = ({ visits, proven, plies }: SearchedMove): number => {
    if (proven === 'win') return 2 * MATE_RANK - plies;
    if (proven === 'loss') return plies - MATE_RANK;
    if (proven === 'draw') return hope < 0 ? MATE_RANK : -1;
    return visits;
  };
  const highest = Math.max(...moves.map(rank));
  const top = moves.filter(move => rank(move) === highest);
  const value = Math.max(...top.map(move => move.value));
  return pick(
    top.filter(move => move.value === value),
    random,
  );
}

/** Beyond any number of visits. */
const MATE_RANK = 1e9;

/**
 * Visits without those that were forced and did no good: every move but the most
 * visited loses forced playouts as long as PUCT would still prefer the most
 * visited, and its last one too (Wu 2019, §3.2, "policy target pruning").
 */
export function prunedVisits(moves: readonly SearchedMove[]): readonly SearchedMove[] {
  const total = moves.reduce((sum, { visits }) => sum + visits, 0);
  const exploration = PUCT_EXPLORATION * Math.sqrt(total);
  const most = moves.reduce((best, move) => (move.visits > best.visits ? move : best));
  const promise = most.value + (exploration * most.prior) / (1 + most.visits);
  return moves.map(move => {
    if (move === most || move.visits === 0) return move;
    const needed = promise > move.value ? (exploration * move.prior) / (promise - move.value) - 1 : move.visits;
    const forced = Math.floor(Math.sqrt(FORCED * move.prior * total));
    const visits = Math.min(move.visits, Math.max(Math.ceil(needed), move.visits - forced));
    return { ...move, visits: visits <= 1 ? 0 : visits };
  });
}
