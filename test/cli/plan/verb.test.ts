import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { UNREADABLE } from '../manifests';
import { BROKEN, declaringCalls, SOUND } from '../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('plan');

const PERMISSIVE = SOUND.replace('mode: STRICT', 'mode: PERMISSIVE');
const DISABLED = SOUND.replace('mode: STRICT', 'mode: DISABLE');
const document = (kind: string, from: string) => from.split('---\n').find((text) => text.includes(`kind: ${kind}\n`))!;
/** A DestinationRule that sends plaintext to a PERMISSIVE server. */
const PLAIN = BROKEN.replace('mode: STRICT', 'mode: PERMISSIVE');
const without = (kind: string, from: string) => from.split('---\n').filter((text) => text !== document(kind, from)).join('---\n');
const allow = (name: string) => `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {rules: [{}]}\n`;

/** A mesh whose server has a sidecar or not. */
const rollout = (mode: string, inject: boolean) => SOUND.replace('mode: STRICT', `mode: ${mode}`)
  .replace('app: ratings\n    spec', `app: ratings\n        sidecar.istio.io/inject: "${inject}"\n    spec`);

/** Two folders with one file each. */
const folders = (before: string, after: string) => folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after });

const plan = (before: string, after: string, ...options: string[]) => command(['plan', 'old', 'new', ...options], { cwd: folders(before, after) });

/** A step as `~ PeerAuthentication default: mode`, in parentheses if it is temporary. */
function stepText({ action, change, object, version, isRollout, fields }: any): string {
  const sign = action === 'restart' ? '↻' : { added: '+', changed: '~', removed: '-' }[change as 'added'];
  const told = action === 'apply' && object.kind !== 'Deployment' ? fields.slice(0, 1).map(({ to }: any) => to ?? 'removed') : [];
  const text = [sign, object.kind, object.name, ...told, ...isRollout ? ['rolls'] : []].join(' ');
  return version === 'passing' ? `(${text})` : text;
}

/** The output of `plan -o json`, validated against its schema. */
async function planned(before: string, after: string, ...options: string[]) {
  const { exitCode, out, error } = await plan(before, after, '-o', 'json', ...options);
  expect(error).toBe('');
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  const stages = report.stages?.map(({ verdict, steps }: any) => [verdict, ...steps.map(stepText)]);
  return { exitCode, report, atOnce: report.atOnce.verdict, stages };
}

test('a mesh without changes needs no stages', async () => {
  expect(await planned(BROKEN, BROKEN)).toMatchObject({ exitCode: 0, atOnce: 'safe', stages: [] });
  expect((await plan(BROKEN, BROKEN)).out).toBe('✔ No change affects connections: apply all of them at once.\n\nIstio 1.31, 0 stages.\n');
});

test.each([['text'], ['markdown']])('a change without effect may be applied at any time, as %s', async (format) => {
  const { out } = await plan(SOUND, declaringCalls(SOUND, 'shop/ratings'), '-o', format);
  expect(out).toContain('1 changed object doesn\'t affect connections: apply it at any time.');
});

test.each([
  ['a state without changes', BROKEN, BROKEN, 'Something could not be read, so nothing is proven.'],
  ['a safe change', PERMISSIVE, SOUND, 'Something could not be read: what follows holds for the rest alone.'],
  ['a change that needs an order', PLAIN, SOUND, 'Something could not be read: what follows holds for the rest alone. Not safe at once: '],
])('unreadable input beside %s is an error', async (_, before, after, head) => {
  const { exitCode, out } = await plan(`${before}\n---\na: [\n`, after);
  expect([exitCode, out]).toEqual([2, expect.stringMatching(/^✖ /)]);
  expect(out.slice(2)).toContain(head);
  expect((await plan(`${before}\n---\na: [\n`, after, '-o', 'markdown')).out).not.toMatch(/No change affects|may be applied at once/);
});

test('a safe change is one stage', async () => {
  expect(await planned(PERMISSIVE, SOUND)).toMatchObject({ exitCode: 0, atOnce: 'safe', stages: [['safe', '~ PeerAuthentication default STRICT']] });
});

