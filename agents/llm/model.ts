/** A language model, as this repository needs it: messages in, text out. */

import type { Usage } from '../agent.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface Request {
  readonly messages: readonly Message[];
  /** The reply is cut off after so many tokens. */
  readonly maxTokens: number;
  /** A JSON schema that the reply's syntax must follow. It never lists moves: that would be telling which are legal. */
  readonly schema?: object;
}

export interface Reply {
  readonly text: string;
  /** 'length' where the reply was cut off. */
  readonly finish: 'stop' | 'length';
  readonly usage: Usage;
}

/** Throws for what is no reply: no connection, no permission, a time-out. */
export type Complete = (request: Request) => Promise<Reply>;
