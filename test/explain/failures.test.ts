// The symptoms of docs/explain.md match recorded calls: explain names the kind of failure of each, and
// the row of that kind must match the call.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Probe } from '../../conformance/data-plane/report';
import { Scenario, SCENARIOS } from '../../conformance/data-plane/scenarios';
import type { SymptomFacts } from '../../conformance/data-plane/symptoms';
import { explain } from '../../src/explain/explanation';
import { FailureKind, FAILURES, Symptom } from '../../src/explain/failures';
import { callsNamed, workloadsNamed } from '../../src/mesh/queries/selection';
import { mesh } from '../support/meshes/mesh';

type RecordedCall = SymptomFacts['scenarios'][number]['calls'][number];

const ROOT = join(__dirname, '..', '..');
const recorded: SymptomFacts = JSON.parse(readFileSync(join(ROOT, 'conformance/recorded/symptoms.json'), 'utf8'));
const PAGE = readFileSync(join(ROOT, 'docs/explain.md'), 'utf8');

/** Scenarios that fail because of the application, which no manifest describes, and their kind. */
const BY_APPLICATION: Readonly<Record<string, FailureKind>> = {
  'a server that speaks first on a port of no declared protocol': 'server-first',
  'a server that speaks first on a port declared TCP': 'server-first',
  'a line of text at a port declared HTTP': 'other-protocol',
  'TLS of the application at an HTTP port that is PERMISSIVE': 'foreign-tls-to-http',
  'TLS of the application at an HTTP port that is PERMISSIVE, without a sidecar': 'foreign-tls-to-http',
  'TLS of the application at an HTTP port that is DISABLE': 'tls-to-disabled-http',
};

/** Scenarios without a row: manifests don't describe certificates, applications and missing pods, and policies aren't evaluated. */
const OUTSIDE_THE_TABLE = [
  'mutual TLS at STRICT',
  'TLS of a rule at a server that speaks none',
  'a server\'s certificate that has expired',
  'a client\'s certificate that has expired',
  'a server\'s certificate of an unknown authority',
  'a client\'s certificate of an unknown authority',
  'a subset without pods',
  'a port on which nothing listens, without a sidecar',
  'a port on which nothing listens, of a server without a sidecar',
  'a port on which nothing listens, of a server with a sidecar',
  'an AuthorizationPolicy that denies',
];

function kindOf({ name, mesh: { objects } }: Scenario, { client, requested }: Probe): FailureKind | undefined {
  if (BY_APPLICATION[name]) return BY_APPLICATION[name];
  const one = mesh([...objects]);
  const [workload] = workloadsNamed(one, `${client.namespace}/${client.name}`);
  const [call] = callsNamed(one, `${requested.host}:${requested.port}`);
  return explain(one, workload, call, []).connections[0].failure?.kind;
}

/** The column for a call; `tcp` stands in for `tls` if they are equal. */
function columnOf(kind: FailureKind, { kind: spoken }: Probe): 'http' | 'tcp' | 'tls' {
  if (spoken === 'http') return 'http';
  return spoken === 'https' && FAILURES[kind].tls ? 'tls' : 'tcp';
}

const CALLS = recorded.scenarios.flatMap(({ name, calls }) => {
  const scenario = SCENARIOS.find((one) => one.name === name)!;
  return calls.map((call) => ({ scenario, call, kind: kindOf(scenario, call) }));
});
const SHOWN = CALLS.flatMap(({ scenario, call, kind }) => kind === undefined ? [] : [{ name: scenario.name, call, kind, ends: scenario.ends }]);

/** Whether a row's message matches the end of a call. */
function matchesMessage(message: string, { said, body, kind }: RecordedCall): boolean {
  if (kind === 'http' && said === '') return message === (body ?? 'with an empty body');
  if (said === message) return true;
  if (said === 'read: i/o timeout') return kind === 'greeting' && message.includes('nothing is received');
  const quoted = [...message.matchAll(/"([^"]+)"/g)].map(([, text]) => text);
  if (quoted.length > 0) return quoted.some((text) => said.includes(text));
  return message.includes('reset or closed') && said.includes('reset or closed');
}

const flagsIn = (log: RecordedCall['clientLog']): readonly string[] => [...new Set(log.flatMap(({ flags }) => flags === '-' ? [] : flags.split(',')))];

/** Sidecars log a connection only once it ends. */
const isSilent = ({ said }: RecordedCall): boolean => said === 'read: i/o timeout';

test.each(SHOWN)('$kind, as $call.kind in "$name"', ({ call, kind, ends }) => {
  const { status, message, flags = [], serverFlags = [], reason }: Symptom = FAILURES[kind][columnOf(kind, call)]!;
  expect({ message, said: call.said, body: call.body, fits: matchesMessage(message, call) }).toMatchObject({ fits: true });
  expect(call.kind === 'http' ? status : undefined).toBe(call.kind === 'http' ? String(call.status ?? '000').padStart(3, '0') : undefined);
  const logged = isSilent(call) ? [[], []] : [call.clientLog.length > 0 ? flags : [], serverFlags];
  expect([flagsIn(call.clientLog), flagsIn(call.serverLog)]).toEqual(logged);
  const failures = call.clientLog.map(({ transportFailure }) => transportFailure);
  // A server that terminates its own TLS answers with a certificate: the tests below verify the row.
  if (reason !== undefined && !(kind === 'mtls-to-no-proxy' && ends > 0)) expect(failures.every((text) => text.includes(reason))).toBe(true);
  if (failures.every((text) => text === '-')) expect(reason).toBeUndefined();
});

test('a server without a sidecar that terminates TLS answers mutual TLS with an untrusted certificate', () => {
  const { calls } = recorded.scenarios.find(({ name }) => name === 'mutual TLS at a server without sidecar')!;
  expect(calls.filter(({ clientLog: [{ transportFailure }] }) => !transportFailure.includes('CERTIFICATE_VERIFY_FAILED'))).toEqual([]);
});

test('every scenario has a row, except failures that manifests don\'t describe', () => {
  expect([...new Set(CALLS.filter(({ kind }) => kind === undefined).map(({ scenario }) => scenario.name))]).toEqual(OUTSIDE_THE_TABLE);
});

test('every row has a recorded call', () => {
  const rows = Object.entries(FAILURES).flatMap(([kind, failure]) => (
    (['http', 'tcp', 'tls'] as const).filter((column) => failure[column]).map((column) => `${kind} ${column}`)));
  const measured = new Set(SHOWN.map(({ call, kind }) => `${kind} ${columnOf(kind, call)}`));
  expect(rows.filter((row) => !measured.has(row))).toEqual([]);
  expect(PAGE).toContain('\nA recorded call shows every row');
});
