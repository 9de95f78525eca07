import { Duration } from 'cdk8s';
import { CaSource, CustomCa, ExternalSecretCaProps, ExternalSecretStore } from '../../../src/index';
import { chartIn, synth } from '../../support/constructs/charts';

function emit(props: ExternalSecretCaProps): any {
  const chart = chartIn();
  new CustomCa(chart, 'ca', { source: CaSource.externalSecret(props) });
  const [externalSecret, ...others] = synth(chart);
  expect(others).toEqual([]);
  return externalSecret;
}

describe('a CA of the External Secrets Operator', () => {
  test('is one ExternalSecret that reads all keys at once and keeps the Secret whatever happens', () => {
    expect(emit({ store: ExternalSecretStore.clusterSecretStore('vault'), key: 'istio/cacerts' })).toEqual({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'cacerts', namespace: 'istio-system' },
      spec: {
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
        target: { name: 'cacerts', creationPolicy: 'Orphan', deletionPolicy: 'Retain' },
        dataFrom: [{ extract: { key: 'istio/cacerts' } }],
      },
    });
  });

  test('may come from a SecretStore of its namespace', () => {
    expect(emit({ store: ExternalSecretStore.secretStore('vault'), key: 'istio' }).spec.secretStoreRef).toEqual({ kind: 'SecretStore', name: 'vault' });
  });

  test.each([
    ['every 30 minutes', Duration.minutes(30), '30m'], ['only once with an interval of 0', Duration.millis(0), '0h'],
  ])('is read %s', (_, refreshInterval, text) => {
    expect(emit({ store: ExternalSecretStore.secretStore('vault'), key: 'istio', refreshInterval }).spec.refreshInterval).toBe(text);
  });

  test('snapshot', () => {
    expect(emit({ store: ExternalSecretStore.secretStore('vault'), key: 'istio/cacerts', refreshInterval: Duration.days(1) })).toMatchSnapshot();
  });

  test.each<[string, any, string]>([
    ['a missing store', {}, 'store is missing; expected a value created by ExternalSecretStore, because other values are not validated. Fix: use ExternalSecretStore. [API019]'],
    ['a string in place of a store', { store: 'vault' }, 'store is a value of type string that ExternalSecretStore didn\'t create; expected a value created by ExternalSecretStore'],
  ])('refuses %s', (_, props, message) => {
    expect(() => emit({ key: 'istio', ...props })).toThrow(`ExternalSecret 'istio-system/cacerts' (test/ca): ${message}`);
  });

  test.each([
    ['a store without a name', { store: ExternalSecretStore.secretStore(''), key: 'istio' }, /store is empty; expected the name of a Kubernetes object.*\[API063\]/],
    ['a store with an invalid name', { store: ExternalSecretStore.secretStore('Vault'), key: 'istio' }, /store is a string of 5 characters that isn't a name; expected the name of a Kubernetes object.*\[API063\]/],
    ['an empty key', { store: ExternalSecretStore.secretStore('vault'), key: '' }, /key is empty; expected one line of at most 2048 characters.*\[API068\]/],
    ['a key of two lines', { store: ExternalSecretStore.secretStore('vault'), key: 'a\nb' }, /key is a text of 3 characters, not shown; expected one line.*\[API068\]/],
  ])('refuses %s', (_, props, message) => {
    expect(() => emit(props)).toThrow(message);
  });
});
