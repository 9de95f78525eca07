import { Chart } from 'cdk8s';
import {
  Calls, ClientCredential, ClientTls, DefaultDeny, ExternalProtocol, ExternalService, OutboundTrafficPolicyMode, SidecarScope,
} from 'cdk8s-istio-mtls';
import * as kplus from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { Microservice } from './microservice';

/** The payments team's: STRICT, and closed to all but declared calls. */
export class Payments extends Chart {
  public readonly charge: Microservice;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'payments' });
    const ledger = new kplus.StatefulSet(this, 'ledger', {
      metadata: { name: 'ledger' },
      podMetadata: { labels: { app: 'ledger' } },
      serviceAccount: new kplus.ServiceAccount(this, 'ledger-account', { metadata: { name: 'ledger' } }),
      service: new kplus.Service(this, 'ledger-service', { metadata: { name: 'ledger' }, ports: [{ name: 'tcp-postgres', port: 5432 }] }),
      containers: [{ name: 'postgres', image: 'registry.shop.example/ledger:1.0.0', ports: [{ name: 'tcp-postgres', number: 5432 }] }],
    });
    const fraud = new Microservice(this, 'fraud');
    this.charge = new Microservice(this, 'charge', { calls: [fraud] });

    new DefaultDeny(this, 'default-deny', { iUnderstandThatCallersWithoutAPolicyAreLockedOut: true });
    Calls.of(ledger);

    // The application calls http://api.bank.example, and its sidecar makes mutual TLS of that. To be handed the client certificate, the
    // service account of charge may list the Secrets of this namespace: keep no others here that it mustn't read.
    const bank = new ExternalService(this, 'bank', {
      hosts: ['api.bank.example'],
      ports: [{ port: 80, protocol: ExternalProtocol.HTTP, tls: ClientTls.mutualByCredential(ClientCredential.secret('bank-client')) }],
      client: this.charge.workload,
    });
    this.charge.calls.to(ledger.service).to(bank, { port: 80 });
    new SidecarScope(this, 'charge-scope', {
      workload: this.charge.workload,
      calls: [fraud.service, ledger.service, bank],
      outboundTrafficPolicy: OutboundTrafficPolicyMode.REGISTRY_ONLY,
    });
  }
}
