/** A league in one thread, with checkpoints; in games small enough, its exploitability is told as it goes. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Diverged } from '../../agents/alphazero.ts';
import { type Player, questionIn } from '../../agents/contest.ts';
import { exploitability } from '../../agents/exploitability.ts';
import { type InformationTree, informationTree } from '../../agents/information-tree.ts';
import {
  chanceOf,
  trainLeague as iterationsOf,
  LEAGUE,
  type LeagueIteration,
  type Learner,
  newLeague,
  ROLES,
  seated,
  shapeOf,
} from '../../agents/league.ts';
import { imitator } from '../../agents/league-imitation.ts';
import { nextPolicy } from '../../agents/regrets.ts';
import type { Game } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { unitOf } from '../exploitability.ts';
import { countingBar } from '../progress.ts';
import { loadPolicy, saveSnapshot } from '../snapshots.ts';
import { appendLog, hasCheckpoint, openLog, refuseOtherGame, stopped } from './checkpoints.ts';
import { type LeagueCheckpoint, type LeagueRun, loadLeague, saveLeague } from './league-checkpoints.ts';
import { LeagueSettings } from './league-settings.ts';
import { trainingProgress } from './progress.ts';
import { settingsFrom } from './settings.ts';
import { goalOf, sitting, type Training } from './training.ts';

/** So many positions are gone through after each iteration. */
const MOST_NODES = 50_000;

/** So much of a run's minutes the search may play that is imitated first. */
const IMITATING = 0.5;

/** An iteration in log.jsonl. Games are those of the whole run so far, all learners together. */
export interface LeagueLine {
  readonly iteration: number;
  readonly games: number;
  /** Of the main agent. */
  readonly steps: number;
  readonly rate: number;
  readonly loss: number;
  /** Of the main agent's network, which is kept and has learned its average policy, and of its newest policy, which it plays by; null in games too large. In chips, or wins where the game counts no points. */
  readonly nashConv: number | null;
  readonly nashConvNewest: number | null;
  /** How many are frozen. */
  readonly members: number;
  /** By learner: how likely it is to beat whom it is after, the strongest of them. */
  readonly chances: readonly number[];
  readonly minutes: number;
}

