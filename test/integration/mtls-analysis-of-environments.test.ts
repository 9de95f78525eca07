import { ApiObject, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import {
  AllowedCallers, Caller, CaSource, ClientTls, ConnectionOutcome, Destination, FailOn, IstioMesh, MeshExpectations, MtlsAnalysis,
  MtlsReport, MtlsReporter, MtlsRule, Pods, StrictMeshMtls,
} from '../../src/index';
import { MeshOwners } from '../../src/integration/mesh-owners';
import { environmentIn, Environment, shopIn, twoEnvironments } from '../support/constructs/environments';

const silent = { reporter: MtlsReporter.silent() };

/** The message of a failed synth, a line for each error; empty if it doesn't fail. */
function errorsOf(app: { synthYaml(): unknown }): string[] {
  try {
    app.synthYaml();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
}

/** Sends plaintext to the STRICT server of an environment. */
const breakIn = ({ shop }: Environment) => new Destination(shop, 'rule', { host: 'api', name: 'plain', tls: ClientTls.disable() });

describe('of two environments in one app', () => {
  test('each has its own connections, facts and findings', () => {
    const { dev, prod } = twoEnvironments();
    breakIn(prod);
    const [ofDev, ofProd] = [dev, prod].map(({ stage }) => MtlsAnalysis.of(stage));
    expect([ofDev.summary, ofProd.summary]).toMatchObject([{ connections: 1, mtls: 1, broken: 0 }, { connections: 1, mtls: 0, broken: 1 }]);
    expect([ofDev.findings, ofProd.findings.map(({ code, constructPath }) => `${code} ${constructPath}`)]).toEqual([[], ['MTLS101 prod/shop/rule']]);
    expect([dev, prod].map(({ shop, stage }) => [MtlsAnalysis.of(shop).summary.mtls, IstioMesh.of(stage).trustDomain])).toEqual([[1, 'dev.example'], [0, 'prod.example']]);
  });

  test('the one whose mesh breaks fails the synth, and its errors are all that is said', () => {
    const { app, prod } = twoEnvironments();
    MtlsAnalysis.attach(app, silent);
    expect(errorsOf(app)).toEqual([]);
    breakIn(prod);
    expect(errorsOf(app)).toEqual([expect.stringMatching(/DestinationRule 'shop\/plain' \(prod\/shop\/rule\).*\[MTLS101\]$/)]);
  });

  test('an object that admission rejects in one hides no finding of the other', () => {
    const { app, dev, prod } = twoEnvironments();
    MtlsAnalysis.attach(app, silent);
    breakIn(prod);
    new ApiObject(dev.shop, 'rule', { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'plain' }, spec: { hots: 'api' } });
    expect(errorsOf(app).map((line) => /\(([^)]*)\).*\[(\w+)\]$/.exec(line)!.slice(1).join(' '))).toEqual(['dev/shop/rule ADMIT201', 'dev/shop/rule ADMIT203', 'prod/shop/rule MTLS101']);
  });

  test('only the meshes at or below the scope are judged, or the one around it', () => {
    for (const [scopeOf, isJudged] of [[({ stage }: Environment) => stage, true], [({ shop }: Environment) => shop, true]] as const) {
      const { app, dev, prod } = twoEnvironments();
      breakIn(prod);
      MtlsAnalysis.attach(scopeOf(dev), silent);
      expect(errorsOf(app)).toEqual([]);
      MtlsAnalysis.attach(scopeOf(prod), silent);
      expect(errorsOf(app).length > 0).toBe(isJudged);
    }
  });

  test('meshes that are created after the call are judged, too', () => {
    const app = Testing.app();
    MtlsAnalysis.attach(app, silent);
    environmentIn(app, 'dev');
    breakIn(environmentIn(app, 'prod'));
    expect(errorsOf(app)).toEqual([expect.stringContaining('(prod/shop/rule)')]);
  });

  test('the same objects are no duplicates, unlike in one mesh', () => {
    const { app, dev } = twoEnvironments();
    MtlsAnalysis.attach(app, { ...silent, failOn: [FailOn.INFO] });
    expect(errorsOf(app)).toEqual([]);
    new ApiObject(new Chart(dev.stage, 'again'), 'api', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'api', namespace: 'shop' } });
    expect(errorsOf(app)).toEqual([expect.stringMatching(/\(dev\/shop\/object3\).*Fix: delete one of them, or check manifests for different clusters separately\. \[MTLS601\]$/)]);
  });

  test('the checks of constructs see one mesh', () => {
    const { app, dev, prod } = twoEnvironments();
    for (const { mesh } of [dev, prod]) {
      mesh.config({ accessLogFile: '/dev/stdout' });
      mesh.customCa(CaSource.fromSecret());
    }
    for (const { shop } of [dev, prod]) {
      new Destination(shop, 'rule', { host: 'api', tls: ClientTls.istioMutual() });
      new AllowedCallers(shop, 'callers', { workload: Pods.of(shop.node.findChild('object2') as ApiObject), callers: [Caller.workload(Pods.of(shop.node.findChild('object1') as ApiObject))] });
    }
    expect(errorsOf(app)).toEqual([]);
    new Destination(dev.shop, 'second', { host: 'api', tls: ClientTls.istioMutual() });
    expect(errorsOf(app)).toEqual([expect.stringMatching(/\(dev\/shop\/second\).*\(dev\/shop\/rule\).*\[API033\]$/)]);
  });

  test('expectations hold in each mesh that their scope names', () => {
    const { app, dev, prod } = twoEnvironments();
    const expectation = { from: 'shop/web', outcome: ConnectionOutcome.MTLS };
    MeshExpectations.attach(app).always(expectation);
    MeshExpectations.attach(dev.stage).always(expectation);
    expect(errorsOf(app)).toEqual([]);
    breakIn(prod);
    expect(errorsOf(app)).toEqual([expect.stringMatching(/MeshExpectations \(prod\): "from shop\/web: is mtls" is unmet.*\(prod\/shop\/rule\).*\[API082\]$/)]);
    breakIn(dev);
    expect(errorsOf(app).map((line) => /MeshExpectations \((.*?)\)/.exec(line)![1])).toEqual(['dev', 'dev', 'prod']);
  });

  test('an acknowledgement for one leaves the other\'s finding', () => {
    const { app, dev, prod } = twoEnvironments();
    for (const environment of [dev, prod]) breakIn(environment);
    MtlsAnalysis.attach(app, silent);
    MtlsAnalysis.attach(dev.stage, { acknowledgements: [{ code: MtlsRule.MTLS101, reason: 'until Friday' }] });
    expect(errorsOf(app)).toEqual([expect.stringContaining('(prod/shop/rule)')]);
  });

  test('each has a report, which names it', () => {
    const reports: MtlsReport[] = [];
    const { app } = twoEnvironments();
    MtlsAnalysis.attach(app, { reporter: { report: (report) => void reports.push(report) }, istioVersion: '1.29' });
    app.synthYaml();
    expect(reports.map(({ mesh, summary, text }) => [mesh, summary.mtls, text.split(':')[0]])).toEqual([['dev', 1, 'MtlsAnalysis (dev)'], ['prod', 1, 'MtlsAnalysis (prod)']]);
  });

  test('each report is written to standard error once in a row', () => {
    const { app } = twoEnvironments();
    MtlsAnalysis.attach(app, { istioVersion: '1.29' });
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    for (let time = 0; time < 2; time++) app.synthYaml();
    expect(written.mock.calls.map(([text]) => String(text).split(':')[0])).toEqual(['MtlsAnalysis (dev)', 'MtlsAnalysis (prod)']);
  });

  test('errors that name no object name the mesh', () => {
    const { app, dev } = twoEnvironments();
    new ApiObject(new Chart(dev.stage, 'other'), 'far', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'far', namespace: 'far' }, spec: { template: { spec: { containers: [{ name: 'far' }] } } } });
    MtlsAnalysis.attach(app, { ...silent, failOn: [FailOn.UNDECIDED] });
    expect(errorsOf(app)).toEqual([expect.stringMatching(/MtlsAnalysis \(dev\): /)]);
  });

  test('options contradict the facts of one', () => {
    const { app } = twoEnvironments();
    MtlsAnalysis.attach(app, { ...silent, trustDomain: 'dev.example' });
    expect(errorsOf(app)).toEqual([expect.stringMatching(/trustDomain is 'dev.example', but that of prod\/mesh is 'prod.example'.*\[API099\]$/)]);
  });
});