test('a rule that sends plaintext is removed before its server becomes STRICT', async () => {
  const { exitCode, atOnce, stages, report } = await planned(PLAIN, SOUND);
  expect([exitCode, atOnce, stages]).toEqual([0, 'unsafe', [['safe', '~ DestinationRule ratings removed'], ['safe', '~ PeerAuthentication default STRICT']]]);
  expect(report.stages.map(({ waits }: any) => waits)).toEqual([['istioctl proxy-status shows every proxy, none of them STALE'], ['istioctl proxy-status shows every proxy, none of them STALE']]);
});

test('DISABLE to STRICT takes four stages with a temporary rule', async () => {
  const { exitCode, atOnce, stages } = await planned(without('DestinationRule', DISABLED), without('DestinationRule', SOUND));
  expect([exitCode, atOnce, stages]).toEqual([0, 'unsafe', [
    ['safe', '(+ DestinationRule ratings-mtls-transition DISABLE)'],
    ['safe', '(~ PeerAuthentication default PERMISSIVE)'],
    ['safe', '- DestinationRule ratings-mtls-transition'],
    ['safe', '~ PeerAuthentication default STRICT'],
  ]]);
});

test('an existing rule sends plaintext temporarily', async () => {
  const { stages } = await planned(DISABLED, SOUND);
  expect(stages.map(([, step]: string[]) => step)).toEqual([
    '(~ DestinationRule ratings DISABLE)', '(~ PeerAuthentication default PERMISSIVE)', '~ DestinationRule ratings removed', '~ PeerAuthentication default STRICT',
  ]);
});

test('an unsafe change has a witness, with the changes that client and server have', async () => {
  const { report } = await planned(PLAIN, SOUND);
  const { clientLacks, clientHas, serverHas, serverLacks, ...witness } = report.atOnce.witness;
  expect(witness).toEqual({
    kind: 'call',
    client: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    calls: 'ratings.shop.svc.cluster.local:9080',
    server: { kind: 'Deployment', namespace: 'shop', name: 'ratings' },
    outcome: 'broken',
    mode: 'STRICT',
  });
  const names = (changes: any[]) => changes.map(({ change, object: { kind } }) => `${change} ${kind}`);
  expect([clientLacks, clientHas].map((changes) => names(changes).includes('changed DestinationRule'))).toEqual([true, false]);
  expect([serverHas, serverLacks].map((changes) => names(changes).includes('changed PeerAuthentication'))).toEqual([true, false]);
});

test('a server gets its sidecar and STRICT in one stage', async () => {
  const { exitCode, stages, report } = await planned(rollout('PERMISSIVE', false), rollout('STRICT', true));
  expect([exitCode, stages]).toEqual([0, [['safe', '~ PeerAuthentication default STRICT', '~ Deployment ratings rolls']]]);
  expect(report.stages[0].waits[0]).toBe('the rollout of shop/ratings is done and no old pods are left');
});

test('a client gets its sidecar before its server becomes STRICT', async () => {
  const client = (mode: string, inject: boolean) => SOUND.replace('mode: STRICT', `mode: ${mode}`).replace('app: web\n', `app: web\n        sidecar.istio.io/inject: "${inject}"\n`);
  const { exitCode, atOnce, stages } = await planned(client('PERMISSIVE', false), client('STRICT', true));
  expect([exitCode, atOnce, stages]).toEqual([0, 'unsafe', [['safe', '~ Deployment web rolls'], ['safe', '~ PeerAuthentication default STRICT']]]);
});

test('pods restart once their namespace has the injection label', async () => {
  const { exitCode, stages, report } = await planned(PERMISSIVE.replace('istio-injection: enabled', 'istio-injection: disabled'), SOUND);
  expect([exitCode, stages]).toEqual([0, [
    ['safe', '~ Namespace shop enabled', '↻ Deployment ratings rolls', '↻ Deployment web rolls'],
    ['safe', '~ PeerAuthentication default STRICT'],
  ]]);
  expect(report.stages[0].waits[0]).toBe('the rollout of shop/ratings, shop/web is done and no old pods are left');
});

