import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meaningOf } from '../../../src/mesh/calls/undecided-meanings';

test('each undecided reason in docs/analysis.md has a distinct meaning', () => {
  const [section] = /^## Why a connection is undecided\n[^]*?(?=^A sidecar)/m.exec(readFileSync(join(__dirname, '../../../docs/analysis.md'), 'utf8'))!;
  const reasons = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, reason]) => reason);
  const meanings = reasons.map(meaningOf);
  expect(reasons.length).toBeGreaterThan(25);
  expect(meanings.filter((meaning) => typeof meaning !== 'string')).toEqual([]);
  expect(new Set(meanings).size).toBe(reasons.length);
});
