import { Chart } from 'cdk8s';
import {
  Acknowledgement, AllowedCallers, Caller, ClientCredential, ClientTls, DefaultDeny, ExternalProtocol, ExternalService, MtlsRule,
  OutboundTrafficPolicyMode, SidecarScope,
} from 'cdk8s-istio-mtls';
import * as kplus from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { Microservice, PORT } from './microservice';

/** The payments team's: STRICT, and closed to whoever isn't named. */
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
    new AllowedCallers(this, 'charge-callers', {
      workload: this.charge.workload,
      callers: [Caller.serviceAccount('shop', 'orders')],
      ports: [PORT],
      methods: ['POST'],
      paths: ['/charges'],
    });
    const charge = Caller.workload(this.charge.workload);
    new AllowedCallers(this, 'fraud-callers', { workload: fraud.workload, callers: [charge], ports: [PORT] });
    new AllowedCallers(this, 'ledger-callers', { workload: ledger, callers: [charge], ports: [5432] });

    // The application calls http://api.bank.example, and its sidecar makes mutual TLS of that. To be handed the client certificate, the
    // service account of charge may list the Secrets of this namespace: keep no others here that it mustn't read.
    const bank = new ExternalService(this, 'bank', {
      hosts: ['api.bank.example'],
      ports: [{ port: 80, protocol: ExternalProtocol.HTTP, tls: ClientTls.mutualByCredential(ClientCredential.secret('bank-client')) }],
      client: this.charge.workload,
    });
    const scopeOfCharge = new SidecarScope(this, 'charge-scope', {
      workload: this.charge.workload,
      calls: [fraud.service, ledger.service, bank],
      outboundTrafficPolicy: OutboundTrafficPolicyMode.REGISTRY_ONLY,
    });
    new Acknowledgement(scopeOfCharge, 'closed', { code: MtlsRule.MTLS106, reason: 'it calls nothing else', owner: 'payments' });
  }
}
