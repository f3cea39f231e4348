/** A language model at the table: it is shown the position and replies with one JSON object a move. */

import type { Game } from '../../games/game.ts';
import type { Agent, Decision, ReplyFault, Usage } from '../agent.ts';
import type { Complete, Message } from './model.ts';
import { movePrompt, retryPrompt } from './prompt.ts';
import { readReply } from './reply.ts';
import type { Lessons } from './study.ts';

export interface LlmSettings {
  readonly name: string;
  readonly complete: Complete;
  readonly lessons: Lessons;
  /** SHA-256 (hex) of the model's name and the lessons. */
  readonly fingerprint: string;
  /** The model's name. */
  readonly model: string;
  /** What it has read: 'none', 'rules' or 'rules+guide'. */
  readonly text: string;
  /** Replies it may give for one move, 1 or more. */
  readonly attempts: number;
}

/** A reply may be this long: a few words and a move. */
export const REPLY_TOKENS = 60;

/** A move may be as long as this, or as the longest that the game has. */
const MOVE_LETTERS = 24;

/** The syntax of a reply. The move is any short text. */
const schemaFor = ({ moveCount, formatMove }: Game) => {
  let longest = MOVE_LETTERS;
  for (let move = 0; move < moveCount; move++) longest = Math.max(longest, formatMove(move).length);
  return {
    type: 'object',
    properties: { why: { type: 'string', maxLength: 120 }, move: { type: 'string', maxLength: longest } },
    required: ['why', 'move'],
    additionalProperties: false,
  };
};

/** Plays division 'direct': no legal moves are listed, none is put in the model's mouth. */
export const llmAgent = ({ name, complete, lessons, fingerprint, model, text, attempts }: LlmSettings): Agent => ({
  name,
  fingerprint,
  conditions: { division: 'direct', budget: { model, text, attempts, tokens: REPLY_TOKENS, legalList: false } },
  async decide(turn) {
    const messages: Message[] = [...lessons.messages, movePrompt(turn)];
    const replies: { readonly reply: string; readonly verdict: 'legal' | ReplyFault }[] = [];
    const misses: ReplyFault[] = [];
    let usage: Usage | undefined;
    const schema = schemaFor(turn.game);
    for (let attempt = 1; ; attempt++) {
      const reply = await complete({ messages, maxTokens: REPLY_TOKENS, schema });
      usage = usage ? sum(usage, reply.usage) : reply.usage;
      const read = readReply(reply, turn.game, turn.legal);
      replies.push({ reply: reply.text, verdict: 'move' in read ? 'legal' : read.fault });
      if ('move' in read || attempt === attempts) {
        return { ...read, misses, trace: { replies }, usage } satisfies Decision;
      }
      misses.push(read.fault);
      messages.push({ role: 'assistant', content: reply.text }, retryPrompt(read.fault));
    }
  },
});

const sum = (a: Usage, b: Usage): Usage => ({
  promptTokens: a.promptTokens + b.promptTokens,
  cachedTokens: a.cachedTokens + b.cachedTokens,
  completionTokens: a.completionTokens + b.completionTokens,
  ...(a.dollars !== undefined && b.dollars !== undefined ? { dollars: a.dollars + b.dollars } : {}),
});
