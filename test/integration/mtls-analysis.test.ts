import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { ConnectionOutcome, FailOn, FindingSeverity, MtlsAnalysis, MtlsAnalysisAttachOptions, MtlsRule, StrictMeshMtls } from '../../src/index';
import { BROKEN, PART, SOUND, WARNED } from '../cli/meshes';

/** An app that emits the documents of a text, in a chart each. */
function appOf(...texts: string[]): App {
  const app = Testing.app();
  texts.forEach((text, index) => {
    const chart = new Chart(app, `chart${index}`);
    loadAll(text).forEach((object, number) => new ApiObject(chart, `object${number}`, object as any));
  });
  return app;
}

describe('with facts', () => {
  const documents = BROKEN.split('---\n');
  const of = (kind: string) => documents.filter((document) => document.includes(`kind: ${kind}\n`)).join('---\n');
  const without = (kind: string) => documents.filter((document) => !document.includes(`kind: ${kind}\n`)).join('---\n');
  const OTHER = WARNED.split('---\n')[0];

  test('reports only findings that the manifests cause, not those of facts', () => {
    const analysis = MtlsAnalysis.ofYaml(of('PeerAuthentication'), { facts: [of('DestinationRule'), without('PeerAuthentication').replace(of('DestinationRule'), '')] });
    expect(analysis.findings.map(({ code, kind, constructPath, message }) => [code, kind, constructPath, message.split(':')[0]])).toEqual([['MTLS101', 'DestinationRule', undefined, 'DestinationRule \'shop/ratings\'']]);
    expect([analysis.summary.connections, analysis.summary.broken, analysis.connections().length]).toEqual([1, 1, 1]);
    const apart = MtlsAnalysis.ofYaml(OTHER, { facts: [BROKEN] });
    expect([apart.findings, apart.summary.connections, apart.connections()]).toEqual([[], 0, []]);
    expect(apart.connections({ client: 'shop/web' })).toEqual([]);
  });

  test('an object in both is the judged one, and facts that would be refused have no part', () => {
    const mended = of('DestinationRule').replace('DISABLE', 'ISTIO_MUTUAL');
    expect(MtlsAnalysis.ofYaml(mended, { facts: [BROKEN] }).summary).toMatchObject({ mtls: 1, broken: 0 });
    const refused = of('PeerAuthentication').replace('mode:', 'mod:');
    expect(MtlsAnalysis.ofYaml(of('DestinationRule'), { facts: [without('DestinationRule')] }).summary.broken).toBe(1);
    expect(MtlsAnalysis.ofYaml(of('DestinationRule'), { facts: [`${without('DestinationRule').replace(of('PeerAuthentication'), refused)}`] }).summary.broken).toBe(0);
  });

  test('may be empty, and must be readable', () => {
    expect(MtlsAnalysis.ofYaml(BROKEN, { facts: ['', '{"kind": "List", "items": []}'] }).findings.map(({ code }) => code)).toEqual(['MTLS101']);
    expect(() => MtlsAnalysis.ofYaml(BROKEN, { facts: ['', 'kind: A\na: b: c\n'] })).toThrow(/^facts\[1\]:2:\d+: the document is .* \[ADMIT151\]$/);
  });

  test('a synth is analyzed with the facts of all attach calls', () => {
    const app = appOf(of('PeerAuthentication'));
    MtlsAnalysis.attach(app, { facts: [of('DestinationRule')] });
    expect(() => app.synthYaml()).not.toThrow();
    MtlsAnalysis.attach(app, { facts: [without('PeerAuthentication').replace(of('DestinationRule'), '')] });
    expect(() => app.synthYaml()).toThrow('[MTLS101]');
  });

  test('counts only undecided connections that the change affects', () => {
    const app = appOf(OTHER);
    MtlsAnalysis.attach(app, { failOn: [FailOn.UNDECIDED], facts: [BROKEN.slice(BROKEN.indexOf('---\n') + 4)] });
    expect(() => app.synthYaml()).not.toThrow();
    expect(MtlsAnalysis.ofYaml(OTHER, { facts: [BROKEN.slice(BROKEN.indexOf('---\n') + 4)] }).missingFacts).toEqual([]);
  });
});

