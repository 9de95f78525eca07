import { ApiObject, App, Chart } from 'cdk8s';
import { FailOn, IstioMesh, MtlsAnalysis } from '../../src';

/** The lines of the error with which a synth fails. */
function linesOf(app: App): readonly string[] {
  try {
    app.synthYaml();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map((line) => line.trim());
  }
}

const mistaken = (chart: Chart, id: string): ApiObject => new ApiObject(chart, id, {
  apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: id }, spec: { mtls: { mode: 'OFF' } },
} as never);

/** A workload that needs a Namespace, which the app lacks, to be decided. */
const undecided = (chart: Chart): void => {
  new ApiObject(chart, 'web', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } } as never);
  new ApiObject(chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] } } as never);
  new ApiObject(chart, 'job', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'job' }, spec: { containers: [{ name: 'job', image: 'job' }] } } as never);
};

/** An app with a mesh whose analysis fails for what is undecided. */
function appWithMesh(): { readonly app: App; readonly shop: Chart } {
  const app = new App();
  new IstioMesh(new Chart(app, 'platform'), 'mesh').strict();
  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  MtlsAnalysis.attach(app, { failOn: [FailOn.UNDECIDED] });
  return { app, shop };
}

test('an error is printed with the path of the construct that it is about', () => {
  const { app, shop } = appWithMesh();
  ['one', 'two'].forEach((id) => mistaken(shop, id));
  expect(linesOf(app)).toEqual([
    expect.stringMatching(/^\[shop\/one\] PeerAuthentication 'shop\/one' \(shop\/one\): .*\[ADMIT204\]$/),
    expect.stringMatching(/^\[shop\/two\] PeerAuthentication 'shop\/two' \(shop\/two\): .*\[ADMIT204\]$/),
  ]);
});

test('an error about no construct is printed with the path of its mesh', () => {
  const { app, shop } = appWithMesh();
  undecided(shop);
  expect(linesOf(app)).toEqual([expect.stringMatching(/^\[platform\/mesh\] MtlsAnalysis: /)]);
});

test('without a mesh, only the app can report it, whose path is empty', () => {
  const app = new App();
  MtlsAnalysis.attach(app, { failOn: [FailOn.UNDECIDED] });
  undecided(new Chart(app, 'shop', { namespace: 'shop' }));
  expect(linesOf(app)).toEqual([expect.stringMatching(/^\[\] MtlsAnalysis: /)]);
});

test('each synth prints its own errors', () => {
  const { app, shop } = appWithMesh();
  const object = mistaken(shop, 'one');
  expect(linesOf(app)).toHaveLength(1);
  expect(linesOf(app)).toHaveLength(1);
  shop.node.tryRemoveChild(object.node.id);
  expect(linesOf(app)).toEqual([]);
});

test('the app returns all errors to who validates it alone, and its constructs return none of them again', () => {
  const { app, shop } = appWithMesh();
  mistaken(shop, 'one');
  linesOf(app);
  expect(app.node.validate()).toEqual([expect.stringContaining('ADMIT204')]);
  expect(app.node.findAll().slice(1).flatMap(({ node }) => node.validate())).toEqual([]);
});

test('the app returns all errors to a synth of the user\'s own that validates it', () => {
  const { app, shop } = appWithMesh();
  mistaken(shop, 'one');
  const validate = (): readonly string[] => app.node.validate();
  class Builder {
    public synth(): readonly string[] {
      return validate();
    }
  }
  expect(new Builder().synth()).toEqual([expect.stringContaining('ADMIT204')]);
});

test('an error is printed with the path of a construct whose id has brackets', () => {
  const { app, shop } = appWithMesh();
  ['api[blue]', 'api (green)', 'api): red'].forEach((id, at) => new ApiObject(shop, id, {
    apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: `api-${at}` }, spec: { mtls: { mode: 'OFF' } },
  } as never));
  expect(linesOf(app).map((line) => line.split(' PeerAuthentication ')[0])).toEqual(['[shop/api[blue]]', '[shop/api (green)]', '[shop/api): red]']);
});
