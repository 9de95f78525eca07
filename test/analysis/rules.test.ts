import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../src/analysis/analysis';
import { MeshFinding } from '../../src/analysis/mesh-finding';
import { RETIRED_CODES, stemOf } from '../../src/analysis/rule';
import { RULES } from '../../src/analysis/rules';
import { findingsIn, sentenceOf, subjectOf } from '../support/meshes/analysis';

const SOURCES = join(__dirname, '..', '..', 'src', 'analysis', 'rules');
const FIXTURES = join(__dirname, 'rules');

/** The findings about the bad manifests of a rule's folder, as text. With FOUND=write the test writes it. */
const FOUND = 'found.txt';

const filesOf = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);
const stems = RULES.map(stemOf);
const everyStem = CATALOGUE.map(stemOf);

describe('the catalogue', () => {
  test('has every rule file, named by code and rule, sorted by code', () => {
    expect(stems).toEqual(filesOf(SOURCES).map((file) => file.replace(/\.ts$/, '')));
  });

  test('has each code once, and no retired one', () => {
    const codes = CATALOGUE.map(({ code }) => code);
    expect(new Set([...codes, ...RETIRED_CODES]).size).toBe(codes.length + RETIRED_CODES.length);
  });

  test('has no examples of an unknown rule', () => {
    expect(filesOf(FIXTURES).filter((name) => !everyStem.includes(name) && !name.startsWith('__'))).toEqual([]);
  });
});

describe.each(CATALOGUE.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
  const folder = join(FIXTURES, stemOf(rule));
  const files = filesOf(folder).filter((name) => name !== FOUND).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  const bad = files.filter(([name]) => name.startsWith('bad-'));
  const good = files.filter(([name]) => name.startsWith('good-'));
  const known = new Map<string, readonly MeshFinding[]>();
  /** Computed once for all tests. */
  const found = (text: string) => {
    const findings = known.get(text) ?? findingsIn(text).filter((finding) => finding.code === code);
    known.set(text, findings);
    return findings;
  };

  test('has bad and good examples only', () => {
    expect([bad.length > 0, good.length > 0, bad.length + good.length]).toEqual([true, true, files.length]);
  });

  // A bad example starts with a comment for each object and field that the rule must report.
  test.each(bad)('reports the objects and fields of %s', (_, text) => {
    const expected = text.split('\n').filter((line) => line.startsWith('# ')).map((line) => line.slice(2));
    expect(found(text).map(subjectOf)).toEqual(expected);
  });

  test(`finds the sentences of ${FOUND}`, () => {
    const said = bad.map(([name, text]) => [`# ${name}`, ...found(text).map(sentenceOf)].join('\n\n')).join('\n\n');
    if (process.env.FOUND === 'write') writeFileSync(join(folder, FOUND), `${said}\n`);
    expect(`${said}\n`).toBe(readFileSync(join(folder, FOUND), 'utf8'));
  });

  test.each(good)('reports nothing in %s', (_, text) => {
    expect(found(text).map(sentenceOf)).toEqual([]);
  });
});