describe('attached to an app', () => {
  test('accepts a sound mesh, and doesn\'t change its output', () => {
    const plain = appOf(SOUND).synthYaml();
    const app = appOf(SOUND);
    MtlsAnalysis.attach(app);
    expect(app.synthYaml()).toBe(plain);
  });

  test('fails the synth on an error, with the construct\'s path and the remedy', () => {
    const app = appOf(BROKEN);
    MtlsAnalysis.attach(app.node.children[0]);
    expect(() => app.synthYaml()).toThrow(/DestinationRule 'shop\/ratings' \(chart0\/object5\): spec\.trafficPolicy\.tls\.mode is DISABLE; expected .*, because calls from Deployment shop\/web .*\. Fix: remove spec\.trafficPolicy\. \[MTLS101\]/);
  });

  test('looks at all charts together', () => {
    const documents = BROKEN.split('---\n');
    const app = appOf(documents.slice(0, 3).join('---\n'), documents.slice(3).join('---\n'));
    MtlsAnalysis.attach(app);
    expect(() => app.synthYaml()).toThrow('[MTLS101]');
  });

  test('fails on a severity of choice', () => {
    const synth = (...failOn: FailOn[]) => () => {
      const app = appOf(WARNED);
      MtlsAnalysis.attach(app, failOn.length > 0 ? { failOn } : {});
      app.synthYaml();
    };
    expect(synth()).not.toThrow();
    expect(synth(FailOn.ERROR)).not.toThrow();
    expect(synth(FailOn.WARNING)).toThrow('[MTLS201]');
    expect(synth(FailOn.INFO)).toThrow('[MTLS201]');
  });

  describe('with FailOn.UNDECIDED', () => {
    const open = SOUND.slice(SOUND.indexOf('---\n') + 4);
    const synth = (failOn: FailOn[], options: MtlsAnalysisAttachOptions = {}) => () => {
      const app = appOf(open);
      MtlsAnalysis.attach(app, { failOn, ...options });
      app.synthYaml();
    };

    test('fails on undecided connections, and names the missing facts', () => {
      expect(synth([FailOn.ERROR])).not.toThrow();
      expect(synth([FailOn.ERROR, FailOn.UNDECIDED])).toThrow(
        'MtlsAnalysis: 1 of 1 connections is undecided; expected none, because failOn says so: 1 waits for Namespace shop, which isn\'t in the manifests (injectedNamespaces: [\'shop\'] decides 1); '
        + 'or add Namespace shop to the app, with injectionLabels of IstioMesh if the pods get sidecars',
      );
      expect(synth([FailOn.UNDECIDED], { injectedNamespaces: ['shop'] })).not.toThrow();
    });

    test('groups missing facts', () => {
      const client = open.slice(open.indexOf('kind: Deployment') - 20).split('---\n')[0].replace('namespace: shop', 'namespace: front');
      const app = appOf(open, client, client.replace('front', 'back'), client.replace('front', 'side'));
      MtlsAnalysis.attach(app, { failOn: [FailOn.UNDECIDED] });
      expect(() => app.synthYaml()).toThrow(/; 1 more to wait for; together injectedNamespaces: \['back', 'front', 'shop', 'side'\] decides 4; or add Namespaces (\w+, ){3}and 1 more, to the app, with injectionLabels of IstioMesh if the pods get sidecars$/);
    });

    test('refuses an empty or contradictory list', () => {
      expect(synth([])).toThrow('MtlsAnalysis: failOn is empty; expected one or more of error, warning, info, undecided, conditional, never, because it would be unclear when synth should fail. Fix: leave it out, or name what fails the synth. [API081]');
      expect(synth([FailOn.NEVER, FailOn.ERROR])).toThrow('failOn is \'never\' together with others; expected \'never\' alone');
    });
  });

  test('doesn\'t fail on findings with FailOn.NEVER', () => {
    const app = appOf(BROKEN);
    MtlsAnalysis.attach(app, { failOn: [FailOn.NEVER] });
    expect(() => app.synthYaml()).not.toThrow();
  });

  test('prints one line without CI runner commands', () => {
    const app = appOf(BROKEN.replaceAll('name: ratings', 'name: "r\\n::error::##vso[task.x]\\u202e"'));
    MtlsAnalysis.attach(app, { failOn: [FailOn.INFO] });
    expect(() => app.synthYaml()).toThrow(/shop\/r\\u000a::error::#\\u0023vso\[task\.x\]\\u202e/);
  });

  test('combines the options of several calls', () => {
    const app = appOf(BROKEN, WARNED);
    MtlsAnalysis.attach(app, { failOn: [FailOn.WARNING], acknowledgements: [{ code: MtlsRule.MTLS101, reason: 'legacy' }] });
    expect(() => app.synthYaml()).toThrow('[MTLS201]');
    MtlsAnalysis.attach(app, { acknowledgements: [{ code: MtlsRule.MTLS201, kind: 'PeerAuthentication', namespace: 'other', name: 'two', reason: 'goes in March' }] });
    expect(() => app.synthYaml()).not.toThrow();
  });

  test('combines partialNamespaces of several calls', () => {
    const app = appOf(PART);
    MtlsAnalysis.attach(app, { partialNamespaces: ['other'] });
    expect(() => app.synthYaml()).toThrow('[MTLS114]');
    MtlsAnalysis.attach(app, { partialNamespaces: ['shop'] });
    expect(() => app.synthYaml()).not.toThrow();
  });

  test('uses the last namespace option for objects without one, and names their constructs', () => {
    const app = appOf(BROKEN.replaceAll(/^ {2}namespace: shop\n/gm, ''));
    MtlsAnalysis.attach(app, { namespace: 'other' });
    expect(() => app.synthYaml()).not.toThrow();
    MtlsAnalysis.attach(app, { namespace: 'shop' });
    expect(() => app.synthYaml()).toThrow(/^[^]*DestinationRule 'shop\/ratings' \(.*\): [^]*\[MTLS101\]/);
    expect(MtlsAnalysis.of(app, { namespace: 'shop' }).findings[0].constructPath).toBeDefined();
  });

  test('analyzes changes since the last synth', () => {
    const app = appOf(SOUND);
    MtlsAnalysis.attach(app);
    app.synthYaml();
    new ApiObject(app.node.children[0] as Chart, 'late', loadAll(BROKEN)[5] as any);
    expect(() => app.synthYaml()).toThrow('[MTLS101]');
  });

  test('refuses objects that admission refuses, even in an app without other constructs of the library', () => {
    const app = appOf(SOUND.replace('mode: STRICT', 'mod: STRICT'));
    MtlsAnalysis.attach(app, { failOn: [FailOn.ERROR] });
    expect(() => app.synthYaml()).toThrow(/spec\.mtls\.mod is an unknown field .*\[ADMIT201\]$/);
  });

  test('reports findings and admission\'s refusals in one error, in the order of their constructs', () => {
    const app = appOf(BROKEN, WARNED.replace('mode', 'mod'));
    new StrictMeshMtls(app.node.children[0] as Chart, 'strict');
    MtlsAnalysis.attach(app);
    expect(() => app.synthYaml()).toThrow(/\[MTLS101\][^]*\[ADMIT201\]/);
  });
});

describe('of an app or a text', () => {
  test('returns findings with all their fields', () => {
    const [finding] = MtlsAnalysis.of(appOf(BROKEN)).findings;
    expect(finding).toEqual({
      code: 'MTLS101',
      severity: FindingSeverity.ERROR,
      kind: 'DestinationRule',
      namespace: 'shop',
      name: 'ratings',
      constructPath: 'chart0/object5',
      apiVersion: 'networking.istio.io/v1',
      field: 'spec.trafficPolicy.tls.mode',
      path: ['spec', 'trafficPolicy', 'tls', 'mode'],
      actual: 'DISABLE',
      expected: 'ISTIO_MUTUAL, or no tls',
      because: expect.stringMatching(/^calls from Deployment shop\/web .* is STRICT/),
      message: expect.stringMatching(/^DestinationRule 'shop\/ratings' \(chart0\/object5\): spec\.trafficPolicy\.tls\.mode is DISABLE; .* \[MTLS101\]$/),
      fix: 'remove spec.trafficPolicy',
      change: {
        object: { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', namespace: 'shop', name: 'ratings' },
        fields: [{ op: 'remove', path: ['spec', 'trafficPolicy'] }],
      },
      connections: 1,
    });
    expect(MtlsAnalysis.ofYaml(BROKEN).findings).toEqual([{ ...finding, constructPath: undefined, message: finding.message.replace(' (chart0/object5)', '') }]);
  });

  test('counts connections by outcome', () => {
    expect(MtlsAnalysis.ofYaml(`${BROKEN}---\n${SOUND.replaceAll('shop', 'other')}`).summary).toEqual({ connections: 6, mtls: 3, tls: 0, plaintext: 0, broken: 3, lostCopies: 0, undecided: 0, decided: 6, undecidedBecause: {} });
  });

  test('names the missing facts of undecided connections, and the options to set', () => {
    const open = SOUND.slice(SOUND.indexOf('---\n') + 4);
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: reviews, namespace: other}\nspec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}\n';
    const analysis = MtlsAnalysis.ofYaml(`${open}---\n${service}`);
    expect(analysis.missingFacts).toEqual([
      { need: 'namespace', subject: 'shop', connections: 3, message: '3 wait for Namespace shop, which isn\'t in the manifests', injectedNamespaces: ['shop'], installedRevisions: [], decides: 1 },
      { need: 'servers', subject: 'other/reviews', connections: 2, message: '2 wait for a workload or address that serves other/reviews', injectedNamespaces: [], installedRevisions: [], decides: undefined },
    ]);
    expect(MtlsAnalysis.ofYaml(`${open}---\n${service}`, { injectedNamespaces: ['shop'] }).summary).toMatchObject({ connections: 3, undecided: analysis.summary.undecided - 1 });
    expect(MtlsAnalysis.ofYaml(SOUND).missingFacts).toEqual([]);
    expect([analysis.missingFactsTogether, MtlsAnalysis.ofYaml(SOUND).missingFactsTogether]).toEqual([undefined, undefined]);
    const both = `${open}---\n${open.replaceAll('shop', 'other')}`;
    const { undecided } = MtlsAnalysis.ofYaml(both).summary;
    const told = MtlsAnalysis.ofYaml(both, { injectedNamespaces: ['shop', 'other'] }).summary.undecided;
    expect(MtlsAnalysis.ofYaml(both).missingFactsTogether).toEqual({ injectedNamespaces: ['other', 'shop'], installedRevisions: [], decides: undecided - told });
  });

  test('gives the connections that are asked for', () => {
    const analysis = MtlsAnalysis.ofYaml(`${BROKEN}---\n${SOUND.replaceAll('shop', 'other')}`);
    expect(analysis.connections()).toHaveLength(6);
    expect(analysis.connections({ limit: 2 })).toHaveLength(2);
    expect(analysis.connections({ limit: 0 })).toEqual([]);
    const because = [
      { group: 'networking.istio.io', kind: 'DestinationRule', namespace: 'shop', name: 'ratings', field: 'spec.trafficPolicy.tls.mode', effect: 'the client sends PLAINTEXT' },
      { group: 'security.istio.io', kind: 'PeerAuthentication', namespace: 'shop', name: 'default', field: 'spec.mtls.mode', effect: 'STRICT for the namespace' },
    ];
    const web = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
    expect(analysis.connections({ client: 'shop/web', outcome: ConnectionOutcome.BROKEN })).toEqual([{
      ...{ clientKind: 'Deployment', clientNamespace: 'shop', clientName: 'web' },
      requestedHost: 'ratings.shop.svc.cluster.local',
      requestedPort: 9080,
      serviceHost: 'ratings.shop.svc.cluster.local',
      servicePort: 9080,
      subset: undefined,
      ...{ serverKind: 'Deployment', serverNamespace: 'shop', serverName: 'ratings', serverPort: 9080 },
      clientTls: 'PLAINTEXT',
      serverMode: 'STRICT',
      outcome: ConnectionOutcome.BROKEN,
      undecidedBecause: undefined,
      because,
      caller: 'workload',
      client: web,
      hops: [{
        sender: web,
        serviceHost: 'ratings.shop.svc.cluster.local',
        servicePort: 9080,
        service: { group: '', kind: 'Service', namespace: 'shop', name: 'ratings' },
        server: { ...web, name: 'ratings' },
        serverPort: 9080,
        clientTls: 'PLAINTEXT',
        serverMode: 'STRICT',
        outcome: ConnectionOutcome.BROKEN,
        because,
      }],
    }]);
    expect(() => analysis.connections({ service: 'shop/rating' })).toThrow('Fix: write shop/ratings (Service).');
  });

  test('returns acknowledged findings with reason and source', () => {
    const { findings, acknowledged } = MtlsAnalysis.ofYaml(WARNED, { acknowledgements: [{ code: MtlsRule.MTLS201, reason: 'goes in March' }] });
    expect([findings, acknowledged]).toEqual([[], [expect.objectContaining({ code: 'MTLS201', name: 'two', reason: 'goes in March', by: 'run' })]]);
  });

  test('reports an unused acknowledgement', () => {
    const { findings } = MtlsAnalysis.ofYaml(SOUND, { acknowledgements: [{ code: 'MTLS777' as MtlsRule, reason: 'legacy' }] });
    expect(findings.map(({ field, message }) => [field, message])).toEqual([[
      'acknowledgements[0]',
      'MtlsAnalysis: acknowledgements[0] is an acknowledgement of MTLS777; expected the code of a finding, because no rule has this code. Fix: correct the code, or delete it. [MTLS901]',
    ]]);
  });

  test('refuses a text that can\'t be read, with the place', () => {
    expect(() => MtlsAnalysis.ofYaml(`${SOUND}---\na: b: c\n`)).toThrow(/manifests:\d+:\d+: the document is .* \[ADMIT151\]/);
  });

  test('accepts facts that the manifests lack', () => {
    const partial = BROKEN.slice(BROKEN.indexOf('---\n') + 4);
    expect(MtlsAnalysis.ofYaml(partial).summary.undecided).toBe(1);
    expect(MtlsAnalysis.ofYaml(partial, { injectedNamespaces: ['shop'] }).summary.broken).toBe(1);
    const canary = BROKEN.replace('istio-injection: enabled', 'istio.io/rev: canary');
    expect(MtlsAnalysis.ofYaml(canary, { installedRevisions: ['stable'] }).summary.undecided).toBe(1);
    const printed = BROKEN.replaceAll(/^ {2}namespace: shop\n/gm, '');
    expect(MtlsAnalysis.ofYaml(printed).summary).toMatchObject({ broken: 0, undecided: 1 });
    expect(MtlsAnalysis.ofYaml(printed, { namespace: 'shop' }).findings.map(({ code, namespace, name }) => [code, namespace, name])).toEqual([['MTLS101', 'shop', 'ratings']]);
    expect(MtlsAnalysis.ofYaml(PART).summary.broken).toBe(2);
    expect(MtlsAnalysis.ofYaml(PART, { partialNamespaces: ['shop'] }).summary).toMatchObject({ broken: 0, undecided: 2 });
  });
});
