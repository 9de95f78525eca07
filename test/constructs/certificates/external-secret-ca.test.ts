import { Duration } from 'cdk8s';
import { CaSource, CustomCa, ExternalSecretCaProps } from '../../../src/index';
import { chartIn, synth } from '../../support/charts';

function emit(props: ExternalSecretCaProps): any {
  const chart = chartIn();
  new CustomCa(chart, 'ca', { source: CaSource.externalSecret(props) });
  const [externalSecret, ...others] = synth(chart);
  expect(others).toEqual([]);
  return externalSecret;
}

describe('a CA of the External Secrets Operator', () => {
  test('is one ExternalSecret that reads all keys at once and keeps the Secret whatever happens', () => {
    expect(emit({ clusterSecretStore: 'vault', key: 'istio/cacerts' })).toEqual({
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
    expect(emit({ secretStore: 'vault', key: 'istio' }).spec.secretStoreRef).toEqual({ kind: 'SecretStore', name: 'vault' });
  });

  test.each([[Duration.minutes(30), '30m'], [Duration.millis(0), '0h']])('is read again after %s', (refreshInterval, text) => {
    expect(emit({ secretStore: 'vault', key: 'istio', refreshInterval }).spec.refreshInterval).toBe(text);
  });

  test('snapshot', () => {
    expect(emit({ secretStore: 'vault', key: 'istio/cacerts', refreshInterval: Duration.days(1) })).toMatchSnapshot();
  });

  test.each([
    [{}, 'not given'],
    [{ secretStore: 'a', clusterSecretStore: 'b' }, 'given both'],
  ])('needs one store, not %j', (props, actual) => {
    expect(() => emit({ key: 'istio', ...props })).toThrow(
      `ExternalSecret 'istio-system/cacerts' (test/ca): 'secretStore' and 'clusterSecretStore' is ${actual}; expected exactly one of the two. Fix: pass 'secretStore' or 'clusterSecretStore'. [MTLS067]`,
    );
  });

  test.each([
    [{ secretStore: '', key: 'istio' }, /secretStore is empty; expected the name of a Kubernetes object.*\[MTLS063\]/],
    [{ secretStore: 'Vault', key: 'istio' }, /secretStore is a text of 5 characters that is no name; expected the name of a Kubernetes object.*\[MTLS063\]/],
    [{ secretStore: 'vault', key: '' }, /key is empty; expected one line of at most 2048 characters.*\[MTLS068\]/],
    [{ secretStore: 'vault', key: 'a\nb' }, /key is a text of 3 characters, not shown; expected one line.*\[MTLS068\]/],
  ])('refuses %j', (props, message) => {
    expect(() => emit(props)).toThrow(message);
  });
});
