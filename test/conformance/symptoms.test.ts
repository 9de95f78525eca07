// Recorded failures of connections: all are present, and the clearest match Envoy's documentation.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCENARIOS } from '../../conformance/data-plane/scenarios';
import type { SymptomFacts } from '../../conformance/data-plane/symptoms';

const recorded: SymptomFacts = JSON.parse(readFileSync(join(__dirname, '..', '..', 'conformance', 'recorded', 'symptoms.json'), 'utf8'));
const callsOf = (name: string): SymptomFacts['scenarios'][number]['calls'] => recorded.scenarios.find((one) => one.name === name)!.calls;
const hasFailed = ({ exit, status = 200 }: { readonly exit: number; readonly status?: number }): boolean => exit !== 0 || status !== 200;

test('every scenario is recorded, with all its calls', () => {
  expect(recorded.scenarios.map(({ name, calls }) => [name, calls.map(({ kind }) => kind)]))
    .toEqual(SCENARIOS.map(({ name, probes }) => [name, probes.map(({ kind }) => kind)]));
});

test('all calls fail except those with mutual TLS', () => {
  const [sound, ...others] = recorded.scenarios;
  expect(sound.calls.some(hasFailed)).toBe(false);
  expect(others.filter(({ calls }) => !calls.every(hasFailed)).map(({ name }) => name)).toEqual([]);
});

test('a STRICT server finds no filter chain for plaintext', () => {
  const [http, , tcp] = callsOf('plaintext by a rule at STRICT');
  expect([http.status, http.clientLog[0].flags, http.serverLog[0].details]).toEqual([503, 'UC', 'filter_chain_not_found']);
  expect([tcp.exit, tcp.serverLog[0].flags]).toEqual([1, 'NR']);
});

test('a client logs why it refuses a server\'s certificate', () => {
  const failureOf = (name: string): string => callsOf(name)[0].clientLog[0].transportFailure;
  expect(failureOf('a server\'s certificate that has expired')).toContain('certificate_has_expired');
  expect(failureOf('a server\'s certificate of an unknown authority')).toContain('unable_to_get_local_issuer_certificate');
  expect(failureOf('a name that the server doesn\'t have')).toContain('SAN_matcher');
});

test('the record has no times, ids or ephemeral ports', () => {
  const text = JSON.stringify(recorded);
  expect(text).not.toMatch(/\d{2}:\d{2}:\d{2}|[0-9a-f]{8}-[0-9a-f]{4}-/);
  expect(text).not.toMatch(/10\.128\.\d+\.\d+:[3-6]\d{4}/);
  expect(text).not.toMatch(/EOF|SSL_ERROR_SYSCALL|curl: \(35\) Recv failure|after \d+ ms/);
});
