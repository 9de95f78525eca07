// docs/constructs/ shows the output of each docstring's example.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import * as library from '../../../src';
import { emittedYaml } from '../../../tools/emitted-yaml.cjs';
import { certificate } from '../../support/certificates/x509';

const FOLDER = join(__dirname, '..', '..', '..', 'docs', 'constructs');
const pages = new Map(readdirSync(FOLDER).filter((file) => file !== 'README.md').sort().map((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return [/^# (\w+)$/m.exec(text)![1], text];
}));

const fence = (page: string, language: string) => new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(page)![1];

const emitted = (name: string, program = fence(pages.get(name)!, 'ts')) =>
  emittedYaml(program, name, (module) => jest.requireActual(module), (commonName) => certificate({ commonName, ca: true, keyUsage: [5, 6] }).pem);

test('each construct has a page, and each page is of a construct', () => {
  const isConstruct = (value: unknown) => typeof value === 'function' && (value.prototype instanceof Construct || value.prototype instanceof ApiObject);
  const constructs = Object.entries(library).filter(([, value]) => isConstruct(value)).map(([name]) => name).sort();
  expect(constructs.length).toBeGreaterThan(15);
  expect([...pages.keys()].sort()).toEqual(constructs);
});

test.each([...pages.keys()])('%s emits the output on its page, without warnings', (name) => {
  const told = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    expect(emitted(name)).toBe(fence(pages.get(name)!, 'yaml'));
    expect(told.mock.calls).toEqual([]);
  } finally {
    told.mockRestore();
  }
});

test('a changed example has a different output', () => {
  const [, page] = [...pages].find(([name]) => name === 'NamespaceOverride')!;
  expect(emitted('NamespaceOverride', fence(page, 'ts').replace('PERMISSIVE', 'STRICT'))).toBe(fence(page, 'yaml').replace('PERMISSIVE', 'STRICT'));
});
