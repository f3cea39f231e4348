/** `swp ask`: what an agent plays in a position, and why. */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import type { Agent } from '../../agents/agent.ts';
import { turnAfter } from '../../arena/match.ts';
import { type Game, replay } from '../../games/game.ts';
import { engineAgent } from '../engines.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { type ModelOptions, modelOptions, withModel } from '../llm.ts';
import { listed, parseMoves } from '../moves.ts';
import { examples, jsonOption, seedOption } from '../options.ts';
import { agentNamed } from '../roster.ts';

interface Options extends ModelOptions {
  readonly agent: string;
  readonly moves: string;
  readonly file?: string;
  readonly seed: number;
  readonly json: boolean;
}

export const askCommand = (): Command =>
  modelOptions(
    new Command('ask')
      .description('ask an agent for a move and its reasons')
      .argument('<game>', 'the game')
      .requiredOption('--agent <agent>', 'who is asked')
      .option('--moves <moves>', "how the position came about, for instance 'd d e'", '')
      .option('--file <positions>', 'one position a line, as moves; answers one line of JSON each')
      .addOption(seedOption())
      .addOption(jsonOption()),
  )
    .addHelpText(
      'after',
      examples(
        'ask connect-four --agent specialist --moves "d d e"',
        'ask connect-four --agent mcts --file positions.txt > answers.jsonl',
      ),
    )
    .action(async (name: string, options: Options) => {
      const game = gameNamed(name);
      await withModel(options, async surroundings => {
        const agent = await agentNamed(options.agent, game, {
          ...surroundings(text => console.error(text)),
          startEngine: engineAgent,
        });
        if (options.file !== undefined) return askFile(game, agent, options.file, options.seed);
        const moves = parseMoves(game, options.moves);
        const answer = await ask(game, agent, moves, options.seed);
        if (options.json) return console.log(JSON.stringify(answer));
        console.log(
          `${game.show(replay(game, moves))}\n\n${answer.agent} plays ${answer.move ?? `nothing: ${answer.fault}`}`,
        );
        if (answer.trace !== null) console.log(JSON.stringify(answer.trace, null, 2));
      });
    });

async function askFile(game: Game, agent: Agent, file: string, seed: number): Promise<void> {
  let number = 0;
  const input = createReadStream(file);
  const failed = new Promise<never>((_, reject) =>
    input.on('error', error => reject(new InputError(`${file} cannot be read (${error.message})`))),
  );
  const answerAll = async () => {
    for await (const line of createInterface({ input })) {
      number++;
      try {
        console.log(JSON.stringify(await ask(game, agent, parseMoves(game, line), seed)));
      } catch (error) {
        if (error instanceof InputError) throw new InputError(`${file}, line ${number}: ${error.message}`);
        throw error;
      }
    }
  };
  await Promise.race([answerAll(), failed]);
}

/** One position, one answer, as plain JSON. */
async function ask(game: Game, agent: Agent, moves: readonly string[], seed: number) {
  const state = replay(game, moves);
  const outcome = game.outcome(state);
  if (outcome) throw new InputError(`the game is over after '${moves.join(' ')}': ${outcome.how}`);
  const turn = turnAfter(game, moves, seed);
  if (!turn) {
    const texts = game.moves(state).map(move => game.formatMove(move));
    throw new InputError(`after '${moves.join(' ')}' chance is to move: end with one of ${listed(texts)}`);
  }
  const decision = await agent.decide(turn);
  const legalMove = 'move' in decision && turn.legal.includes(decision.move);
  return {
    moves,
    agent: agent.name,
    move: legalMove ? game.formatMove(decision.move) : null,
    fault: 'fault' in decision ? decision.fault : legalMove ? null : 'illegal',
    misses: decision.misses ?? [],
    trace: decision.trace ?? null,
    usage: decision.usage ?? null,
  };
}
