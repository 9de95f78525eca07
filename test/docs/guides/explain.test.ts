import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURES } from '../../../src/explain/failures';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { schemaOf } from '../../support/documents/schemas';

afterAll(removeFolders);

const ROOT = join(__dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/explain.md'), 'utf8');
const MANIFESTS = /```yaml\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/cli/check.md'), 'utf8'))![1];
const SCHEMA = schemaOf('explain');

test('docs/explain.md shows what explain prints', async () => {
  const cwd = folderWith({ 'dist/shop.k8s.yaml': MANIFESTS });
  const { out, exitCode } = await command(['explain', 'shop/web', 'shop/ratings:9080', 'dist/'], { cwd });
  expect([exitCode, out]).toEqual([0, /^## An example\n[^]*?```text\n([^]*?)```/m.exec(PAGE)![1]]);
});

test('docs/explain.md and the schema list every kind of failure, by title', () => {
  const rows = Object.entries(FAILURES).map(([kind, { title }]) => `| \`${kind}\` | ${title} |`);
  expect(rows.filter((row) => !PAGE.includes(row))).toEqual([]);
  expect(SCHEMA.$defs.explainedFailure.properties.kind.enum).toEqual(Object.keys(FAILURES).sort());
});

test('docs/explain.md lists every verdict on rules and policies', () => {
  const { consideredRule, consideredPolicy } = SCHEMA.$defs;
  const verdicts: string[] = [consideredRule, consideredPolicy].flatMap(({ properties }) => properties.verdict.enum);
  expect(verdicts.filter((word) => !PAGE.includes(`| \`${word}\` |`))).toEqual([]);
});
