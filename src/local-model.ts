/**
 * A local GGUF model behind the protocol that the `openai` package speaks: a
 * `fetch` that answers chat completions by node-llama-cpp, in this process.
 *
 * The model keeps several conversations in memory. A request that begins like
 * one of them evaluates only what is new, so rules, guide and notes are read
 * once for all moves of all matches.
 */

import { availableParallelism } from 'node:os';
import type { LlamaContextSequence, LlamaGrammar, Token } from 'node-llama-cpp';
import { InputError } from './errors.ts';

export interface LocalModel {
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

/** Conversations kept in memory, and tokens in each. */
const SEQUENCES = 3;
const CONTEXT_TOKENS = 4096;

interface ChatRequest {
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly max_completion_tokens: number;
  readonly seed: number;
  readonly response_format?: { readonly json_schema: { readonly schema: object } };
}

/** Loads the weights in `file`. Throws InputError where they cannot be loaded. */
export async function loadLocalModel(file: string): Promise<LocalModel> {
  const { getLlama, LlamaGrammarEvaluationState, LlamaLogLevel, resolveChatWrapper } = await import('node-llama-cpp');
  const llama = await getLlama({ logLevel: LlamaLogLevel.error, build: 'never', gpu: 'auto' });
  const model = await llama.loadModel({ modelPath: file }).catch((error: Error) => {
    throw new InputError(`the weights in ${file} cannot be loaded (${error.message}); delete the file and pull again`);
  });
  const context = await model.createContext({
    contextSize: CONTEXT_TOKENS,
    sequences: SEQUENCES,
    threads: availableParallelism(),
  });
  const wrapper = resolveChatWrapper(model);
  const sequences = Array.from({ length: SEQUENCES }, () => context.getSequence());
  const grammars = new Map<string, Promise<LlamaGrammar>>();

  const tokensOf = (messages: ChatRequest['messages']): Token[] => {
    const history = messages.map(({ role, content }) =>
      role === 'assistant' ? { type: 'model' as const, response: [content] } : { type: role, text: content },
    );
    const { contextText } = wrapper.generateContextState({
      chatHistory: [...history, { type: 'model', response: [] }],
    });
    return contextText.tokenize(model.tokenizer);
  };

  const complete = async ({ messages, max_completion_tokens: most, seed, response_format: format }: ChatRequest) => {
    const tokens = tokensOf(messages);
    if (tokens.length + most > CONTEXT_TOKENS) {
      throw new Error(
        `the conversation has ${tokens.length} tokens, more than the ${CONTEXT_TOKENS} there is room for`,
      );
    }
    const sequence = cheapest(sequences, tokens);
    sequences.push(...sequences.splice(sequences.indexOf(sequence), 1));
    // The last token is evaluated in any case: the first new one follows from it.
    await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
    const cached = sequence.nextTokenIndex;

    const schema = format && JSON.stringify(format.json_schema.schema);
    if (schema !== undefined && !grammars.has(schema)) {
      grammars.set(schema, llama.createGrammarForJsonSchema(JSON.parse(schema)));
    }
    const grammar = schema === undefined ? undefined : await grammars.get(schema)!;
    const produced: Token[] = [];
    let finish: 'stop' | 'length' = 'length';
    const evaluation = sequence.evaluate(tokens.slice(cached), {
      temperature: 0,
      seed,
      ...(grammar ? { grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }) } : {}),
    });
    for await (const token of evaluation) {
      if (model.isEogToken(token)) {
        finish = 'stop';
        break;
      }
      produced.push(token);
      // Whitespace may follow an object for ever; there is nothing to learn from it.
      if (schema !== undefined && isJson(model.detokenize(produced))) {
        finish = 'stop';
        break;
      }
      if (produced.length === most) break;
    }
    return {
      id: 'local',
      object: 'chat.completion',
      created: 0,
      model: 'local',
      choices: [
        {
          index: 0,
          finish_reason: finish,
          message: { role: 'assistant', content: model.detokenize(produced), refusal: null },
          logprobs: null,
        },
      ],
      usage: {
        prompt_tokens: tokens.length,
        completion_tokens: produced.length,
        total_tokens: tokens.length + produced.length,
        prompt_tokens_details: { cached_tokens: cached },
      },
    };
  };

  // One request at a time: two at once would only share the same cores.
  let before: Promise<unknown> = Promise.resolve();
  return {
    fetch: (_input, init) => {
      const answered = before.then(async () => {
        try {
          return Response.json(await complete(JSON.parse(String(init?.body)) as ChatRequest));
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          return Response.json({ error: { message, type: 'local_model_error' } }, { status: 400 });
        }
      });
      before = answered;
      return answered;
    },
    async close() {
      await before;
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The conversation that costs the least to continue with `tokens`: what must be evaluated, and what is thrown away. */
function cheapest(sequences: readonly LlamaContextSequence[], tokens: readonly Token[]): LlamaContextSequence {
  const cost = (sequence: LlamaContextSequence): number => {
    const { firstDifferentIndex: shared } = sequence.compareContextTokens([...tokens]);
    return tokens.length - shared + (sequence.nextTokenIndex - shared);
  };
  return sequences.reduce((best, sequence) => (cost(sequence) < cost(best) ? sequence : best));
}
