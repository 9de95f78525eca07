import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { SOUND } from '../meshes';

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
  const strict = (mesh: string) => mesh.replace('mode: STRICT', 'mode: PERMISSIVE');

  test.each<[string, string, string, string[], number]>([
    ['fail by default if an option would decide them', strict(UNNAMED), UNNAMED, [], 1],
    ['don\'t exist if that option is given', strict(UNNAMED), UNNAMED, ['--injected-namespace', 'shop'], 0],
    ['don\'t fail by default if no option would decide them', strict(AMBIENT), AMBIENT, [], 0],
    ['fail with --fail-on unknown-effect if no option would decide them', strict(AMBIENT), AMBIENT, ['--fail-on', 'unknown-effect'], 1],
    ['don\'t fail with another --fail-on', strict(UNNAMED), UNNAMED, ['--fail-on', 'new-broken'], 0],
    ['fail by default if the connections were decided before', SOUND, AMBIENT, [], 1],
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

  test('have the missing facts and the deciding option in JSON', async () => {
    const { report } = await reported(strict(UNNAMED), UNNAMED);
    expect(report.failures).toEqual(['unknown-effect: 1 changed object concerns undecided connections']);
    expect(report.unknownEffects).toMatchObject([{
      gate: 'unknown-effect',
      isAvoidable: true,
      connections: 1,
      facts: [{ need: 'namespace', subject: 'shop' }],
      decidedBy: { injectedNamespaces: ['shop'], installedRevisions: [], decides: 1 },
    }]);
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
