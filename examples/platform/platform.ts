import { join } from 'node:path';
import { ApiObject, Chart, Duration, Include } from 'cdk8s';
import { CaSource, CertManagerIssuer, IstioMesh, networking } from 'cdk8s-istio-mtls';
import * as kplus from 'cdk8s-plus-33';
import { Construct } from 'constructs';

export interface PlatformProps {
  readonly trustDomain: string;
  readonly host: string;
  readonly isMigrated: boolean;
}

/** The platform team's: the mesh and its CA, what Prometheus watches, the namespaces, and the way in. */
export class Platform extends Chart {
  public constructor(scope: Construct, id: string, { trustDomain, host, isMigrated }: PlatformProps) {
    super(scope, id, { namespace: 'istio-system' });
    const mesh = new IstioMesh(this, 'mesh', { revision: '1-31', trustDomain }); // owns the environment, which contains this chart
    mesh.strict();
    mesh.config({ accessLogFile: '/dev/stdout' }); // istiod is installed by Helm with configMap: false
    mesh.monitoring({ labels: { release: 'kube-prometheus-stack' }, plaintext: isMigrated ? {} : { exceptNamespaces: ['shop'] } });

    // cert-manager makes the private key of the mesh's CA in the cluster, so that no file holds it.
    const root = new ApiObject(this, 'company-root', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name: 'company-root' },
      spec: {
        vault: {
          server: 'https://vault.shop.example',
          path: 'pki/root/sign-intermediate',
          auth: { kubernetes: { role: 'istio-ca', mountPath: '/v1/auth/kubernetes', serviceAccountRef: { name: 'cert-manager' } } },
        },
      },
    });
    mesh.customCa(CaSource.certManager({
      issuer: CertManagerIssuer.clusterIssuer(root.name),
      duration: Duration.days(90),
      renewBefore: Duration.days(30),
    }));

    for (const name of ['ingress', 'shop', 'payments']) {
      new kplus.Namespace(this, name, { metadata: { name, labels: mesh.injectionLabels } });
    }
    new Include(this, 'gateway', { url: join(__dirname, 'charts/gateway.yaml') });
    new networking.Gateway(this, 'public', {
      metadata: { name: 'public', namespace: 'ingress' },
      spec: {
        selector: { istio: 'gateway' },
        servers: [{
          hosts: [`shop/${host}`],
          port: { name: 'https', number: 443, protocol: 'HTTPS' },
          tls: { mode: networking.GatewaySpecServersTlsMode.SIMPLE, credentialName: 'shop-example' },
        }],
      },
    });
  }
}
