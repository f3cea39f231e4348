/** `swp audit reward`: does a learner earn its reward by winning? */

import { Command } from 'commander';
import type { Agent } from '../../agents/agent.ts';
import { beginning, type Hall, RECIPE, type Recipe, shapeOf, train } from '../../agents/alphazero.ts';
import { greedyAgent } from '../../agents/greedy.ts';
import { mctsAgent } from '../../agents/mcts.ts';
import type { Weights } from '../../agents/network.ts';
import { type Bonus, paidGame, payOf } from '../../agents/paid.ts';
import { randomAgent } from '../../agents/random.ts';
import { selfPlay } from '../../agents/selfplay.ts';
import { specialistAgent } from '../../agents/specialist.ts';
import { createEvaluator } from '../../agents/tensors.ts';
import { type Audit, auditRewards, type Side } from '../../arena/audit.ts';
import { type MatchRecord, playMatch } from '../../arena/match.ts';
import { roundRobin } from '../../arena/schedule.ts';
import { type Game, resultFor, type Seat } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { examples, seedOption, wholeNumber } from '../options.ts';
import { trainingProgress } from '../train/progress.ts';

interface Options {
  readonly bonus: string;
  readonly iterations: number;
  readonly games: number;
  readonly seed: number;
}

export const auditCommand = (): Command =>
  new Command('audit')
    .description('look for what is wrong with a reward')
    .addHelpText('after', examples('audit reward tic-tac-toe --bonus a1=2'))
    .addCommand(
      new Command('reward')
        .description('train a specialist on a wrong reward, then compare what it is paid with what the referee says')
        .argument('<game>', 'a game without hidden information')
        .requiredOption('--bonus <move=pays>', 'the fault: this move pays so much, in won games, whatever the result')
        .option('--iterations <n>', 'iterations of training, 60 games each', wholeNumber('--iterations', 1, 10_000), 20)
        .option('--games <n>', 'games that are audited', wholeNumber('--games', 4, 100_000), 200)
        .addOption(seedOption())
        .addHelpText(
          'after',
          examples('audit reward tic-tac-toe --bonus a1=2', 'audit reward connect-four:columns=5,rows=4 --bonus a=1'),
        )
        .action(auditReward),
    );

const SMALL: Recipe = {
  ...RECIPE,
  filters: 16,
  blocks: 2,
  batch: 64,
  gamesPerIteration: 60,
  leastWindow: 4000,
  selfPlay: { ...RECIPE.selfPlay, fullSimulations: 24, fastSimulations: 8, randomPlies: 4 },
};

/** Simulations a move of the specialists that are audited. */
const SIMULATIONS = 24;

async function auditReward(name: string, options: Options): Promise<void> {
  const game = gameNamed(name);
  if (game.hides) throw new InputError(`${game.name} hides something; audits are for games in which all is seen`);
  const bonus = bonusFrom(options.bonus, game);
  const { iterations, seed } = options;
  const paid = paidGame(game, bonus);
  const progress = trainingProgress(stopwatch());
  const told = (part: number, who: string) => (iteration: number) =>
    progress.show((part + iteration / iterations) / 2, `${who}, iteration ${iteration} of ${iterations}`);
  const misled = await learner(paid, await trained(paid, iterations, seed, told(0, 'paid wrongly')));
  const honest = await learner(game, await trained(game, iterations, seed, told(1, 'paid by the referee')));
  progress.stop();

  const move = game.formatMove(bonus.move);
  console.log(`${game.name}, paid by the referee (1, 0, -1) and ${bonus.pays} for each ${move}`);
  const wrong = await audited(game, misled, bonus, options);
  const right = await audited(game, honest, { ...bonus, pays: 0 }, options);
  report('paid so', wrong);
  report('paid by the referee alone', right);
  const [found] = wrong.audit.suspects;
  if (!found) {
    console.log('\nNothing was found: reward and result differ by no move in particular.');
    return;
  }
  const times = ({ own }: Audited) => own.flatMap(({ moves }) => moves.filter(move => move === found.move)).length;
  console.log(`
The reward is wrong: ${found.move} pays ${found.pays.toFixed(2)} each time, whatever becomes of the game. The specialist paid so makes it
${times(wrong)} times in ${wrong.own.length} games, the one paid by the referee ${times(right)} times in ${right.own.length}.`);
}

/** An audit, and how the audited specialist fared. */
interface Audited {
  readonly audit: Audit;
  readonly own: readonly Side[];
}

