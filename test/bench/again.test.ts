// A broken bound is measured again inside the measure: what else a machine does may spoil one.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a program prints that has the exports of a file of bench/. */
function printed(file: string, program: string): readonly string[] {
  const url = pathToFileURL(join(__dirname, '..', '..', 'bench', file)).href;
  return execFileSync(process.execPath, ['--input-type=module', '-e', `import * as bench from ${JSON.stringify(url)}; ${program}`], { encoding: 'utf8' }).trimEnd().split('\n');
}

test.each([
  ['bound holds', [[]], true, ['0']],
  ['bound is broken once', [['time'], []], true, ['0', '     load again, since a bound is broken:', '1']],
  ['bounds are broken once each', [['time'], ['memory']], true, ['0', '     load again, since a bound is broken:', '1']],
  ['bound is broken twice', [['time'], ['memory', 'time']], false, ['0', '     load again, since a bound is broken:', '1']],
])('a bench whose %s', (_, outcomes, holds, lines) => {
  const program = `const outcomes = ${JSON.stringify(outcomes)}; let turn = 0; console.log(bench.holdsInOneOfTwo('load', () => { console.log(turn); return outcomes[turn++]; }))`;
  expect(printed('measure.mjs', program)).toEqual([...lines, String(holds)]);
});

test('of inputs whose cost grows too fast, those are broken that do so again', () => {
  const result = (name: string, exponent: number) => `{ name: '${name}', exponent: ${exponent}, share: 0.5, runs: [{ cpu: 300, input: 1, memory: 9 }, { cpu: 900, input: 2, memory: 9 }], input: { name: '${name}' } }`;
  const program = `const again = { once: ${result('once', 1.1)}, twice: ${result('twice', 1.9)} };
    console.log(await bench.brokenTwice([${result('never', 1)}, ${result('once', 1.8)}, ${result('twice', 1.8)}], async ({ name }) => again[name]))`;
  expect(printed('growth/again.mjs', program)).toEqual([
    '     once again, since a bound is broken:', expect.stringMatching(/^ +1\.10 .* once$/),
    '     twice again, since a bound is broken:', expect.stringMatching(/^ +1\.90 .* FAIL twice$/),
    '[ \'twice\' ]',
  ]);
});
