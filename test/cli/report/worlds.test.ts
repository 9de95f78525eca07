import { ReportData } from '../../../src/report/data';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { deployment, destinationRule, injected, mode, peerAuthentication, service } from '../../support/meshes/mesh';

afterAll(removeFolders);

const listOf = (objects: readonly object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

async function report(objects: readonly object[], ...args: string[]) {
  const cwd = folderWith({ 'mesh.json': listOf(objects), 'former.json': listOf(injected('bank')) });
  const { out } = await command(['report', 'mesh.json', ...args], { cwd });
  return { out, cwd };
}

/** The data in a page. */
function dataOf(page: string): ReportData {
  return JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page)![1]);
}

/** A server whose Namespace isn't among the manifests, with a client whose Namespace isn't, either. */
const OPEN = [
  deployment('front/web'), deployment('shop/cart', { ports: [{ containerPort: 8080 }] }), service('shop/cart', ['http:80']),
  peerAuthentication('shop/default', mode('STRICT')),
];

test('shows both ways what manifests leave open, in the words of check and connections', async () => {
  const { out, cwd } = await report(OPEN);
  const data = dataOf(out);
  const checked = await command(['check', 'mesh.json'], { cwd });
  for (const text of data.worlds!.notice) expect(checked.out + checked.error).toContain(text.replace('istio-mtls check --all', '--all'));
  expect(data.worlds).toMatchObject({
    about: 'sidecars in front and shop (not in the manifests)',
    whether: 'whether front and shop have sidecars',
    conditional: 1,
    columns: ['with', 'without', 'expected'],
    rows: [['mtls', [1, 0, 0]], ['plaintext', [0, 1, 0]], ['broken', [0, 0, 1]]].map(([text, counts]) => ({ of: 'outcome', text, counts })),
  });
  expect(data.outcomes.undecided).toBe(1);
  expect(data.traffic.branches).toEqual([[[0, 'if front and shop have sidecars'], [3, 'if shop has sidecars and front has none'], [2, 'else']]]);
});

test('a finding under a condition has it', async () => {
  const plain = destinationRule('front/cart', { host: 'cart.shop.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } } });
  const { findings, broken } = dataOf((await report([...injected('front'), ...OPEN, plain])).out);
  expect(findings.map(({ severity, condition }) => [severity, condition])).toContainEqual(['warning', 'if shop has sidecars']);
  expect(broken).toEqual({ error: 0, warning: 0, info: 0 });
});

test('with other objects of the cluster, says that branches aren\'t listed', async () => {
  const { out } = await report(OPEN, '--with', 'former.json');
  expect(dataOf(out)).toMatchObject({ worlds: { unlisted: 'other objects of the cluster are given' } });
  expect(dataOf(out).traffic.branches).toBeUndefined();
});

test('without missing facts, the data has neither columns nor branches', async () => {
  const data = dataOf((await report([...injected('front'), ...injected('shop'), ...OPEN])).out);
  expect([data.worlds, data.traffic.branches]).toEqual([undefined, undefined]);
});
