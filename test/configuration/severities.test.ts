import { graded, Severities } from '../../src/configuration/severities';
import { Finding, Severity } from '../../src/findings/finding';

const finding = (code: string, severity: Severity): Finding => ({ code, severity, field: [], actual: 'a', expected: 'b', fix: 'c' });
const codesOf = (severities: Severities, ...findings: Finding[]) => {
  const { findings: left, off } = graded(findings, severities);
  return { left: left.map(({ code, severity }) => [code, severity]), off };
};

test('findings get the severity configured for their code', () => {
  expect(codesOf(new Map([['MTLS101', 'info'], ['MTLS209', 'error']]), finding('MTLS101', 'error'), finding('MTLS209', 'warning'), finding('MTLS102', 'error')))
    .toEqual({ left: [['MTLS101', 'info'], ['MTLS209', 'error'], ['MTLS102', 'error']], off: 0 });
});

test('findings that are turned off are counted', () => {
  expect(codesOf(new Map([['MTLS101', 'off']]), finding('MTLS101', 'error'), finding('MTLS102', 'error'), finding('MTLS101', 'error'))).toEqual({ left: [['MTLS102', 'error']], off: 2 });
});

test('a refusal stays an error, whatever its code is set to', () => {
  expect(codesOf(new Map([['ADMIT440', 'off']]), finding('ADMIT440', 'error'), finding('ADMIT440', 'warning'))).toEqual({ left: [['ADMIT440', 'error']], off: 1 });
});
