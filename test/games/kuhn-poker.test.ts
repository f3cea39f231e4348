import { expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { plainPlayout, replay, type Seat } from '../../games/game.ts';
import { type KuhnPoker, kuhnPoker as kuhnPokerFamily } from '../../games/kuhn-poker/rules.ts';
import { kuhnPokerView } from '../../games/kuhn-poker/view.ts';
import { seededRandom } from '../../games/random.ts';
import { bestAnswer, decisions, informationStates, type Policy, pointsMade, uniform } from '../hidden.ts';
import { perft } from '../playouts.ts';

const kuhnPoker = gameOf(kuhnPokerFamily);
const lowest = gameOf(kuhnPokerFamily, { lowest: true });
const fiveCards = gameOf(kuhnPokerFamily, { cards: 5 });
const betsOf3 = gameOf(kuhnPokerFamily, { bet: 3 });

const after = (moves: string, game = kuhnPoker) => replay(game, moves.split(' ').filter(Boolean));
const movesIn = (state: KuhnPoker, game = kuhnPoker) => game.moves(state).map(move => game.formatMove(move));

/** Counted by OpenSpiel, and all of them: no game is longer. */
test.each([
  [1, 3],
  [2, 6],
  [3, 12],
  [4, 24],
  [5, 12],
  [6, 0],
])('%i moves can be played in %i ways', (depth, count) => {
  expect(perft(kuhnPoker, depth)).toBe(count);
});

test('there are twelve situations that the seats can tell apart', () => {
  const seen = decisions(kuhnPoker).map(state => kuhnPoker.show(state, kuhnPoker.turn(state) as Seat));
  expect(new Set(seen).size).toBe(12);
});

test.each([
  ['both pass', 'k j pass pass', 0, 'higher card', 1],
  ['both pass', 'q k pass pass', 1, 'higher card', 1],
  ['the second gives up', 'j k bet pass', 0, 'the other gave up', 1],
  ['a bet is answered', 'k q bet bet', 0, 'higher card', 2],
  ['a bet is answered', 'j q bet bet', 1, 'higher card', 2],
  ['the first gives up after a pass', 'k j pass bet pass', 1, 'the other gave up', 1],
  ['a bet after a pass is answered', 'q j pass bet bet', 0, 'higher card', 2],
  ['a bet after a pass is answered', 'q k pass bet bet', 1, 'higher card', 2],
] as const)('if %s (%s) seat %i wins', (_, moves, winner, how, chips) => {
  const scores = winner === 0 ? [chips, -chips] : [-chips, chips];
  expect(kuhnPoker.outcome(after(moves))).toMatchObject({ kind: 'win', winner, how, scores });
  expect(kuhnPoker.moves(after(moves))).toEqual([]);
  expect(kuhnPoker.outcome(after(moves.slice(0, moves.lastIndexOf(' '))))).toBeUndefined();
});

test.each([
  [{ lowest: true }, 'k j pass pass', 1, 'lower card', 1],
  [{ lowest: true }, 'j q bet bet', 0, 'lower card', 2],
  [{ lowest: true }, 'k j bet pass', 0, 'the other gave up', 1],
  [{ bet: 3 }, 'k j pass pass', 0, 'higher card', 1],
  [{ bet: 3 }, 'k j pass bet bet', 0, 'higher card', 4],
  [{ bet: 3 }, 'k j pass bet pass', 1, 'the other gave up', 1],
  [{ cards: 5 }, '9 t pass pass', 1, 'higher card', 1],
  [{ cards: 5 }, 'j t bet bet', 0, 'higher card', 2],
] as const)('with %o, after %s, seat %i wins', (values, moves, winner, how, chips) => {
  const game = gameOf(kuhnPokerFamily, values);
  const scores = winner === 0 ? [chips, -chips] : [-chips, chips];
  expect(game.outcome(after(moves, game))).toMatchObject({ kind: 'win', winner, how, scores });
});

test('a deck ends with the king, and a card is dealt but once', () => {
  expect(movesIn(kuhnPoker.start)).toEqual(['j', 'q', 'k']);
  expect(movesIn(after('q'))).toEqual(['j', 'k']);
  expect(movesIn(fiveCards.start, fiveCards)).toEqual(['9', 't', 'j', 'q', 'k']);
  const all = gameOf(kuhnPokerFamily, { cards: 12 });
  expect(movesIn(all.start, all).join('')).toBe('23456789tjqk');
});

test('both moves are always possible', () => {
  for (const state of decisions(fiveCards)) expect(movesIn(state, fiveCards)).toEqual(['pass', 'bet']);
});

test.each([
  ['first', 0, 'q k pass bet', 'x: card q, chips 1\no: card ?, chips 2\nbetting: pass bet\nx is to move'],
  ['second', 1, 'q k pass', 'x: card ?, chips 1\no: card k, chips 1\nbetting: pass\no is to move'],
  ['second, before it has a card,', 1, 'q', 'x: card ?, chips 1\no: card -, chips 1\nbetting: none\no is dealt a card'],
  [
    'first, who gave up,',
    0,
    'q j pass bet pass',
    'x: card q, chips 1\no: card ?, chips 2\nbetting: pass bet pass\nover, o wins 1',
  ],
  [
    'first, who answered,',
    0,
    'q j pass bet bet',
    'x: card q, chips 2\no: card j, chips 2\nbetting: pass bet bet\nover, x wins 2',
  ],
  [
    'first, at the end of two passes,',
    0,
    'q j pass pass',
    'x: card q, chips 1\no: card j, chips 1\nbetting: pass pass\nover, x wins 1',
  ],
] as const)('the %s sees the own card, and the other one only at a showdown', (_, seat, moves, picture) => {
  expect(kuhnPoker.show(after(moves), seat)).toBe(picture);
});

test('a spectator sees both cards, and bets are as large as they are', () => {
  expect(betsOf3.show(after('q k bet', betsOf3))).toBe(
    'x: card q, chips 4\no: card k, chips 1\nbetting: bet\no is to move',
  );
});

test('a seat sees its own deal alone', () => {
  const hidden = (moves: string, move: string) =>
    ([0, 1] as const).filter(seat => kuhnPoker.hides!(after(moves), kuhnPoker.parseMove(move)!, seat));
  expect(hidden('', 'q')).toEqual([1]);
  expect(hidden('q', 'k')).toEqual([0]);
  expect(hidden('q k', 'bet')).toEqual([]);
  expect(hidden('q k bet', 'pass')).toEqual([]);
});

test.each([
  ['each card that it does not hold, as first', 0, '9 q pass bet', [['9'], ['t', 'j', 'q', 'k']]],
  ['each card that it does not hold, as second', 1, '9 q pass', [['9', 't', 'j', 'k'], ['q']]],
  ['any card before it has its own', 1, '9', [['9', 't', 'j', 'q', 'k']]],
  ['nothing before the other has a card', 0, '9', [['9']]],
  ['nothing after a showdown', 0, '9 q pass pass', [['9'], ['q']]],
  ['each card after the other gave up', 0, '9 q bet pass', [['9'], ['t', 'j', 'q', 'k']]],
] as const)('a seat guesses %s', (_, seat, moves, expected) => {
  const random = seededRandom(1);
  const state = after(moves, fiveCards);
  const guesses = Array.from({ length: 4000 }, () => fiveCards.guess!(state, seat, random));
  for (const [whose, cards] of expected.entries()) {
    const counts = new Map<string, number>();
    for (const guess of guesses) {
      const card = '9tjqk'.charAt(guess.cards[whose]!);
      counts.set(card, (counts.get(card) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...cards].sort());
    for (const count of counts.values()) expect(count).toBeGreaterThan((0.9 * guesses.length) / cards.length);
  }
});

test('a seat is shown exactly what OpenSpiel lets it know', () => {
  expect(informationStates(kuhnPoker)).toBe(12);
});

test('random play is worth to the first player, and leaves to be gained, what OpenSpiel says', () => {
  expect(pointsMade(kuhnPoker, uniform)).toBeCloseTo(1 / 8, 12);
  const gain = bestAnswer(kuhnPoker, 0, uniform) + bestAnswer(kuhnPoker, 1, uniform);
  expect(gain / 2).toBeCloseTo(0.458_333_333_333_333_3, 12);
});

/** How often to bet, from the worst card to the best; `bluffs` is how often the first player bets with the worst. */
const known =
  (bluffs: number): Policy<KuhnPoker> =>
  (game, { cards, betting }) => {
    const rank = cards[betting.length % 2]!;
    const quality = game.facts['lowest'] === true ? 2 - rank : rank;
    const shares = {
      '': [bluffs, 0, 3 * bluffs],
      p: [1 / 3, 0, 1],
      b: [0, 1 / 3, 1],
      pb: [0, 1 / 3 + bluffs, 1],
    }[betting]!;
    return [1 - shares[quality]!, shares[quality]!];
  };

test.each([0, 1 / 6, 1 / 3])('the known best play, with %f bluffs, loses 1 chip in 18 games and no more', bluffs => {
  for (const game of [kuhnPoker, lowest]) {
    expect(pointsMade(game, known(bluffs))).toBeCloseTo(-1 / 18, 12);
    expect(bestAnswer(game, 0, known(bluffs))).toBeCloseTo(-1 / 18, 12);
    expect(bestAnswer(game, 1, known(bluffs))).toBeCloseTo(1 / 18, 12);
  }
});

test('where bets are large, whoever bets as second and answers with the best card alone loses nothing', () => {
  const safe: Policy<KuhnPoker> = (game, { cards, betting }) =>
    betting !== '' && cards[betting.length % 2] === Number(game.facts['cards']) - 1 ? [0, 1] : [1, 0];
  for (const values of [{ bet: 2 }, { bet: 3 }, { cards: 4, bet: 4 }, { cards: 5, bet: 6 }]) {
    const game = gameOf(kuhnPokerFamily, values);
    expect(game.facts['bluffs']).toBe(false);
    for (const seat of [0, 1] as const) expect(bestAnswer(game, seat, safe)).toBeCloseTo(0, 12);
  }
  for (const values of [{}, { cards: 4, bet: 3 }, { cards: 5, bet: 5 }]) {
    const game = gameOf(kuhnPokerFamily, values);
    expect(game.facts['bluffs']).toBe(true);
    expect(bestAnswer(game, 1, safe)).toBeGreaterThan(0.01);
  }
});

test.each([
  ['', 'k', 'R1'],
  ['k', 'j', 'R1'],
  ['k', 'k', 'R2'],
  ['k j', 'pass', 'R3'],
  ['k j', 'bet', 'R3'],
  ['k j pass', 'pass', 'R4 R7'],
  ['k j pass', 'bet', 'R4'],
  ['k j bet', 'pass', 'R5 R6'],
  ['k j bet', 'bet', 'R5 R7'],
  ['k j pass bet', 'pass', 'R5 R6'],
  ['k j pass bet', 'bet', 'R5 R7'],
])('after "%s", %s is decided by %s', (moves, move, rules) => {
  expect(kuhnPoker.explain(after(moves), kuhnPoker.parseMove(move)!).join(' ')).toBe(rules);
});

test('an observation tells the own card, whether somebody passed, and whether there is a bet to answer', () => {
  const observed = (moves: string) => [...kuhnPoker.observe(after(moves))].join('');
  expect(observed('k j')).toBe('001000000');
  expect(observed('k j pass')).toBe('100111000');
  expect(observed('k j bet')).toBe('100000111');
  expect(observed('k j pass bet')).toBe('001111111');
  expect(observed('k')).toBe('000000000');
});

test('the view hides the card of the other until it is shown, and its moves are buttons', () => {
  const view = kuhnPokerView(kuhnPoker);
  const signs = (moves: string, seat?: Seat) =>
    view.squares(after(moves), seat).map(row => row.map(cell => (cell as { sign?: string }).sign ?? ' ').join(''));
  expect(signs('q k pass bet', 0)).toEqual(['?2', 'Q1']);
  expect(signs('q k pass bet', 1)).toEqual(['K2', '?1']);
  expect(signs('q k pass bet')).toEqual(['K2', 'Q1']);
  expect(signs('q k pass bet bet', 0)).toEqual(['K2', 'Q2']);
  expect(signs('q k pass bet pass', 0)).toEqual(['?2', 'Q1']);
  expect(signs('q', 1)).toEqual([' 1', '?1']);
  expect(view.movesAt(after('q k'), [0])).toEqual([]);
});

test('a recording of three players is refused', () => {
  expect(() => kuhnPokerFamily.openSpiel!.values!({ players: 3 })).toThrow(RangeError);
});

test.each(['', 'p', 'b', 'fold', 'call', 'Pass', 'K', 't', '9', 'a', 'jq', 'k ', 'pass bet'])('%j is no move', text => {
  expect(kuhnPoker.parseMove(text)).toBeUndefined();
});

test.each([
  [kuhnPoker, 'k j pass pass', 1 / 2],
  [kuhnPoker, 'k j bet bet', 1],
  [kuhnPoker, 'j k bet pass', 1 / 2],
  [betsOf3, 'k j pass pass', 1 / 4],
  [betsOf3, 'k j bet bet', 1],
])('%#: a win is worth what it wins of all that can be won', (game, moves, stake) => {
  expect(game.outcome(after(moves, game))).toMatchObject({ stake });
});

test.each([{}, { cards: 5, bet: 3, lowest: true }])(
  'with %j random play from the start is the same, fast and plain',
  values => {
    const game = gameOf(kuhnPokerFamily, values);
    for (let seed = 0; seed < 300; seed++) {
      const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
      expect(game.playout!(game.start, fast)).toEqual(plainPlayout(game, game.start, plain));
      expect(fast()).toBe(plain());
    }
  },
);
