// The self-tests break the compiled library by text; what no longer says so would only be missed where Go is.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { SABOTAGES } from '../../conformance/admission/sabotage';

const ROOT = join(__dirname, '..', '..');

const [breaks, yaml] = ['self-test/breaks.mjs', 'self-test/yaml-breaks.mjs'].map((file) => exportsOf(join(ROOT, 'conformance', file)));
const patches: string[][] = [
  ...breaks.BREAKS.map(({ name, file, find, replace }: any) => [name, join('mesh', file), find, replace]),
  ...yaml.YAML_BREAKS.map(({ name, file, find, replace }: any) => [name, file, find, replace]),
  ...SABOTAGES.map(([name, file, text, other]) => [name, join('admission', file), text, other]),
];

test.each(patches)('it can still be broken so that %s', (_, file, text, other) => {
  const parts = readFileSync(join(ROOT, 'lib', 'src', file), 'utf8').split(text);
  expect(parts).toHaveLength(2);
  expect(() => new Script(parts.join(other))).not.toThrow();
});

function exportsOf(file: string): any {
  const script = `import * as all from ${JSON.stringify(`file://${file}`)}; process.stdout.write(JSON.stringify(all));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}