export async function trainLeague(game: Game, training: Training): Promise<void> {
  const { out } = training;
  const start = await begun(game, training);
  const { run, goal } = start;
  const lines = [...(await openLog<LeagueLine>(out, 'log.jsonl', start.league.iteration))];
  const tree = smallTree(game);
  const shape = shapeOf(game, run.recipe);
  /** Of a learner's network, and of what it plays by. */
  const measured = async ({ learned, memory }: Learner) => {
    if (!tree) return { nashConv: null, nashConvNewest: null };
    const player = await seated(shape, learned.weights);
    return {
      nashConv: await nashConvOf(tree, player),
      nashConvNewest: await nashConvOf(tree, player.remembering(nextPolicy(memory))),
    };
  };

  const { minutes, done } = sitting(goal, start.minutes);
  const progress = trainingProgress(minutes);
  let last = start;
  const keep = async (line: LeagueLine, checkpoint: LeagueCheckpoint) => {
    await appendLog(out, 'log.jsonl', [line]);
    lines.push(line);
    await saveLeague(out, checkpoint);
    last = checkpoint;
    progress.show(done(line.iteration), textOf(line));
  };
  try {
    if (lines.length === 0) {
      const { learners, frozen } = start.league;
      await keep(
        {
          iteration: 0,
          games: 0,
          steps: 0,
          rate: 0,
          loss: 0,
          ...(await measured(learners[0]!)),
          members: frozen.length,
          chances: [],
          minutes: digits(minutes(), 2),
        },
        start,
      );
    }
    const iterations = iterationsOf(game, run.recipe, run.seed, start.league, done);
    while (done(last.league.iteration) < 1) {
      const iteration = (await iterations.next()).value as LeagueIteration;
      const main = iteration.league.learners[0]!;
      const line: LeagueLine = {
        iteration: iteration.league.iteration,
        games: iteration.league.games,
        steps: main.learned.steps,
        rate: digits(iteration.rate, 6),
        loss: digits(iteration.loss, 4),
        ...(await measured(main)),
        members: iteration.league.frozen.length,
        chances: iteration.chances.map(chance => digits(chance, 3)),
        minutes: digits(minutes(), 2),
      };
      await keep(line, { run, goal, league: iteration.league, minutes: minutes() });
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    throw stopped(error.message, out);
  } finally {
    progress.stop();
  }
  const { nashConv } = lines.at(-1)!;
  if (tree && nashConv !== null) {
    const half = digits(nashConv / 2, 5);
    console.log(`NashConv ${nashConv}, exploitability (half of it) ${half} ${unitOf(tree).unit}`);
  }
  console.log(`the snapshot is ${await keepSnapshot(game, last, nashConv, out)}`);
}

/** The run as it begins, or where it stands. */
async function begun(game: Game, training: Training): Promise<LeagueCheckpoint> {
  const { out, resume, seed, settings, from } = training;
  const goal = goalOf(training);
  if (resume) {
    const checkpoint = await loadLeague(out);
    refuseOtherGame(game, checkpoint.run, out);
    if (settings.length > 0 || from !== undefined)
      throw new InputError('a run is fixed when it begins: --set and --from do not go with --resume');
    return { ...checkpoint, goal: goal ?? checkpoint.goal };
  }
  if (hasCheckpoint(out)) {
    throw new InputError(`${out} already holds a training run; go on with --resume, or choose another --out`);
  }
  if (!goal) throw new InputError('say how long to train: --minutes or --iterations');
  const clock = performance.now();
  const parent = from === undefined ? undefined : await loadPolicy(game, from);
  const usual = parent ? { ...LEAGUE, filters: parent.shape.filters, blocks: parent.shape.widths.length } : LEAGUE;
  const recipe = settingsFrom(LeagueSettings, usual, settings);
  if (parent && !isDeepStrictEqual(parent.shape, shapeOf(game, recipe))) {
    throw new InputError(`the network of ${from} has a shape of its own, which a league cannot go on with`);
  }
  const minutes = () => (performance.now() - clock) / 60_000;
  const imitated = async () => {
    const { imitatedGames: games } = recipe;
    const most = 'minutes' in goal ? IMITATING * goal.minutes : Infinity;
    const limit = most === Infinity ? '' : `, or those of ${most} minutes`;
    console.error(`first a network learns from ${games} games of a search${limit} (--set imitatedGames)`);
    const bar = countingBar('games of the search');
    bar.start(games, 0);
    try {
      return await imitator(game, recipe, seed, () => {
        bar.increment();
        return minutes() < most;
      });
    } catch (error) {
      throw error instanceof Diverged ? stopped(error.message, out) : error;
    } finally {
      bar.stop();
    }
  };
  const first = parent ?? (await imitated());
  const played = 'games' in first ? { ...recipe, imitatedGames: first.games } : recipe;
  const run: LeagueRun = { game: game.name, seed, recipe: played, parent: parent?.manifest.sha256 ?? null };
  return { run, goal, league: newLeague(recipe, first.weights), minutes: minutes() };
}

/** Undefined for a game too large to be gone through after each iteration. */
function smallTree(game: Game): InformationTree | undefined {
  try {
    return informationTree(game, MOST_NODES);
  } catch {
    return undefined;
  }
}

/** What best responses gain from a player, five decimals of it. */
async function nashConvOf(tree: InformationTree, player: Player): Promise<number> {
  const judgements = await player.judgements(tree.sets.map(({ state }) => questionIn(tree.game, state)));
  const strategy = new Float64Array(tree.choices);
  for (const [i, { policy }] of judgements.entries()) strategy.set(policy, tree.sets[i]!.first);
  return digits(unitOf(tree).scale * exploitability(tree, strategy).nashConv, 5);
}

const textOf = ({ iteration, games, loss, nashConv, members, chances }: LeagueLine): string =>
  [
    `iteration ${iteration}`,
    `${games} games`,
    `loss ${loss}`,
    ...(nashConv === null ? [] : [`NashConv ${nashConv}`]),
    `${members} frozen`,
    ...(chances.length === 0 ? [] : [`chances ${chances.join(' ')}`]),
  ].join(', ');

/** The main agent as a snapshot; the log ends with the league's members and the learners' chances against them. */
async function keepSnapshot(game: Game, { run, league }: LeagueCheckpoint, nashConv: number | null, folder: string) {
  const { seed, recipe, parent } = run;
  const about = {
    recipe: 'league',
    settings: { ...recipe },
    seed,
    parent,
    iterations: league.iteration,
    games: league.games,
    positions: 0,
    measured: nashConv === null ? {} : { nashConv, exploitability: digits(nashConv / 2, 5) },
  };
  const members = league.frozen.map(({ role, iteration }) => `${role} ${iteration}`);
  const beats = league.accounts.map(accounts => accounts.map(account => digits(chanceOf(account, recipe.session), 3)));
  const payoffs = Object.fromEntries(beats.map((row, learner) => [ROLES[learner]!, row]));
  const log = await readFile(join(folder, 'log.jsonl'), 'utf8');
  const lineage = JSON.stringify({ members: [...members, 'main'], chances: payoffs });
  return saveSnapshot(folder, game, league.learners[0]!.learned.weights, about, `${log}${lineage}\n`);
}

const digits = (value: number, places: number): number => Number(value.toFixed(places));
