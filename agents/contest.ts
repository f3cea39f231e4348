/**
 * Games between networks that draw their moves from their policies, many side by
 * side. A network judges what the seat to move may know, and each such
 * observation only once.
 */

import { type Game, type Move, type Seat, worthFor } from '../games/game.ts';
import { drawIndex, type Random } from '../games/random.ts';
import type { Evaluator } from './tensors.ts';

/** What a network makes of an observation. */
export interface Judgement {
  /** How likely each legal move is, in the order of `game.moves`; they sum to 1. */
  readonly policy: readonly number[];
  /** What the game is worth to the seat to move, -1 … 1. */
  readonly value: number;
}

/** What a seat knows when it is to move. */
export interface Question {
  /** The observation as the key of a map. */
  readonly key: string;
  readonly observation: Float32Array;
  readonly legal: readonly Move[];
}

/** What is to be thought of an observation. */
export interface Lesson {
  readonly question: Question;
  readonly target: Judgement;
}

export const keyOf = (observation: Float32Array): string => observation.join();

export const questionIn = <State>(game: Game<State>, state: State): Question => {
  const observation = game.observe(state);
  return { key: keyOf(observation), observation, legal: game.moves(state) };
};

/** The policy over the legal moves alone, in their order: it sums to 1, and is uniform where the network gives them nothing. */
export function amongLegal(policy: Float32Array, legal: readonly Move[]): readonly number[] {
  const sum = legal.reduce((total, move) => total + policy[move]!, 0);
  return legal.map(move => (sum > 0 ? policy[move]! / sum : 1 / legal.length));
}

/** A network at the tables, and what it has judged so far. */
export class Player {
  readonly #evaluator: Evaluator;
  readonly #known = new Map<string, Judgement>();
  readonly #wanted = new Map<string, Question>();

  constructor(evaluator: Evaluator, remembered: readonly Lesson[] = []) {
    this.#evaluator = evaluator;
    for (const { question, target } of remembered) this.#known.set(question.key, target);
  }

  /** The same network, which goes by these lessons where there is one. */
  remembering(remembered: readonly Lesson[]): Player {
    return new Player(this.#evaluator, remembered);
  }

  /** Undefined where it was never judged: it is then wanted, and known after `judge`. */
  judgement(question: Question): Judgement | undefined {
    const known = this.#known.get(question.key);
    if (!known) this.#wanted.set(question.key, question);
    return known;
  }

  /** Judges all that is wanted. */
  async judge(): Promise<void> {
    const wanted = [...this.#wanted.values()];
    this.#wanted.clear();
    const { batch, input, policy, value } = this.#evaluator;
    const [size, moves] = [input.length / batch, policy.length / batch];
    for (let from = 0; from < wanted.length; from += batch) {
      const part = wanted.slice(from, from + batch);
      for (const [i, { observation }] of part.entries()) input.set(observation, i * size);
      await this.#evaluator.run();
      for (const [i, { key, legal }] of part.entries()) {
        const row = policy.subarray(i * moves, (i + 1) * moves);
        this.#known.set(key, { policy: amongLegal(row, legal), value: value[i]! });
      }
    }
  }

  /** Of each question, in order. */
  async judgements(questions: readonly Question[]): Promise<readonly Judgement[]> {
    for (const question of questions) this.judgement(question);
    await this.judge();
    return questions.map(question => this.judgement(question)!);
  }
}

/** A position, and those after it that were ever reached. */
interface Place {
  readonly state: unknown;
  /** What seat 0 won, -1 … 1; undefined while the game goes on. */
  readonly worth: number | undefined;
  /** Where chance is to move. */
  readonly chances: readonly number[] | undefined;
  readonly seat: Seat;
  readonly question: Question | undefined;
  readonly moves: readonly Move[];
  readonly next: (Place | undefined)[];
}

/** So many positions are kept, from the start on: the whole of a small game, the beginnings of a large one. */
const MOST_PLACES = 200_000;
/** And no more than hold so many numbers of observations, at some six bytes each with their keys. */
const MOST_NUMBERS = 50_000_000;

/** A game whose positions are worked out once and kept. Changes nothing but the time it takes. */
export class Grounds {
  readonly game: Game;
  readonly start: Place;
  readonly #most: number;
  #kept = 0;

  constructor(game: Game) {
    this.game = game;
    this.start = this.#placeOf(game.start);
    this.#most = Math.min(MOST_PLACES, MOST_NUMBERS / game.observationShape.reduce((size, length) => size * length, 1));
  }

  after(place: Place, index: number): Place {
    const known = place.next[index];
    if (known) return known;
    const next = this.#placeOf(this.game.play(place.state, place.moves[index]!));
    if (this.#kept < this.#most) {
      this.#kept++;
      place.next[index] = next;
    }
    return next;
  }

  #placeOf(state: unknown): Place {
    const { game } = this;
    const outcome = game.outcome(state);
    if (outcome) {
      const worth = worthFor(0, outcome);
      return { state, worth, chances: undefined, seat: 0, question: undefined, moves: [], next: [] };
    }
    const turn = game.turn(state);
    const moves = game.moves(state);
    return turn === 'chance'
      ? { state, worth: undefined, chances: game.chances!(state), seat: 0, question: undefined, moves, next: [] }
      : { state, worth: undefined, chances: undefined, seat: turn, question: questionIn(game, state), moves, next: [] };
  }
}

/** One game to be played. */
export interface Table {
  /** By seat. */
  readonly players: readonly [Player, Player];
  /** By seat: how often it makes any legal move, each as likely as the others, instead of one drawn from its policy, 0 … 1. */
  readonly explores: readonly [number, number];
  readonly random: Random;
}

/** A decision of a seat. */
export interface Moment {
  readonly seat: Seat;
  readonly question: Question;
  /** Its policy. */
  readonly policy: readonly number[];
  /** Which of the legal moves it made, and how likely that was, exploring included. */
  readonly made: number;
  readonly chance: number;
}

export interface Contest {
  readonly moments: readonly Moment[];
  /** What the result is worth to seat 0, -1 … 1. */
  readonly worth: number;
}

/** Plays all games to their ends. Each depends on its own random stream and players alone. */
export async function playContests(grounds: Grounds, tables: readonly Table[]): Promise<readonly Contest[]> {
  const running = tables.map(({ players, explores, random }) => ({
    players,
    explores,
    random,
    place: grounds.start,
    moments: [] as Moment[],
  }));
  let open = running;
  while (open.length > 0) {
    open = open.filter(table => {
      while (table.place.worth === undefined) {
        const { chances, question, seat } = table.place;
        if (chances) {
          table.place = grounds.after(table.place, drawIndex(chances, table.random));
          continue;
        }
        const judgement = table.players[seat].judgement(question!);
        if (!judgement) return true;
        const { policy } = judgement;
        const explored = table.explores[seat];
        const chancesNow =
          explored === 0 ? policy : policy.map(chance => (1 - explored) * chance + explored / policy.length);
        const made = drawIndex(chancesNow, table.random);
        table.moments.push({ seat, question: question!, policy, made, chance: chancesNow[made]! });
        table.place = grounds.after(table.place, made);
      }
      return false;
    });
    for (const player of new Set(open.flatMap(({ players }) => players))) await player.judge();
  }
  return running.map(({ moments, place }) => ({ moments, worth: place.worth! }));
}
