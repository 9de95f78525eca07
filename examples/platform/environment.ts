import { join } from 'node:path';
import { MeshExpectations } from 'cdk8s-istio-mtls';
import { Construct } from 'constructs';
import { Payments } from './payments';
import { Platform } from './platform';
import { Shop } from './shop';

/** In what environments differ. */
export interface EnvironmentProps {
  readonly trustDomain: string;
  /** The host that users call. */
  readonly host: string;
  /** Whether every workload has a sidecar, so that every namespace is STRICT. */
  readonly isMigrated: boolean;
  /** What is to stay so in this environment alone, besides mesh-tests.yaml. */
  readonly tests: string;
}

export const DEV: EnvironmentProps = { trustDomain: 'dev.shop.example', host: 'dev.shop.example', isMigrated: true, tests: 'dev-tests.yaml' };
export const PROD: EnvironmentProps = { trustDomain: 'shop.example', host: 'shop.example', isMigrated: false, tests: 'prod-tests.yaml' };

/** A cluster with its own mesh: what is said of the mesh in one environment holds for no other one. */
export class Environment extends Construct {
  public readonly payments: Payments;
  public readonly shop: Shop;

  public constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id);
    new Platform(this, 'platform', props); // first: all that is made after it in the environment goes by what it says of the mesh
    this.payments = new Payments(this, 'payments');
    this.shop = new Shop(this, 'shop', { isMigrated: props.isMigrated, host: props.host, charge: this.payments.charge });
    const expectations = MeshExpectations.attach(this);
    for (const file of ['mesh-tests.yaml', props.tests]) expectations.addFile(join(__dirname, file));
  }
}
