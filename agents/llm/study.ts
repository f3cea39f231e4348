/** Learning a game from what is written about it, before the first move. */

import type { Complete, Message, Reply } from './model.ts';

/** What a model may read. */
export interface Documents {
  readonly rules?: string;
  readonly guide?: string;
}

/** What was read and what the model made of it: the beginning of every conversation it has at the table. */
export interface Lessons {
  readonly messages: readonly Message[];
  /** The model's own notes; empty where there was nothing to read. */
  readonly notes: string;
  readonly usage: Reply['usage'] | null;
}

const NOTES_TOKENS = 220;

/**
 * Reads the documents and asks the model for notes to play by; of notes that
 * were cut off the last, broken line is left out. The documents,
 * the question and the notes stay in the conversation word for word, so that a
 * model that caches prompts reads them once.
 */
export async function study(complete: Complete, title: string, { rules, guide }: Documents): Promise<Lessons> {
  const texts = [rules, guide].filter(text => text !== undefined);
  const system: Message = {
    role: 'system',
    content: [`You play ${title}. You play to win.`, ...texts.map(text => text.trim())].join('\n\n'),
  };
  if (texts.length === 0) return { messages: [system], notes: '', usage: null };
  const question: Message = {
    role: 'user',
    content:
      'Before the match, write short notes to play by: how a move is written, what wins, and what to look for before each move, most important first. At most eight short lines of plain text.',
  };
  const { text, finish, usage } = await complete({ messages: [system, question], maxTokens: NOTES_TOKENS });
  const whole = finish === 'length' ? text.slice(0, text.lastIndexOf('\n') + 1) || text : text;
  const notes = whole.trim();
  return { messages: [system, question, { role: 'assistant', content: notes }], notes, usage };
}
