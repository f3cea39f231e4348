import { expect, test } from 'vitest';
import { fitScaling, foretell, predicted, type Rated } from '../../arena/scaling.ts';

/** Players whose Elo is 300 a tenfold of parameters, 200 of games, 500 of nodes, and `bend` beyond 1000 games. */
const players = (bend = 0): readonly Rated[] =>
  [1e3, 1e4].flatMap(parameters =>
    [100, 1000, 10_000].flatMap(games =>
      [1, 10].map(nodes => ({
        parameters,
        games,
        nodes,
        elo:
          300 * Math.log10(parameters) + 200 * Math.log10(games) + 500 * Math.log10(nodes) - (games > 1000 ? bend : 0),
        error: 10,
      })),
    ),
  );

test('straight lines are found, and explain everything', () => {
  const { perTenfold, residual, explained } = fitScaling(players());
  expect(perTenfold.parameters!.elo).toBeCloseTo(300);
  expect(perTenfold.games!.elo).toBeCloseTo(200);
  expect(perTenfold.nodes!.elo).toBeCloseTo(500);
  expect(residual).toBeCloseTo(0);
  expect(explained).toBeCloseTo(1);
});

test('an axis on which nothing varies has no line', () => {
  const alike = players().filter(({ nodes }) => nodes === 10);
  expect(fitScaling(alike).perTenfold.nodes).toBeNull();
  expect(predicted(fitScaling(alike), alike[0]!)).toBeCloseTo(alike[0]!.elo);
});

test('what is foretold from less stands beside what more gave', () => {
  expect(foretell(players(), 'games')).toMatchObject({ most: 10_000, players: 4 });
  const { predicted: line, measured } = foretell(players(150), 'games')!;
  expect(line - measured).toBeCloseTo(150);
  expect(foretell(players(), 'nodes')).toBeUndefined();
});
