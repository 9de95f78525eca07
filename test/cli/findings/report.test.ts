// A finding with its object and place.
import { reported } from '../../../src/cli/findings/report';
import { ReadObject } from '../../../src/cli/input/reading';

test('the place of a finding is looked up when it is first asked for, and then once', () => {
  const positionOf = jest.fn(() => ({ line: 3, column: 5 }));
  const document = { object: { kind: 'PeerAuthentication', metadata: { name: 'default' } }, file: 'mesh.yaml', positionOf } as unknown as ReadObject;
  const finding = reported({ code: 'MTLS101', severity: 'error', field: ['spec', 'mtls'], actual: 'STRICT', expected: 'PERMISSIVE', fix: 'change it' }, document, 0);
  expect([finding.code, positionOf.mock.calls]).toEqual(['MTLS101', []]);
  for (let times = 0; times < 2; times++) expect(finding.place).toEqual({ file: 'mesh.yaml', position: { line: 3, column: 5 } });
  expect(positionOf.mock.calls).toEqual([[['spec', 'mtls']]]);
});
