import { describe, expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';
import { agentNamed, parseSpec, splitSpecs } from '../../src/roster.ts';

const ticTacToe = gameOf(ticTacToeFamily);

test('a list of agents splits at commas that are not between settings', () => {
  expect(splitSpecs('mcts:simulations=400,random,llm:text=rules,attempts=2,perfect')).toEqual([
    'mcts:simulations=400',
    'random',
    'llm:text=rules,attempts=2',
    'perfect',
  ]);
});

test('settings are put into one order', () => {
  expect(parseSpec('llm:attempts=1,text=rules')).toEqual(parseSpec('llm:text=rules,attempts=1'));
});

describe('what cannot be meant is refused', () => {
  test.each([
    ['mtcs', "no agent is called 'mtcs'; did you mean 'mcts'?"],
    ['toString', "no agent is called 'toString'; there are: "],
    ['mcts:simulation=4', "did you mean 'simulations'?"],
    ['mcts:simulations=0', 'a whole number from 1 to'],
    ['mcts:simulations=1e3', "not '1e3'"],
    ['mcts:simulations', 'as in mcts:simulations=1000'],
    ['random:depth=1', 'random has no settings'],
    ['llm:text=guide', 'one of none, rules, rules+guide'],
  ])('%s', (text, message) => {
    expect(() => parseSpec(text)).toThrow(message);
  });
});

test.each(['random', 'greedy', 'minimax:depth=3', 'mcts:simulations=50', 'perfect'])(
  '%s sits down under its own name',
  async text => {
    expect((await agentNamed(text, ticTacToe)).name).toBe(text);
  },
);
