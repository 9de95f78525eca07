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

  test.each([[Duration.minutes(30), '30m'], [Duration.millis(0), '0h']])('is read again after %s', (refreshInterval, text) => {
    expect(emit({ store: ExternalSecretStore.secretStore('vault'), key: 'istio', refreshInterval }).spec.refreshInterval).toBe(text);
  });

  test('snapshot', () => {
    expect(emit({ store: ExternalSecretStore.secretStore('vault'), key: 'istio/cacerts', refreshInterval: Duration.days(1) })).toMatchSnapshot();
  });

  test.each<[string, any, string]>([
    ['none', {}, 'store is missing; expected a value created by ExternalSecretStore, because other values are not validated. Fix: use ExternalSecretStore. [MTLS019]'],
    ['a name', { store: 'vault' }, 'store is a value of type string that ExternalSecretStore didn\'t create; expected a value created by ExternalSecretStore'],
  ])('needs a store, not %s', (_, props, message) => {
    expect(() => emit({ key: 'istio', ...props })).toThrow(`ExternalSecret 'istio-system/cacerts' (test/ca): ${message}`);
  });

  test.each([
    [{ store: ExternalSecretStore.secretStore(''), key: 'istio' }, /store is empty; expected the name of a Kubernetes object.*\[MTLS063\]/],
    [{ store: ExternalSecretStore.secretStore('Vault'), key: 'istio' }, /store is a string of 5 characters that isn't a name; expected the name of a Kubernetes object.*\[MTLS063\]/],
    [{ store: ExternalSecretStore.secretStore('vault'), key: '' }, /key is empty; expected one line of at most 2048 characters.*\[MTLS068\]/],
    [{ store: ExternalSecretStore.secretStore('vault'), key: 'a\nb' }, /key is a text of 3 characters, not shown; expected one line.*\[MTLS068\]/],
  ])('refuses %j', (props, message) => {
    expect(() => emit(props)).toThrow(message);
  });
});