test('AuthorizationPolicies aren\'t checked, and other objects need no stage', async () => {
  const config = (value: string) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\ndata: {a: ${value}}\n`;
  const image = (text: string, name: string) => text.replace('- name: ratings', `- image: ${name}\n          name: ratings`);
  const { exitCode, report, stages } = await planned(image(SOUND, 'a') + config('b'), image(SOUND, 'b') + config('b') + allow('all'));
  expect([exitCode, stages]).toEqual([0, []]);
  expect(report.unjudged.map(({ change, object: { kind } }: any) => `${change} ${kind}`)).toEqual(['added AuthorizationPolicy']);
  expect(report.others.map(({ change, object: { kind, name } }: any) => `${change} ${kind} ${name}`)).toEqual(['changed Deployment ratings']);
  const { out } = await plan(SOUND, SOUND + allow('all'));
  expect(out).toContain('Not judged\n  + AuthorizationPolicy shop/all  new/mesh.yaml:');
  expect((await plan(SOUND, SOUND + allow('all'), '-o', 'markdown')).out).toContain('Not judged: `+ AuthorizationPolicy shop/all` (which requests are allowed isn\'t checked).');
});

/** A Service for a server without a sidecar, which clients call with TLS, or for a STRICT server. */
const ofServer = (app: string, tls: string) => `${BROKEN.replace('mode: DISABLE', `mode: ${tls}`).replace('  selector:\n    app: ratings', `  selector:\n    app: ${app}`)}---
apiVersion: apps/v1
kind: Deployment
metadata: {name: plain, namespace: shop}
spec: {template: {metadata: {labels: {app: plain, sidecar.istio.io/inject: "false"}}}}
`;

test('without a safe order the exit code is 1, and a witness shows why', async () => {
  const { exitCode, report, atOnce } = await planned(ofServer('plain', 'SIMPLE'), ofServer('ratings', 'ISTIO_MUTUAL'));
  expect([exitCode, report.stages, atOnce]).toEqual([1, null, 'unsafe']);
  expect(report.stuck).toMatchObject({ kind: 'call', calls: 'ratings.shop.svc.cluster.local:9080', outcome: 'broken' });
  const cwd = folders(ofServer('plain', 'SIMPLE'), ofServer('ratings', 'ISTIO_MUTUAL'));
  const { out, error } = await command(['plan', 'old', 'new', '--out', 'plan'], { cwd });
  expect(out).toMatch(/^✖ No safe order was found: shop\/web → ratings\.shop\.svc\.cluster\.local:9080 at shop\/(?:plain|ratings) is broken while its client already has /);
  expect([error, existsSync(join(cwd, 'plan'))]).toEqual(['plan isn\'t written, since there are no stages.\n', false]);
});

test('an unproven stage gives exit code 1 and the reason', async () => {
  const entry = (name: string) => `---\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: ${name}, namespace: shop}\nspec: {hosts: [a.example.com], ports: [{name: http, number: 80, protocol: HTTP}], resolution: DNS}\n`;
  const [before, after] = [SOUND + entry('one'), SOUND + entry('two')];
  const { exitCode, atOnce, stages, report } = await planned(before, after);
  expect([exitCode, atOnce, stages]).toEqual([1, 'unproven', [['unproven', '- ServiceEntry one', '+ ServiceEntry two a.example.com']]]);
  expect(report.stages[0].witness).toMatchObject({ kind: 'call', calls: 'a.example.com:80', outcome: 'undecided' });
  expect((await plan(before, after)).out).toMatch(/^Stage 1 of 1 {2}⚠ not proven: shop\/\w+ → a\.example\.com:80 is undecided while its client already has \+ ServiceEntry shop\/two/m);
  expect((await plan(before, after, '-o', 'markdown')).out).toMatch(/1 stage, not all proven\n[^]*\*\*Stage 1 of 1\*\*, `not proven: /);
});

test('unreadable input gives exit code 2, and no files', async () => {
  const cwd = folders(PERMISSIVE, `${SOUND}---\n${UNREADABLE}`);
  const { exitCode, out, error } = await command(['plan', 'old', 'new', '--out', 'plan'], { cwd });
  expect([exitCode, error]).toEqual([2, 'plan isn\'t written, since something could not be read.\n']);
  expect(out).toContain('✖ could not read');
  expect(existsSync(join(cwd, 'plan'))).toBe(false);
});

test('says that recreated objects are newer than before', async () => {
  expect((await plan(PLAIN, without('DestinationRule', SOUND))).out).toContain('this is also proven, except that recreated objects are newer than before.');
});

