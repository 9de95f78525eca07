import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../../src/analysis/analysis';
import { stemOf } from '../../../src/analysis/rule';
import { examplesOf } from '../../support/documents/rule-page';
import { findingsIn, sentenceOf } from '../../support/meshes/analysis';

const PAGES = join(__dirname, '..', '..', '..', 'docs', 'rules');

test('docs/rules has exactly one page for each rule', () => {
  const pages = readdirSync(PAGES).filter((name) => name.startsWith('mtls')).sort();
  expect(pages).toEqual(CATALOGUE.map((rule) => `${stemOf(rule)}.md`));
});

describe.each(CATALOGUE.map((rule) => [`${stemOf(rule)}.md`, rule] as const))('%s', (name, { code, severity, title }) => {
  const page = readFileSync(join(PAGES, name), 'utf8');
  const { bad, good, objects } = examplesOf(page);

  test('begins with code, title and severity', () => {
    expect(page.split('\n').slice(0, 3)).toEqual([`# ${code}: ${title}`, '', `Severity: ${severity}.`]);
  });

  test('has a bad example that the rule finds', () => {
    expect(findingsIn(bad).map((finding) => finding.code)).toContain(code);
  });

  test('has a good example without findings', () => {
    expect(good).not.toBe('');
    expect(findingsIn(good).map(sentenceOf)).toEqual([]);
  });

  test('shows common objects once, and otherwise only differences', () => {
    expect(objects.filter((object, index) => objects.indexOf(object) !== index)).toEqual([]);
  });
});
