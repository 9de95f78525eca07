import { idKey } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { planOf } from '../../../src/mesh/plan/plan';
import { halfIn, halfOfClass, Recorder } from '../../../src/mesh/plan/state-outcomes';
import { States } from '../../../src/mesh/plan/states';
import { gatewayWorld, HOST } from '../../support/meshes/egress-gateway';
import { deployment, injected, mesh, mode, namespace, peerAuthentication, service, sidecar } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { namespaceChanges } from '../../support/random/namespace-changes';
import { randomMeshes } from '../../support/random/random-meshes';

const { seed, count } = casesOf('plans-in-process');

test('a record has the decided outcome of each client, whatever its class', () => {
  const changes = namespaceChanges(seed + 1, count(40));
  const meshes = [...randomMeshes(seed, count(60)).map(({ objects }) => objects), ...changes.map(({ before }) => before)];
  for (const objects of meshes) {
    const one = mesh(objects);
    const recorder = new Recorder(one.workloads, () => true, new Map());
    const record = recorder.record(one);
    for (const call of one.decisions.calls) {
      const recorded = record.calls.get(call.key);
      for (const { senders, paths } of one.decisions.of(call)) {
        for (const client of [...senders].flatMap(({ members: workloads }) => workloads)) {
          const places = halfIn(recorded!, record, client).map(({ server, outcome }) => [server, outcome]);
          // Clients with the same decision share it.
          const [alike] = [...senders][0].members;
          expect(halfIn(recorded!, record, alike)).toBe(halfIn(recorded!, record, client));
          const reached = new Set(paths.map(({ hops }) => hops.at(-1)!.received.endpoint?.workload));
          expect(places.filter(([server]) => !reached.has(server as any))).toEqual([]);
          const isApart = recorded!.apart.has(record.senderOf.get(client)!);
          if (!isApart) expect(halfOfClass(recorded!, record.classOf.get(client)!)).toBe(halfIn(recorded!, record, client));
        }
      }
    }
  }
});

test('the ports of all servers on a path are learnt, whether or not a manifest names them', () => {
  const whole = gatewayWorld();
  const ports = new Map(whole.workloads.map((workload) => [idKey(workload), new Set<number>()]));
  new Recorder(whole.workloads, (host) => host === HOST, ports).learn(whole);
  const learnt = whole.workloads.filter((workload) => ports.get(idKey(workload))!.has(80));
  expect(learnt.map(({ name }) => name)).toEqual(['gateway', 'backend']);
});

/** Namespaces that join the mesh at once, each with two servers of a Service, and other workloads. */
function joining(spaces: number): readonly (readonly any[])[] {
  return [false, true].map((isIn) => Array.from({ length: spaces }, (_, index) => {
    const space = `n${index}`;
    const pods = ['web', 'more', 'job'].map((name) => deployment(`${space}/${name}`, { labels: { app: name === 'job' ? name : 'web' }, ports: [{ containerPort: 80 }] }));
    const policy = isIn ? [peerAuthentication(`${space}/default`, mode('STRICT'))] : [];
    return [...isIn ? injected(space) : [namespace(space)], ...pods, service(`${space}/web`, ['http:80']), ...policy];
  }).flat());
}

test.each([8, 32])('as many states are examined for %i namespaces that join the mesh as for two', (spaces) => {
  const examined = (number: number) => {
    const running = jest.spyOn(Mesh.prototype, 'running');
    const [before, after] = joining(number);
    const { stages } = planOf(mesh([...before]), after);
    expect(stages!.map(({ verdict }) => verdict)).toEqual(['safe', 'safe']);
    const calls = running.mock.calls.length;
    running.mockRestore();
    return calls;
  };
  expect(examined(spaces)).toBe(examined(2));
});

/** Services that change their protocol, each with the Sidecar of its servers, which follows it in a second stage. */
function following(spaces: number): readonly (readonly any[])[] {
  return ['tcp', 'http'].map((protocol) => Array.from({ length: spaces }, (_, index) => {
    const space = `n${index}`;
    const ingress = [{ port: { number: 80, protocol: protocol.toUpperCase(), name: 'in' }, defaultEndpoint: '127.0.0.1:80' }];
    const web = deployment(`${space}/web`, { ports: [{ containerPort: 80 }] });
    return [...injected(space), web, service(`${space}/web`, [`${protocol}:80`]), sidecar(`${space}/in`, { ingress })];
  }).flat());
}

test('states are looked up for each Sidecar and each Service, not for each pair of them', () => {
  const lookedUp = (number: number) => {
    const of = jest.spyOn(States.prototype, 'of');
    const [before, after] = following(number);
    const { stages } = planOf(mesh([...before]), after);
    expect(stages!.map(({ verdict }) => verdict)).toEqual(['safe', 'safe']);
    const calls = of.mock.calls.length;
    of.mockRestore();
    return calls;
  };
  const [few, more, most] = [4, 8, 16].map(lookedUp);
  expect(most - more).toBe(2 * (more - few));
});
