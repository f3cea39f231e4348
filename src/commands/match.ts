/** `swp match`: one match, shown move by move. */

import { Command } from 'commander';
import { type Ending, forfeitText, type Ply, pointsText, randomOpening, type Watch } from '../../arena/match.ts';
import { type Game, type Mover, replay, type Seat } from '../../games/game.ts';
import { engineAgent } from '../engines.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { humanAgent } from '../human.ts';
import { type ModelOptions, modelOptions, withModel } from '../llm.ts';
import { openLog } from '../log.ts';
import { parseMoves } from '../moves.ts';
import { examples, jsonOption, logOption, seedOption } from '../options.ts';
import { agentNamed, splitSpecs } from '../roster.ts';
import { playTimed } from '../timed.ts';

interface Options extends ModelOptions {
  readonly agents: string;
  readonly seed: number;
  readonly opening?: string;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly log: string;
}

export const matchCommand = (): Command =>
  modelOptions(
    new Command('match')
      .description('play one match and log it')
      .argument('<game>', 'the game to play')
      .requiredOption('--agents <first,second>', 'who plays, first seat first')
      .addOption(seedOption())
      .option('--opening <moves>', "moves already made, for instance 'd d e'; by default random ones from the seed")
      .option('--quiet', 'print the result alone', false)
      .addOption(jsonOption())
      .addOption(logOption()),
  )
    .addHelpText(
      'after',
      examples(
        'match connect-four --agents specialist,mcts:simulations=1000',
        'match tic-tac-toe --agents llm:text=rules,perfect --opening "" --record match.jsonl.gz',
      ),
    )
    .action(match);

async function match(name: string, options: Options): Promise<void> {
  const game = gameNamed(name);
  const specs = splitSpecs(options.agents);
  if (specs.length !== 2) throw new InputError(`--agents wants two agents, not ${specs.length}`);
  const opening =
    options.opening === undefined
      ? randomOpening(game, game.openingPlies, options.seed)
      : parseMoves(game, options.opening);
  if (game.outcome(replay(game, opening))) throw new InputError('--opening: the game is over after these moves');

  const log = openLog(options.log);
  try {
    await withModel(options, async surroundings => {
      const around = { ...surroundings(text => console.error(text)), human: humanAgent(), startEngine: engineAgent };
      const seated = [await agentNamed(specs[0]!, game, around), await agentNamed(specs[1]!, game, around)] as const;
      const quiet = options.quiet || options.json;
      if (!quiet && opening.length > 0)
        console.log(`opening: ${opening.join(' ')}\n${game.show(replay(game, opening))}\n`);
      const { record, clock } = await playTimed(
        { game, agents: seated, seed: options.seed, opening },
        quiet ? undefined : shown(game, specs),
      );
      const settings = { match: game.name, agents: specs, seed: options.seed, opening };
      const id = log.append(log.begin(settings), 0, record, clock);
      if (options.json) console.log(JSON.stringify({ id, record, clock }));
      else
        console.log(
          `${specs[0]} – ${specs[1]}  ${pointsText(record.ending)}  (${endingText(record.ending, specs)}), match ${id}`,
        );
    });
  } finally {
    log.close();
  }
}

/** Prints each move with the position after it. */
export const shown =
  (game: Game, names: readonly string[]): Watch =>
  (ply, before) => {
    console.log(moveText(game, names, ply, before));
    if (ply.move !== null) console.log(`${game.show(game.play(before.state, game.parseMove(ply.move)!))}\n`);
  };

/** '4. mcts plays d', as `seat` sees it; all of it where no seat is given. */
export function moveText(
  game: Game,
  names: readonly string[],
  ply: Ply,
  { state, history }: Parameters<Watch>[1],
  seat?: Seat,
): string {
  const who = moverName(ply.seat, names);
  if (ply.move === null) return `${who} found no legal move${missesText(ply)}`;
  const hidden = seat !== undefined && game.hides?.(state, game.parseMove(ply.move)!, seat);
  return `${history.length + 1}. ${who} plays ${hidden ? 'unseen' : ply.move}${missesText(ply)}`;
}

export const moverName = (mover: Mover, names: readonly string[]): string =>
  mover === 'chance' ? 'chance' : names[mover]!;

export const missesText = ({ misses }: Pick<Ply, 'misses'>): string =>
  misses.length > 0 ? ` (after ${misses.join(', ')})` : '';

/** How a match ended, in words. */
export function endingText(ending: Ending, names: readonly string[]): string {
  switch (ending.kind) {
    case 'played': {
      const { outcome } = ending;
      const scores = outcome.scores ? `, ${outcome.scores.join(' to ')}` : '';
      return `${outcome.kind === 'draw' ? '' : `${names[outcome.winner]}: `}${outcome.how}${scores}`;
    }
    case 'forfeit':
      return forfeitText(ending, names);
    case 'void':
      return `void: ${ending.reason}`;
  }
}