test.each(['text', 'markdown'])('prints a plan as %s', async (format) => {
  expect((await plan(without('DestinationRule', DISABLED), `${without('DestinationRule', SOUND)}${allow('all')}`, '-o', format)).out).toMatchSnapshot();
  expect((await plan(PERMISSIVE.replace('istio-injection: enabled', 'istio-injection: disabled'), SOUND, '-o', format)).out).toMatchSnapshot();
});

test.each([['old', 'new'], ['to-strict', 'new'], ['to-trust-domain', 'corp.example', 'new']])('Markdown names the configuration file and its settings: plan %s %s', async (...args) => {
  const cwd = folderWith({ 'old/mesh.yaml': without('DestinationRule', SOUND), 'new/mesh.yaml': SOUND, 'istio-mtls.yaml': 'partialNamespaces: [legacy]\n' });
  const { out } = await command(['plan', ...args, '-o', 'markdown'], { cwd });
  expect(out).toContain('\n- `Configuration: istio-mtls.yaml; it states: partialNamespaces legacy`\n');
  expect((await command(['plan', ...args, '-o', 'markdown', '--no-config'], { cwd })).out).not.toContain('Configuration');
});

test.each<[string, string[], string]>([
  ['one path without a cluster', ['old'], 'missing argument \'new\''],
  ['three paths', ['old', 'new', 'new'], '3 paths; expected OLD and NEW'],
  ['standard input twice', ['-', '-'], 'standard input is named twice'],
  ['an unknown commit', ['git:nope', 'new'], 'git: not a git repository'],
  ['a format of another verb', ['old', 'new', '-o', 'github'], 'Allowed choices are text, json, markdown'],
])('%s is an error', async (_, args, error) => {
  expect(await command(['plan', ...args], { cwd: folders(SOUND, SOUND) })).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining(error) });
});

test('NEW with --onto plans from the cluster to an apply of NEW, without deletions', async () => {
  const cwd = folderWith({ 'cluster.yaml': PLAIN, 'new.yaml': document('PeerAuthentication', SOUND) });
  const { exitCode, out } = await command(['plan', 'new.yaml', '--onto', 'cluster.yaml', '-o', 'json'], { cwd });
  const { atOnce, stages, stuck } = JSON.parse(out);
  expect([exitCode, atOnce.verdict, stages?.length ?? 0, stuck]).toEqual([0, 'safe', 1, undefined]);
});

test('manifests inject no Markdown or control characters', async () => {
  const hostile = BROKEN.replace('mode: DISABLE', 'mode: DISABLE\n      caCertificates: "`|::error::##[group]\\u001b[31m<!-- @all"');
  for (const format of ['text', 'markdown', 'json']) {
    const { out } = await plan(hostile.replace('mode: STRICT', 'mode: PERMISSIVE'), SOUND, '-o', format);
    // eslint-disable-next-line no-control-regex -- they are what it is about
    expect(out).not.toMatch(/\u001b|##\[|(?<!\S)::error::#/);
  }
});

test('undecided connections make to-strict exit with 1 unless --accept-possible is given', async () => {
  const stranger = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: elsewhere, labels: {istio.io/dataplane-mode: ambient}}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: new, namespace: elsewhere}\nspec: {template: {metadata: {labels: {app: new}}}}\n';
  const cwd = folderWith({ 'mesh.yaml': `${SOUND.replace('mode: STRICT', 'mode: PERMISSIVE')}---\n${stranger}` });
  const runs = [await command(['plan', 'to-strict', 'mesh.yaml'], { cwd }), await command(['plan', 'to-strict', '--accept-possible', 'mesh.yaml'], { cwd })];
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 0]);
  for (const { out } of runs) expect(out).toMatch(/\d+ connections? can't be decided and may also be cut off: istio-mtls connections --outcome undecided says why\./);
});