test('without an IstioMesh, two environments in an app are one mesh, and errors say how to have two', () => {
  const app = Testing.app();
  for (const name of ['dev', 'prod']) {
    const stage = new Construct(app, name);
    new StrictMeshMtls(new Chart(stage, 'mesh'), 'strict');
    shopIn(stage);
  }
  expect(errorsOf(app)).toEqual([expect.stringMatching(/\(prod\/mesh\/strict\).*Fix: remove one of the two, or give each environment an IstioMesh with 'owns'\. \[API001\]$/)]);
  (app.node.findChild('prod').node.findChild('shop').node.findChild('object3') as ApiObject).metadata.addLabel('changed', 'yes');
  const twice = MtlsAnalysis.of(app).findings.filter(({ code }) => code === 'MTLS601');
  expect(twice.map(({ fix, message }) => [fix, message.endsWith(`Fix: ${fix}. [MTLS601]`)])).toEqual([
    ["delete one of them, or check manifests for different clusters separately, or give each environment an IstioMesh with 'owns'", true],
  ]);
});

test('an IstioMesh beside the charts of teams owns the app, and changes nothing of what is emitted', () => {
  const of = (hasMesh: boolean) => {
    const app = Testing.app();
    const platform = new Chart(app, 'platform');
    if (hasMesh) new IstioMesh(platform, 'mesh');
    new StrictMeshMtls(platform, 'strict');
    breakIn({ shop: shopIn(app) } as Environment);
    return { app, yaml: app.synthYaml(), findings: MtlsAnalysis.of(app).findings };
  };
  const [withMesh, without] = [of(true), of(false)];
  expect(withMesh.yaml).toBe(without.yaml);
  expect(withMesh.findings).toEqual(without.findings);
  expect(withMesh.findings).toHaveLength(1);
});

describe('the work of a synth grows with the app', () => {
  /** How many constructs are visited, and how many owners are looked up. */
  function workOf(environments: number): number {
    const app = Testing.app();
    MtlsAnalysis.attach(app, silent);
    for (let index = 0; index < environments; index++) breakIn(environmentIn(app, `env${index}`, { trustDomain: undefined }));
    const visited = jest.spyOn(MeshOwners.prototype, 'constructsOf');
    const asked = jest.spyOn(MeshOwners.prototype, 'of');
    expect(errorsOf(app)).toHaveLength(environments);
    const constructs = visited.mock.results.reduce((sum, { value }) => sum + value.length, 0);
    const work = constructs + asked.mock.calls.length;
    jest.restoreAllMocks();
    return work;
  }

  test('not with the square of its meshes', () => {
    const [few, many] = [workOf(5), workOf(20)];
    expect(few).toBeGreaterThan(100);
    expect(many / few).toBeLessThan(4.5);
  });
});
