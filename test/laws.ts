/** The laws of games/game.ts and of a game's documents, checked on random play: one battery for every game and variant. */

import { beforeAll, expect, test } from 'vitest';
import { randomOpening } from '../arena/match.ts';
import type { Entry } from '../games/catalog.ts';
import { type Move, type Outcome, observeInto, opponent, plainPlayout, replay, winsAtOnce } from '../games/game.ts';
import { pick, seededRandom } from '../games/random.ts';
import { documentsOf, numbersIn } from '../src/documents.ts';
import { playout, type Step } from './playouts.ts';

/** So many positions of random play are enough to break a law, and few enough to be quick. */
const MOST_STEPS = 2500;
const MOST_GAMES = 50;
/** And so many are searched for the rules that seldom fire. */
const MOST_RARE_STEPS = 60_000;

/** Registers the tests of one game. */
export function laws({ game, view }: Entry): void {
  let games: readonly (readonly Step<unknown>[])[];
  let steps: readonly Step<unknown>[];
  let seatSteps: readonly Step<unknown>[];
  const [planes, rows, columns] = game.observationShape;
  const chanceCount = game.chanceCount ?? 0;

  beforeAll(() => {
    games = randomGames();
    steps = games.flat();
    seatSteps = steps.filter(({ state }) => game.outcome(state) === undefined && game.turn(state) !== 'chance');
  });

  const sample = <T>(items: readonly T[], count: number): readonly T[] =>
    items.filter((_, i) => i % Math.ceil(items.length / count) === 0);

  function randomGames(): readonly (readonly Step<unknown>[])[] {
    const found: (readonly Step<unknown>[])[] = [];
    for (let seed = 0, count = 0; seed < MOST_GAMES && count < MOST_STEPS; seed++) {
      found.push(playout(game, seed));
      count += found.at(-1)!.length;
    }
    return found;
  }

  test('moves are distinct, in range and in ascending order, and run out exactly at the end', () => {
    for (const { state } of steps) {
      const moves = game.moves(state);
      expect([...new Set(moves)].sort((a, b) => a - b)).toEqual(moves);
      const over = game.outcome(state) !== undefined;
      expect(moves.length === 0).toBe(over);
      if (over) continue;
      const chance = game.turn(state) === 'chance';
      const [least, end] = chance ? [game.moveCount, game.moveCount + chanceCount] : [0, game.moveCount];
      expect(moves.every(move => Number.isInteger(move) && move >= least && move < end)).toBe(true);
    }
  });

  test('chances are probabilities, one for each move of chance', () => {
    expect(game.chances !== undefined).toBe(chanceCount > 0);
    for (const { state } of steps) {
      if (game.outcome(state) || game.turn(state) !== 'chance') continue;
      const chances = game.chances!(state);
      expect(chances.length).toBe(game.moves(state).length);
      expect(chances.every(chance => chance > 0)).toBe(true);
      expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
    }
  });

  test('results name a winner, a stake and points that can be', () => {
    for (const { state } of steps) {
      const outcome = game.outcome(state);
      if (!outcome) continue;
      expect(outcome.how).not.toBe('');
      expect((outcome.scores ?? [0, 0]).every(Number.isFinite)).toBe(true);
      if (outcome.kind === 'draw') continue;
      expect([0, 1]).toContain(outcome.winner);
      expect(outcome.stake ?? 1).toBeGreaterThan(0);
      expect(outcome.stake ?? 1).toBeLessThanOrEqual(1);
    }
  });

  test('states are JSON and play changes none of them', () => {
    for (const { state, move } of steps) {
      const before = JSON.stringify(state);
      expect(JSON.parse(before)).toEqual(state);
      if (move !== undefined) game.play(state, move);
      expect(JSON.stringify(state)).toBe(before);
    }
  });

  test('states with the same key are worth the same: as many moves lead on, or the same seat has won', () => {
    if (!game.key) return;
    const what = new Map<number, string>();
    for (const { state } of steps) {
      const outcome = game.outcome(state);
      const winner = outcome?.kind === 'win' ? (outcome.winner === game.turn(state) ? 'to move' : 'other') : 'none';
      const seen = `${game.moves(state).length} ${outcome?.kind} ${winner}`;
      const key = game.key(state);
      expect(Number.isSafeInteger(key) && key >= 0).toBe(true);
      expect(what.get(key) ?? seen).toBe(seen);
      what.set(key, seen);
    }
  });

  test('every move has one text and every text one move', () => {
    const texts = Array.from({ length: game.moveCount + chanceCount }, (_, move) => game.formatMove(move));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.map(text => game.parseMove(text))).toEqual(texts.map((_, move) => move));
    expect(texts.filter(text => text !== text.toLowerCase() || /\s|^$/.test(text))).toEqual([]);
    for (const nonsense of ['', ' ', 'zz', 'undefined', 'constructor', `${texts[0]} `, `${texts[0]}${texts[0]}!`]) {
      expect(game.parseMove(nonsense)).toBeUndefined();
    }
    expect(game.notation).not.toBe('');
  });

  test('observations have the promised size and are numbers from 0 to 1', () => {
    for (const { state } of steps) {
      const observation = game.observe(state);
      expect(observation.length).toBe(planes * rows * columns);
      expect(observation.every(number => number >= 0 && number <= 1)).toBe(true);
    }
  });

  test('what is observed faster is the same, whatever stood there before', () => {
    const room = new Float32Array(planes * rows * columns);
    for (const { state } of steps) {
      room.fill(0.5);
      observeInto(game, state, room);
      // toEqual takes twenty times as long.
      const plain = game.observe(state);
      expect(room.findIndex((number, i) => number !== plain[i])).toBe(-1);
    }
  });

  test('who can win at once is seen without trying', () => {
    if (!game.winsAtOnce) return;
    const { winsAtOnce: _, ...slower } = game;
    const open = steps.filter(({ state }) => !game.outcome(state));
    const found = open.map(({ state }) => game.winsAtOnce!(state));
    expect(found).toEqual(open.map(({ state }) => winsAtOnce(slower, state)));
    expect(found.includes(false)).toBe(true);
  });

  test('a playout is random play, number for number', () => {
    if (!game.playout) return;
    for (let seed = 0; seed < games.length; seed++) {
      const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
      const from = seed === 0 ? game.start : pick(steps, seededRandom(seed)).state;
      expect(game.playout(from, fast)).toEqual(plainPlayout(game, from, plain));
      expect(fast()).toBe(plain());
    }
  });

  test('every symmetry turns a game into a game with the same result', () => {
    const texts = game.symmetries.map(({ squares, moves }) => `${squares} ${moves}`);
    expect(new Set(texts).size).toBe(texts.length);
    for (const { squares, moves } of game.symmetries) {
      expect([...squares, ...moves].every((to, i) => to === (i < squares.length ? i : i - squares.length))).toBe(false);
      expect([...squares].sort((a, b) => a - b)).toEqual(squares.map((_, square) => square));
      expect([...moves].sort((a, b) => a - b)).toEqual(moves.map((_, move) => move));
      for (const steps of games.slice(0, 6)) {
        let turned = game.start;
        for (const { state, move } of steps) {
          expect([...game.observe(turned)]).toEqual(permuted([...game.observe(state)], squares));
          expect(game.outcome(turned)).toEqual(game.outcome(state));
          if (!game.outcome(state) && game.turn(state) !== 'chance') {
            const images = game.moves(state).map(legal => moves[legal]!);
            expect(game.moves(turned)).toEqual(images.sort((a, b) => a - b));
          }
          if (move !== undefined) turned = game.play(turned, moves[move] ?? move);
        }
      }
    }
  });

  test('openings leave a game to play', () => {
    for (let seed = 0; seed < 20; seed++) {
      const opening = randomOpening(game, game.openingPlies, seed);
      expect(opening.length).toBe(game.openingPlies);
      expect(game.outcome(replay(game, opening))).toBeUndefined();
    }
  });

  test('what a seat cannot tell apart it is shown alike, and guesses alike', () => {
    expect(game.guess !== undefined).toBe(game.hides !== undefined);
    if (!game.guess) return;
    for (const [i, { state }] of sample(seatSteps, 300).entries()) {
      for (const seat of [0, 1] as const) {
        const guess = game.guess(state, seat, seededRandom(i));
        expect(game.outcome(guess)).toEqual(game.outcome(state));
        expect(game.turn(guess)).toEqual(game.turn(state));
        expect(game.show(guess, seat)).toBe(game.show(state, seat));
        expect(view.squares(guess, seat)).toEqual(view.squares(state, seat));
        expect(view.caption?.(guess, seat)).toBe(view.caption?.(state, seat));
        // The guess tells no more than what the seat saw: guessing from it is guessing from the truth.
        expect(game.guess(guess, seat, seededRandom(i + 1))).toEqual(game.guess(state, seat, seededRandom(i + 1)));
        if (game.turn(state) !== seat) continue;
        expect(game.moves(guess)).toEqual(game.moves(state));
        expect([...game.observe(guess)]).toEqual([...game.observe(state)]);
      }
    }
  });

  test('a move that is hidden from a seat changes nothing the seat is shown', () => {
    if (!game.hides) return;
    let hidden = 0;
    for (const [ply, { state, move }] of sample(steps, 300).entries()) {
      if (move === undefined) continue;
      for (const seat of [0, 1] as const) {
        const alike = game.moves(state).filter(other => game.hides!(state, other, seat));
        if (!alike.includes(move)) continue;
        hidden++;
        // Whatever the hidden move was, the seat sees the same, as long as it is then still the same one's turn.
        const after = game.play(state, move);
        for (const other of alike) {
          const instead = game.play(state, other);
          if (game.turn(instead) !== game.turn(after) || game.outcome(instead) || game.outcome(after)) continue;
          // An order that completes a tick may show what it was; a card or a die does not.
          if (game.turn(state) !== 'chance' && game.turn(after) !== game.turn(state)) continue;
          expect(game.show(instead, seat)).toBe(game.show(after, seat));
          expect(view.squares(instead, seat)).toEqual(view.squares(after, seat));
          // A guess that knew the truth would know it here: these are two truths.
          expect(game.guess!(instead, seat, seededRandom(ply))).toEqual(game.guess!(after, seat, seededRandom(ply)));
          if (game.turn(after) === seat) expect([...game.observe(instead)]).toEqual([...game.observe(after)]);
        }
      }
    }
    expect(hidden).toBeGreaterThan(0);
  });

  test.runIf(game.solo)(
    "a seat's own board is its own: the other's moves change neither its points nor what it shows",
    () => {
      const solo = game.solo!;
      const size = solo.observationShape.reduce((product, length) => product * length, 1);
      for (const { state, move } of sample(steps, 100)) {
        const outcome = game.outcome(state);
        if (outcome) expect([solo.score(state, 0), solo.score(state, 1)]).toEqual(outcome.scores);
        const own = ([0, 1] as const).map(seat => solo.observe(state, seat));
        for (const planes of own) {
          expect(planes.length).toBe(size);
          expect(planes.every(value => value >= 0 && value <= 1)).toBe(true);
        }
        const seat = outcome ? 'chance' : game.turn(state);
        if (move === undefined || seat === 'chance') continue;
        const after = game.play(state, move);
        for (const other of game.moves(state)) {
          const instead = game.play(state, other);
          expect(solo.observe(instead, opponent(seat)).join()).toBe(solo.observe(after, opponent(seat)).join());
          expect(solo.score(instead, opponent(seat))).toBe(solo.score(after, opponent(seat)));
        }
      }
    },
  );

  test('the view shows the board, and clicks lead to legal moves and no other', () => {
    const width = view.squares(game.start)[0]!.length;
    expect(width, 'columns of the view').toBeGreaterThan(0);
    for (const { state } of sample(steps, 300)) {
      const squares = view.squares(state);
      expect(squares.every(row => row.length === width)).toBe(true);
      for (const square of squares.flat()) {
        if (square === null || typeof square === 'number') continue;
        if (square.sign !== undefined || square.ground !== undefined) expect(square.label ?? '').not.toBe('');
      }
      const turn = game.outcome(state) ? 0 : game.turn(state);
      if (turn === 'chance') continue;
      const all = view.movesAt(state, []);
      expect(all).toEqual(game.moves(state));
      const count = squares.length * width;
      for (let square = 0; square < count; square++) {
        const begun = view.movesAt(state, [square]);
        expect(begun.every(move => all.includes(move))).toBe(true);
        // Several moves begin here: further clicks must tell them apart.
        if (begun.length > 1) expect(reached(state, [square], begun, count)).toEqual(begun);
      }
    }
  });

  /** The moves that clicks after these lead to, one by one. */
  function reached(state: unknown, clicks: readonly number[], begun: readonly Move[], count: number): readonly Move[] {
    const found = new Set<Move>();
    for (let square = 0; square < count; square++) {
      const left = view.movesAt(state, [...clicks, square]);
      if (left.length === 1) found.add(left[0]!);
      else if (left.length > 1 && clicks.length < 8) {
        for (const move of reached(state, [...clicks, square], left, count)) found.add(move);
      }
    }
    return begun.filter(move => found.has(move));
  }

  test('replaying the texts of a game gives its last state', () => {
    const first = games[0]!;
    const texts = first.flatMap(({ move }) => (move === undefined ? [] : [game.formatMove(move)]));
    expect(replay(game, texts)).toEqual(first.at(-1)?.state);
  });

  test('every rule fires somewhere, and every rule that fires is in the rulebook', async () => {
    const numbered = numbersIn((await documentsOf(game)).rules);
    const fired = new Set<string>();
    for (const { state } of sample(steps, 400)) {
      if (game.outcome(state)) continue;
      const legal = new Set(game.moves(state));
      const chance = game.turn(state) === 'chance';
      const all = Array.from({ length: chance ? chanceCount : game.moveCount }, (_, i) =>
        chance ? game.moveCount + i : i,
      );
      for (const move of all.length <= 100 ? all : [...sample([...legal], 20), ...sample(all, 80)]) {
        const ids = game.explain(state, move);
        expect(ids.length, `${game.formatMove(move)} in\n${game.show(state)}`).toBeGreaterThan(0);
        for (const id of ids) fired.add(id);
      }
    }
    // Endings are rare: the last plies of further games, until all have been seen or it is clear that they will not be.
    for (let seed = 0, plies = 0; plies < MOST_RARE_STEPS && numbered.some(id => !fired.has(id)); seed++) {
      const further = playout(game, seed);
      plies += further.length;
      for (const { state, move } of further.slice(-4)) {
        if (move !== undefined) for (const id of game.explain(state, move)) fired.add(id);
      }
    }
    expect([...fired].filter(id => !numbered.includes(id))).toEqual([]);
    expect(numbered.filter(id => !fired.has(id))).toEqual([]);
  });

  test('legal and illegal moves are explained by different rules', () => {
    for (const { state } of sample(seatSteps, 100)) {
      const legal = game.moves(state);
      const illegal = sample(
        Array.from({ length: game.moveCount }, (_, move) => move).filter(move => !legal.includes(move)),
        20,
      );
      const allowing = new Set(legal.map(move => game.explain(state, move).join(' ')));
      for (const move of illegal) expect(allowing.has(game.explain(state, move).join(' '))).toBe(false);
    }
  });

  test.each(['rules', 'guide'] as const)(
    'its %s numbers its paragraphs without a gap and tells the truth',
    async name => {
      const text = (await documentsOf(game))[name];
      const numbers = numbersIn(text);
      expect(numbers.length, `numbered paragraphs in ${name}.md`).toBeGreaterThanOrEqual(4);
      expect(numbers).toEqual(numbers.map((_, i) => `${name === 'rules' ? 'R' : 'G'}${i + 1}`));
      expect(text).not.toMatch(/[{}]{2}/);
      const blocks = [...text.matchAll(/```play\n(.*)\n(.+)\n```/g)];
      expect(blocks.length, `play blocks of two lines in ${name}.md`).toBe(text.split('```play').length - 1);
      if (name === 'rules' || game.facts['usual']) {
        expect(blocks.length, `play blocks in ${name}.md`).toBeGreaterThan(0);
      }
      for (const [, moves = '', result] of blocks) {
        const where = `play block '${moves}' in ${name}.md`;
        const texts = moves.split(' ').filter(Boolean);
        expect(() => replay(game, texts), where).not.toThrow();
        expect(resultText(game.outcome(replay(game, texts))), where).toBe(result);
      }
    },
  );
}

function resultText(outcome: Outcome | undefined): string {
  if (!outcome) return 'not over';
  return outcome.kind === 'draw' ? 'draw' : `seat ${outcome.winner} wins`;
}

/** What was on square i of each plane is now on `squares[i]`. */
function permuted(planes: readonly number[], squares: readonly number[]): number[] {
  const result = Array<number>(planes.length);
  for (const [i, value] of planes.entries()) {
    const plane = Math.floor(i / squares.length);
    result[plane * squares.length + squares[i % squares.length]!] = value;
  }
  return result;
}
