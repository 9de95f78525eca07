import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathIn, shapeOf } from '../../../conformance/runbook/commands';
import { namedIn } from '../../../conformance/runbook/runbook';

const ROOT = join(__dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/old-names.md'), 'utf8');
const RECORDED: { readonly shapes: readonly string[]; readonly absent: readonly string[] } = JSON.parse(readFileSync(join(ROOT, 'conformance/recorded/runbook.json'), 'utf8'));

test('istioctl and kubectl have all current commands, and istioctl no old one', () => {
  const { old, today } = namedIn(PAGE);
  expect([old.length, today.length]).toEqual([5, 8]);
  expect(old.filter((words) => !RECORDED.absent.includes(words.join(' ')))).toEqual([]);
  expect(today.map((words) => shapeOf(words, pathIn(words))).filter((shape) => !RECORDED.shapes.includes(shape))).toEqual([]);
});
