import { expect, test } from 'vitest';
import { checkFacts } from '../../src/documents.ts';

const facts = { size: 7, swap: false };

test.each(['A board of {{size}} × {{size}}.', '{{#swap}}{{size}} swaps{{/swap}}{{^swap}}nobody swaps{{/swap}}'])(
  '%j names facts alone',
  template => {
    expect(() => checkFacts(template, facts, 'rules.md')).not.toThrow();
  },
);

test.each([
  ['one\ntwo {{sise}}', 'rules.md:2: {{sise}} is no fact of the game; there are size, swap'],
  ['{{#swop}}x{{/swop}}', 'rules.md:1: {{swop}} is no fact of the game; there are size, swap'],
  ['{{^swop}}x{{/swop}}', 'rules.md:1: {{swop}} is no fact of the game; there are size, swap'],
  ['{{^swap}}\n\n{{sise}}{{/swap}}', 'rules.md:3: {{sise}} is no fact of the game; there are size, swap'],
])('%j names something else', (template, message) => {
  expect(() => checkFacts(template, facts, 'rules.md')).toThrow(message);
});
