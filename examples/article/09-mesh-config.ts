import { App, Chart } from 'cdk8s';
import { MeshConfig } from 'cdk8s-istio-mtls';

/** Access logs on standard output. The variable is the article's: nothing in Istio reads it. */
export function meshConfig(app: App): void {
  const chart = new Chart(app, 'mesh-config');
  new MeshConfig(chart, 'config', {
    accessLogFile: '/dev/stdout',
    defaultConfig: { proxyMetadata: { ISTIO_META_CERT_SDS_CACHE_SIZE: '1024' } },
  });
}