describe('the mesh config', () => {
  const withConfig = (mesh: string, config: string) =>
    `${mesh}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n${config.replace(/^/gm, '    ')}\n`;
  const trusting = (domain: string, ...aliases: string[]) =>
    withConfig(SOUND, `trustDomain: ${domain}${aliases.length > 0 ? `\ntrustDomainAliases: [${aliases.join(', ')}]` : ''}`);
  const [OFF, ON] = [false, true].map((isOn) => `enableAutoMtls: ${isOn}`);
  const RULES = '---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: mutual, namespace: istio-system}\n'
    + 'spec: {host: "*.shop.svc.cluster.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}\n';

  test('a new trust domain takes three plans with aliases, and has no single plan', async () => {
    const ways = [trusting('old.example'), trusting('old.example', 'new.example'), trusting('new.example', 'old.example'), trusting('new.example')];
    for (const index of [0, 1, 2]) {
      const { exitCode, stages } = await planned(ways[index], ways[index + 1]);
      expect([exitCode, stages.length]).toEqual([0, 1]);
    }
    const { exitCode, stages, report } = await planned(ways[0], ways[3]);
    expect([exitCode, stages]).toEqual([1, undefined]);
    expect(report.notes.map(({ text }: any) => text)).toEqual([expect.stringMatching(/^the trust domain changes from old\.example to new\.example, .* use three plans, /)]);
    expect((await planned(ways[0], ways[1])).report.notes).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['auto mTLS', withConfig(without('DestinationRule', SOUND), ON), 'ConfigMap'],
    ['a rule for all hosts', withConfig(without('DestinationRule', SOUND) + RULES, OFF), 'DestinationRule'],
  ])('with auto mTLS off, %s comes before STRICT', async (_, after, first) => {
    const { exitCode, atOnce, report } = await planned(withConfig(without('DestinationRule', PERMISSIVE), OFF), after);
    expect([exitCode, atOnce, report.worsened]).toEqual([0, 'unsafe', { broken: 0, plaintext: 0, undecided: 0, lost: 0, exposed: 0 }]);
    expect(report.stages.map(({ steps }: any) => steps.map(({ object }: any) => object.kind))).toEqual([[first], ['PeerAuthentication']]);
  });

  describe('plan to-strict with auto mTLS off', () => {
    const CALLING = PERMISSIVE.replace('containers: [{name: app', 'containers: [{env: [{name: RATINGS, value: "ratings:9080"}], name: app');
    const told = async (mesh: string, ...options: string[]) => {
      const cwd = folderWith({ 'mesh.yaml': mesh, 'config.yaml': OFF });
      const { exitCode, out } = await command(['plan', 'to-strict', '-o', 'json', ...options, 'mesh.yaml'], { cwd });
      const { notes, blockers, plan: { stages } } = JSON.parse(out);
      const steps = stages.map((stage: any) => stage.steps.map(({ change, object: { kind, name } }: any) => `${change} ${kind} ${name}`));
      return { exitCode, notes: notes.map(({ text }: any) => text), remedies: blockers.map(({ remedy }: any) => remedy), steps };
    };

    test('turns it on in a mesh config of the manifests', async () => {
      const { exitCode, notes, steps } = await told(withConfig(without('DestinationRule', CALLING), OFF));
      expect(exitCode).toBe(0);
      expect(notes).toEqual([expect.stringMatching(/^auto mTLS is off, .*; the plan turns it on\. Also turn it on in the source of the mesh config/)]);
      expect([steps[0].at(-1), steps[1]]).toEqual(['changed ConfigMap istio', ['changed PeerAuthentication default']]);
    });

    test.each<[string, string, string[], string]>([
      ['the mesh config isn\'t in the manifests', without('DestinationRule', CALLING), ['--mesh-config', 'config.yaml'], 'the mesh config isn\'t among the manifests'],
      ['--scope is given', withConfig(without('DestinationRule', CALLING), OFF), ['--scope', 'shop'], 'auto mTLS would also change calls outside the scope'],
    ])('adds client rules if %s', async (_, given, options, why) => {
      const { exitCode, notes, steps } = await told(given, ...options);
      expect([exitCode, notes]).toEqual([0, [expect.stringContaining(`; the plan adds such rules where they break nothing, because ${why}`)]]);
      expect([steps[0].at(-1), steps[1]]).toEqual(['added DestinationRule ratings-mtls', ['changed PeerAuthentication default']]);
    });

    test('says nothing if no call needs auto mTLS', async () => {
      expect(await told(withConfig(without('DestinationRule', CALLING) + RULES, OFF))).toMatchObject({ exitCode: 0, notes: [], remedies: [] });
      expect(await told(withConfig(CALLING, ON))).toMatchObject({ exitCode: 0, notes: [] });
    });
  });
});