/** Lets a specialist play some games against others, and compares what both sides were paid with how they ended. */
async function audited(game: Game, specialist: Agent, bonus: Bonus, { games, seed }: Options): Promise<Audited> {
  const opponents = [randomAgent, greedyAgent, mctsAgent({ simulations: 100 })];
  const own: Side[] = [];
  const all: Side[] = [];
  const pairs = Math.ceil(games / 2 / opponents.length);
  for (const opponent of opponents) {
    const agents = [specialist, opponent];
    for (const { seats, seed: matchSeed, opening } of roundRobin(game, 2, () => pairs, seed)) {
      const players = [agents[seats[0]]!, agents[seats[1]]!] as const;
      const record = await playMatch({ game, agents: players, seed: matchSeed, opening });
      const sides = ([0, 1] as const).map(seat => sideOf(game, record, seat, bonus));
      all.push(...sides);
      own.push(sides[seats[0] === 0 ? 0 : 1]!);
    }
  }
  return { audit: auditRewards(all), own };
}

function sideOf(game: Game, { opening, plies, ending }: MatchRecord, seat: Seat, bonus: Bonus): Side {
  if (ending.kind !== 'played') throw new Error(`a match of an audit ended as ${ending.kind}`);
  const seats = [...seatsOf(game, opening), ...plies.map(ply => ply.seat)];
  const moves = [...opening, ...plies.map(({ move }) => move!)].filter((_, ply) => seats[ply] === seat);
  const result = resultFor(seat, ending.outcome);
  const made = moves.filter(move => move === game.formatMove(bonus.move)).length;
  return { reward: payOf(result, made, bonus), result, moves };
}

/** Who made each of the moves that a match began with. */
function seatsOf(game: Game, opening: readonly string[]) {
  let state = game.start;
  return opening.map(text => {
    const seat = game.turn(state);
    state = game.play(state, game.parseMove(text)!);
    return seat;
  });
}

function report(who: string, { audit, own }: Audited): void {
  const mean = (of: (side: Side) => number) => own.reduce((sum, side) => sum + of(side), 0) / own.length;
  const count = (result: number) => own.filter(side => side.result === result).length;
  console.log(
    `\nThe specialist that was ${who}, in ${own.length} games against random, greedy and mcts:simulations=100:`,
  );
  console.log(
    `  referee            ${count(1)} won, ${count(0)} drawn, ${count(-1)} lost: ${signed(mean(({ result }) => result))} a game`,
  );
  console.log(
    `  reward             ${signed(mean(({ reward }) => reward))} a game, correlation with the result ${audit.correlation.toFixed(2)}`,
  );
  console.log(`  paid like a win    ${audit.paidWithoutWinning} of ${audit.sides} sides without winning`);
  for (const { move, sides, pays, explains } of audit.suspects) {
    console.log(
      `  suspect            ${move}, made by ${sides} sides: pays ${signed(pays)} each time, explains ${(100 * explains).toFixed(1)} % of what reward and result differ by`,
    );
  }
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;

/** Reads MOVE=PAYS. */
function bonusFrom(text: string, game: Game): Bonus {
  const equals = text.lastIndexOf('=');
  const move = game.parseMove(text.slice(0, Math.max(0, equals)));
  const pays = Number(text.slice(equals + 1));
  if (equals < 0 || move === undefined || move >= game.moveCount) {
    throw new InputError(
      `--bonus ${text}: it takes a move of ${game.name} and what it pays, as in MOVE=2; a move is ${game.notation}`,
    );
  }
  if (!Number.isFinite(pays) || pays === 0 || Math.abs(pays) > 100) {
    throw new InputError(`--bonus ${text}: a move pays a number other than 0, from -100 to 100`);
  }
  return { move, pays };
}

/** Minutes since it was made. */
function stopwatch(): () => number {
  const begin = performance.now();
  return () => (performance.now() - begin) / 60_000;
}

/** A specialist of `game` as it was paid for, under the true rules' observations. */
async function trained(
  game: Game,
  iterations: number,
  seed: number,
  tick: (iteration: number) => void,
): Promise<Weights> {
  const hall: Hall = {
    play: async (weights, games) =>
      selfPlay(
        game,
        await createEvaluator(shapeOf(game, SMALL), weights, 16),
        SMALL.selfPlay,
        { seed, ...games },
        () => false,
      ),
    duel: () => Promise.reject(new Error('there is no gate here')),
  };
  const start = beginning(game, SMALL, seed);
  const done = (iteration: number) => iteration / iterations;
  for await (const { progress } of train(game, SMALL, seed, start, hall, done, 'onnxruntime-node')) {
    tick(progress.iteration);
    if (progress.iteration === iterations) return progress.learned.weights;
  }
  throw new Error('training ended by itself');
}

/** The specialist at a table of the true game: it searches in the game as it was paid for. */
async function learner(game: Game, weights: Weights): Promise<Agent> {
  const evaluator = await createEvaluator(shapeOf(game, SMALL), weights, 1 + game.symmetries.length);
  const agent = specialistAgent(game, evaluator, { simulations: SIMULATIONS, fingerprint: '' });
  return {
    ...agent,
    decide: turn => {
      const state = turn.history.reduce((before, move) => game.play(before, move!), game.start);
      return agent.decide({ ...turn, game, state });
    },
  };
}
