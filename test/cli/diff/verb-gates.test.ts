import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BROKEN, SOUND, USERS_KIND, withClientOfUser } from '../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('diff');

const diff = (before: string, after: string, ...options: string[]) =>
  command(['diff', 'old', 'new', ...options], { cwd: folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after }) });

/** The output of `diff -o json`, validated against its schema. */
async function reported(before: string, after: string, ...options: string[]) {
  const { exitCode, out } = await diff(before, after, '-o', 'json', ...options);
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report };
}

describe('unknown effects', () => {
  const UNNAMED = SOUND.replace(/apiVersion: v1\nkind: Namespace\n[^]*?---\n/, '');
  const AMBIENT = SOUND.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient');
  const PLAIN = BROKEN.slice(BROKEN.indexOf('---\n') + 4);
  const strict = (mesh: string) => mesh.replace('mode: STRICT', 'mode: PERMISSIVE');

  test.each<[string, string, string, string[], number]>([
    ['it depends on a namespace, and worsens nothing in either case', strict(UNNAMED), UNNAMED, ['--fail-on', 'unknown-effect,new-broken'], 0],
    ['the namespace is stated', strict(UNNAMED), UNNAMED, ['--injected-namespace', 'shop'], 0],
    ['no option would decide it', strict(AMBIENT), AMBIENT, [], 0],
    ['no option would decide it, and it is asked for', strict(AMBIENT), AMBIENT, ['--fail-on', 'unknown-effect'], 1],
    ['it was decided before', SOUND, AMBIENT, [], 1],
  ])('%s', async (_, before, after, options, expected) => {
    expect((await reported(before, after, ...options)).exitCode).toBe(expected);
  });

  test('appear in every format, and never as a success', async () => {
    for (const format of ['text', 'markdown', 'github']) {
      const { out } = await diff(strict(AMBIENT), AMBIENT, '-o', format);
      expect(out).toMatch(/1 connection is undecided before and after, and this change touches what decides it/);
      expect(out).not.toMatch(/✅|nothing changes/);
      if (format !== 'github') expect(out).toContain('effect of 1 changed object not known');
    }
  });

  test('have what the connections wait for in JSON', async () => {
    const { report } = await reported(strict(AMBIENT), AMBIENT, '--fail-on', 'unknown-effect');
    expect(report.failures).toEqual(['unknown-effect: 1 changed object concerns undecided connections']);
    expect(report.unknownEffects).toMatchObject([{ gate: 'unknown-effect', isAvoidable: false, connections: 1, facts: [{ need: 'model' }] }]);
  });

  test('are none of connections that depend on a namespace: these are told by case, in every format', async () => {
    const { report, exitCode } = await reported(UNNAMED, PLAIN);
    expect([exitCode, report.failures]).toEqual([1, ['new-broken: 1 connection if shop has sidecars']]);
    expect(report).toMatchObject({
      unknownEffects: [],
      missing: [{ fact: 'namespace', name: 'shop', expectedBy: { strength: 'weak', objects: 1 } }],
      groups: [{ if: [{ fact: 'namespace', name: 'shop', holds: true }], gate: 'new-broken', witness: { after: { transport: { outcome: 'broken' } } } }],
    });
    for (const format of ['text', 'markdown', 'github']) {
      const { out } = await diff(UNNAMED, PLAIN, '-o', format);
      expect(out).toMatch(/mtls → broken {1,2}`?if shop has sidecars/);
      expect(out).toContain('What fails is judged as if shop has sidecars, as PeerAuthentication shop/default suggests.');
    }
    expect((await diff(UNNAMED, PLAIN, '--uninjected-namespace', 'shop')).exitCode).toBe(0);
  });

  test.each([
    ['after', SOUND, strict(UNNAMED), 'what 2 workloads accept isn\'t known after', 0, 2],
    ['before and after', strict(AMBIENT).replace(/kind: Service\n/, 'kind: Other\n'), AMBIENT.replace(/kind: Service\n/, 'kind: Other\n'), 'what 2 workloads accept isn\'t known before and after', 0, 0],
  ])('say of what workloads accept that it isn\'t known %s', async (_, before, after, said, serversBefore, serversAfter) => {
    expect((await diff(before, after)).out).toContain(`${said}, and this change`);
    const { unknownEffects } = (await reported(before, after)).report;
    expect(unknownEffects.at(-1)).toMatchObject({ servers: 2, serversBefore, serversAfter });
  });

  test('names in conditions are in code spans in Markdown', async () => {
    const [odd, plain] = [UNNAMED, PLAIN].map((text) => withClientOfUser(text, 'a|<b>`'));
    const cwd = folderWith({ 'old/mesh.yaml': odd, 'new/mesh.yaml': plain, 'istio-mtls.yaml': USERS_KIND });
    const { out } = await command(['diff', 'old', 'new', '--config', 'istio-mtls.yaml', '-o', 'markdown'], { cwd });
    expect(out).toContain('a\\u007c<b>\\u0060');
    expect(out.replace(/`[^`]*`/g, '')).not.toContain('<b>');
  });
});

describe('objects that aren\'t compared', () => {
  const GATEWAY = (mode: string) => `${SOUND}---\napiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: edge, namespace: shop}\n`
    + `spec: {selector: {istio: ingressgateway}, servers: [{hosts: ['*'], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: ${mode}, credentialName: edge}}]}\n`;
  const ROLE = `${SOUND}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader, namespace: shop}\nrules: []\n`;

  test('are listed with the reason, or counted', async () => {
    const { report } = await reported(GATEWAY('MUTUAL'), GATEWAY('SIMPLE'));
    expect(report.unjudged).toMatchObject([{ object: { kind: 'Gateway' }, fields: [{ from: 'MUTUAL', to: 'SIMPLE' }], why: 'calls from outside the mesh aren\'t checked' }]);
    expect((await reported(SOUND, ROLE)).report.unread).toEqual({ Role: 1 });
    expect((await diff(GATEWAY('MUTUAL'), GATEWAY('SIMPLE'))).out).toContain('~ Gateway shop/edge');
    expect((await diff(SOUND, ROLE)).out).toContain('Not compared, since they decide nothing about connections: 1 Role.');
    expect((await diff(SOUND, ROLE.replace('kind: Role', 'kind: "\\u2028Role"'))).out).not.toContain('\u2028');
    expect((await diff(GATEWAY('MUTUAL'), GATEWAY('SIMPLE'), '-o', 'markdown')).out).not.toContain('✅');
  });

  const ROUTE = (fault: string) => `${SOUND}---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ratings, namespace: shop}\n`
    + `spec: {hosts: [ratings], http: [{${fault}route: [{destination: {host: ratings}}]}]}\n`;
  const ABORT = 'fault: {abort: {httpStatus: 500, percentage: {value: 100}}}, ';

  test('name a VirtualService with other faults, which isn\'t called without effect', async () => {
    const why = 'whether requests are aborted or delayed isn\'t checked';
    const { report, exitCode } = await reported(ROUTE(''), ROUTE(ABORT));
    expect([exitCode, report.withoutEffect]).toEqual([0, []]);
    expect(report.unjudged).toMatchObject([{ object: { kind: 'VirtualService', name: 'ratings' }, why }]);
    const { out } = await diff(ROUTE(''), ROUTE(ABORT));
    expect(out).toMatch(/^Not judged\n  ~ VirtualService shop\/ratings .*whether requests are aborted or delayed isn't checked\n/);
    expect(out).not.toContain('Without effect');
    const { out: comment } = await diff(ROUTE(''), ROUTE(ABORT), '-o', 'markdown');
    expect(comment).toMatch(/^### istio-mtls diff: 1 changed object isn't judged, nothing else changes\n/);
    expect(comment).toContain(`Not judged: \`~ VirtualService shop/ratings\` (${why}).`);
  });

  const KNATIVE = (inject: boolean) => `${SOUND}---\napiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: hello, namespace: shop}\n`
    + `spec: {template: {metadata: {annotations: {sidecar.istio.io/inject: "${inject}"}}, spec: {containers: [{image: x}]}}}\n`;

  test('are counted with their group if their kind isn\'t read, and not said to decide nothing', async () => {
    expect((await reported(KNATIVE(true), KNATIVE(false))).report).toMatchObject({ unjudged: [], unjudgedKinds: { 'Service.serving.knative.dev': 1 }, unread: {} });
    for (const format of ['text', 'markdown', 'github']) {
      const { out } = await diff(KNATIVE(true), KNATIVE(false), '-o', format);
      expect(out).toMatch(/Not judged, kinds that aren't read: `?1 Service\.serving\.knative\.dev`?\./);
      expect(out).not.toMatch(/✅|decide nothing|without effect/);
    }
  });

  test('of kinds that aren\'t read are in code spans in Markdown', async () => {
    const { out } = await diff(SOUND, KNATIVE(true).replace(/kind: Service\n(?=metadata: \{name: hello)/, 'kind: "<b>@all"\n'), '-o', 'markdown');
    expect(out).toContain('@all.serving.knative.dev');
    expect(out.replace(/`[^`]*`/g, '')).not.toMatch(/<b>|@all/);
  });
});

test('calls that an object of another namespace reroutes fail by default', async () => {
  const more = `${SOUND}---\napiVersion: v1\nkind: Service\nmetadata: {name: other, namespace: shop}\nspec: {selector: {app: web}, ports: [{name: http, port: 9080}]}\n`;
  const route = (space: string) => `${more}---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: taken, namespace: ${space}}\n`
    + 'spec: {hosts: [ratings.shop.svc.cluster.local], http: [{route: [{destination: {host: other.shop.svc.cluster.local}}]}]}\n';
  const { exitCode, report } = await reported(more, route('elsewhere'));
  expect([exitCode, report.failures]).toEqual([1, ['lost: 2 connections']]);
  expect(report.groups).toMatchObject([
    { kind: 'lost', gate: 'lost', takenBy: { kind: 'VirtualService', namespace: 'elsewhere', name: 'taken' }, witness: { calls: 'shop/ratings:9080' } },
    // Pods of ratings that call ratings now reach other pods, too.
    { kind: 'gained', gate: 'lost', takenBy: { name: 'taken' } },
  ]);
  expect((await diff(more, route('elsewhere'))).out).toContain('mtls → gone  taken over by VirtualService elsewhere/taken, of another namespace');
  expect([(await diff(more, route('shop'))).exitCode, (await diff(more, route('shop'), '--fail-on', 'rerouted')).exitCode]).toEqual([0, 1]);
});
