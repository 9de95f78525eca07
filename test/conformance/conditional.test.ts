// How conditional findings are compared with the table of a page.
import { conditionalIn, differingRows } from '../../conformance/noise/conditional';

const finding = (code: string, severity: string, condition?: object[]) => ({ code, severity, ...condition && { if: condition } });
const SHOP = [{ fact: 'namespace', name: 'shop', holds: true }];

const FOUND = conditionalIn('a/b', {
  findings: [finding('MTLS101', 'warning', SHOP), finding('MTLS101', 'warning', SHOP), finding('MTLS101', 'error')],
  worlds: { unexpected: [finding('MTLS101', 'warning', SHOP), finding('MTLS509', 'error', SHOP)] },
});

test('findings are counted by code and severity, shown ones and others', () => {
  expect(FOUND).toEqual([
    { key: 'MTLS101 | warning | a/b', shown: 2, unexpected: 1 },
    { key: 'MTLS509 | error | a/b', shown: 0, unexpected: 1 },
  ]);
  expect(conditionalIn('a/b', { findings: [finding('MTLS101', 'error')] })).toEqual([]);
});

test('a page differs by rows that are missing, outdated or left over, and not by those of other tables', () => {
  const page = [
    '| MTLS101 | warning | a/b | 2 | 1 | why |',
    '| MTLS509 | error | a/b | 0 | 1 | why |',
    '| MTLS509 | error | 1 | 0 | 0 | another table |',
  ].join('\n');
  expect(differingRows(page, FOUND)).toEqual([]);
  expect(differingRows(page.replace('| 2 |', '| 3 |'), FOUND))
    .toEqual(['expected | MTLS101 | warning | a/b | 2 | 1 |', 'not found: | MTLS101 | warning | a/b | 3 | 1 |']);
  expect(differingRows(`${page}\n| MTLS114 | warning | c/d | 1 | 0 | why |\n`, FOUND)).toEqual(['not found: | MTLS114 | warning | c/d | 1 | 0 |']);
});
