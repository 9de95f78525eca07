import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../src/analysis/analysis';
import { stemOf } from '../../src/analysis/rule';
import { findingsIn, sentenceOf } from '../support/analysis';

const PAGES = join(__dirname, '..', '..', 'docs', 'rules');

test('docs/rules has a page for each rule, and no other', () => {
  const pages = readdirSync(PAGES).filter((name) => name.startsWith('mtls')).sort();
  expect(pages).toEqual(CATALOGUE.map((rule) => `${stemOf(rule)}.md`));
});

describe.each(CATALOGUE.map((rule) => [`${stemOf(rule)}.md`, rule] as const))('%s', (name, { code, severity, title }) => {
  const page = readFileSync(join(PAGES, name), 'utf8');
  const example = (heading: string) => new RegExp(`^## ${heading}\\n[\\s\\S]*?^\`\`\`yaml\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';

  test('begins with code, title and severity', () => {
    expect(page.split('\n').slice(0, 3)).toEqual([`# ${code}: ${title}`, '', `Severity: ${severity}.`]);
  });

  test('has a bad example that the rule finds', () => {
    expect(findingsIn(example('Bad')).map((finding) => finding.code)).toContain(code);
  });

  test('has a good example in which nothing is found', () => {
    expect(example('Good')).not.toBe('');
    expect(findingsIn(example('Good')).map(sentenceOf)).toEqual([]);
  });
});
