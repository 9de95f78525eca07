import { connectionVerdict } from '../../src/expectations/connection-verdict';
import { readExpectations } from '../../src/expectations/expectations-file';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { listConnections } from '../../src/mesh/calls/connections';
import { ObjectName } from '../../src/mesh/inventory/object';
import { Mesh } from '../../src/mesh/mesh';
import { Call } from '../../src/mesh/model/call';
import { Path, serverOf, transportOf } from '../../src/mesh/model/path';
import { endpointOwner } from '../../src/mesh/services/endpoint';
import { recordedMeshes } from '../support/meshes/kept-meshes';
import { casesOf } from '../support/random/cases';
import { Random } from '../support/random/random';
import { RandomMesh, randomMeshes } from '../support/random/random-meshes';

interface Single {
  readonly client: ObjectName;
  readonly call: Call;
  readonly path: Path;
}

interface Selected {
  readonly from?: string;
  readonly to?: string;
  readonly server?: string;
}

/** Reasons why a call's destination is unknown. */
const ENDS_ANYWHERE = ['gateway-api-route', 'refused-routes', 'delegate', 'dns-capture', 'destination-subnets', 'ambiguous-service'];

const fits = (pattern: string, text: string) => new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.]/g, '\\.')).join('.*')}$`).test(text);

function isWorkload(pattern: string, { kind, namespace, name }: ObjectName, port?: number): boolean {
  const [, place, number] = /^(.*?)(?::(\d+))?$/.exec(pattern)!;
  return (number === undefined || Number(number) === port) && (place === '*' || fits(place, `${kind}/${namespace}/${name}`) || fits(`*/${place}`, `${kind}/${namespace}/${name}`));
}

function isOf({ client, call, path }: Single, { from, to, server }: Selected, isException = false): boolean {
  if (from !== undefined && !isWorkload(from, client)) return false;
  if (to !== undefined) {
    const [, place, number] = /^(.*?)(?::(\d+))?$/.exec(to)!;
    if (number !== undefined && Number(number) !== call.port) return false;
    if (![call.host, ...call.services.map((one) => `${one.namespace}/${one.name}`)].some((name) => name.includes('/') === place.includes('/') && fits(place, name))) return false;
  }
  if (server === undefined) return true;
  const { endpoint } = serverOf(path);
  const owner = endpoint && endpointOwner(endpoint);
  const isAnywhere = ENDS_ANYWHERE.includes(transportOf(path).undecidedBecause ?? '');
  if (isAnywhere) return !isException;
  return owner !== undefined && isWorkload(server, owner, endpoint!.port);
}

/** Random names of the mesh, some of them wildcards. */
function selection(random: Random, { workloads, decisions: { calls } }: Mesh): Selected {
  const workload = () => random.of([...workloads.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`), ...workloads.map(({ namespace }) => `${namespace}/*`), '*']);
  const call = () => random.of([
    ...calls.flatMap(({ host, port, services }) => [`${host}:${port}`, ...services.flatMap(({ namespace, name }) => [`${namespace}/${name}`, `${namespace}/*`, `*/${name}:${port}`])]), '*',
  ]);
  const sometimes = (name: () => string, times: number) => (random.below(10) < times ? name() : undefined);
  const said = { from: sometimes(workload, 6), to: sometimes(call, 6), server: sometimes(workload, 4) };
  return said.from ?? said.to ?? said.server ? said : { to: '*' };
}

/** Judges random tests of meshes, and counts matching and excepted connections. */
function expectSameOneByOne(meshes: readonly RandomMesh[], random: Random) {
  let [meant, excepted] = [0, 0];
  for (const { id, objects } of meshes) {
    const mesh = Mesh.of(objects, { parseYaml: readYaml });
    const all = [...listConnections(mesh.decisions, mesh.workloads, {}, ({ client, call }, path): Single => ({ client, call, path }))];
    for (let index = 0; index < 12; index++) {
      const except = Array.from({ length: random.below(3) }, () => selection(random, mesh));
      const test = { ...selection(random, mesh), [random.of(['is', 'never', 'atLeast'])]: random.of(['mtls', 'tls', 'plaintext']), except: except.map((one) => ({ ...one, reason: 'r' })) };
      const verdict = connectionVerdict(readExpectations(JSON.stringify({ tests: [test] }), id).expectations[0], mesh, '2026-01-01');
      const ofTest = all.filter((one) => isOf(one, test));
      const kept = ofTest.filter((one) => !except.some((exception) => isOf(one, exception, true)));
      const counts: Record<string, number> = {};
      for (const { path } of kept) counts[transportOf(path).outcome] = (counts[transportOf(path).outcome] ?? 0) + 1;
      expect([id, test, verdict.count, verdict.excepted, verdict.counts]).toEqual([id, test, kept.length, ofTest.length - kept.length, counts]);
      const useless = except.filter((exception) => !ofTest.some((one) => isOf(one, exception, true))).length;
      const told = verdict.failures.filter((failure) => failure.kind === 'unmatched' && failure.exception).length;
      expect([id, test, told]).toEqual([id, test, useless]);
      meant += kept.length;
      excepted += verdict.excepted;
    }
  }
  return { meant, excepted };
}

test('a test\'s counts equal those of its single connections, in recorded meshes', () => {
  const { meant, excepted } = expectSameOneByOne(recordedMeshes, new Random(20261127));
  expect(Math.min(meant, excepted)).toBeGreaterThan(0);
});

test('a test\'s counts equal those of its single connections, in random meshes', () => {
  const { seed, count } = casesOf('decisions');
  expectSameOneByOne(randomMeshes(seed, count(110)), new Random(seed));
});
