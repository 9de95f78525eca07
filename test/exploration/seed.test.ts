import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readRecord } from '../../exploration/record';
import { LARGEST, seedOf } from '../../exploration/seed';
import { casesOf } from '../support/random/cases';

const ROOT = join(__dirname, '..', '..');

test('defaults to the committed seed', () => {
  expect(seedOf('connections')).toBe(readRecord().connections.seed);
  expect(seedOf('yaml')).toBe(readRecord().yaml.seed);
});

test('a number is itself, and random differs each time', () => {
  expect(seedOf('connections', '7')).toBe(7);
  expect(seedOf('connections', 'random')).not.toBe(seedOf('connections', 'random'));
});

test.each(['0', '-1', 'x', '', '99999999999', '2147483647'])('\'%s\' is no seed', (word) => {
  expect(() => seedOf('connections', word)).toThrow(`the seed is '${word}'; expected a whole number from 1 to ${LARGEST}, or random`);
});

describe('tests of jest', () => {
  const asked = (env: NodeJS.ProcessEnv): unknown => {
    const program = 'const { casesOf } = require("./test/support/random/cases.ts"); const { seed, count } = casesOf("yaml"); console.log(JSON.stringify([seed, count(10)]))';
    const { SEED: _, TIMES: _too, CASES_FILE: _three, ...others } = process.env;
    return JSON.parse(execFileSync(process.execPath, ['--require', './conformance/typescript.js', '--eval', program], { cwd: ROOT, encoding: 'utf8', env: { ...others, ...env } }));
  };

  test('use the committed seed and few cases; SEED and TIMES change them', () => {
    expect(asked({})).toEqual([readRecord().yaml.seed, 2]);
    expect(asked({ SEED: '7', TIMES: '5' })).toEqual([7, 10]);
    expect(asked({ SEED: 'random' })).not.toEqual(asked({ SEED: 'random' }));
  });

  test('all tests of a file have one seed, even a random one', () => {
    expect(casesOf('decisions').seed).toBe(casesOf('decisions').seed);
  });
});
