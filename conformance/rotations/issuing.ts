// What workloads get of a real istiod in each stage from one CA to another.
import { X509Certificate } from 'node:crypto';
import { RotatingCas, type Start, type StateName } from './rotating-cas';
import { newKey } from '../../test/support/certificates/x509';
import { made, workloadToken } from '../cas/cas';
import { PluggedIstiod, TAKEN } from '../cas/plugged-istiod';
import type { Issued } from '../data-plane/runner';
import { startControlPlane, type ControlPlane } from '../node/control-plane';
import { KubeClient } from '../node/kube-client';
import { AS_ENVOY, type Openssl } from '../node/openssl';

/** A state of a mesh's CA: a stage, or what is before the first. */
export interface CaState {
  readonly name: StateName;
  /** Who signs, as Envoy writes it. */
  readonly signer: string;
  /** What each workload gets, by its name. */
  readonly issued: Readonly<Record<string, Issued>>;
}

/** The states of a rotation, in order. */
export interface IssuedRotation {
  readonly start: Start;
  readonly states: readonly CaState[];
  /** Whether, by openssl, who trusts the roots of one state accepts the certificates of another: `accepts[roots][certificates]`. */
  readonly accepts: readonly (readonly boolean[])[];
}

/** istiod takes another Secret while it runs, and starts anew where its environment is another. */
const [NOTHING, SELF_SIGNED, MULTI_ROOT] = [{}, { USE_CACERTS_FOR_SELF_SIGNED_CA: 'true' }, { ISTIO_MULTIROOT_MESH: 'true' }];

function environmentOf(start: Start, state: StateName): NodeJS.ProcessEnv {
  if (start === 'the same root' || (start === 'self-signed' && state === 'before')) return NOTHING;
  return start === 'self-signed' && state === 'trust-both' ? SELF_SIGNED : MULTI_ROOT;
}

/** Real istiods beside one API server, which sign for workloads of one namespace. */
export class Issuer {
  static async start(openssl: Openssl, namespace: string, workloads: readonly string[]): Promise<Issuer> {
    const controlPlane = await startControlPlane();
    const issuer = new Issuer(controlPlane, new KubeClient(controlPlane.connection), openssl, namespace, workloads);
    await made(issuer.client, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
    return issuer;
  }

  private started = 0;

  private constructor(
    private readonly controlPlane: ControlPlane, private readonly client: KubeClient, private readonly openssl: Openssl,
    private readonly namespace: string, private readonly workloads: readonly string[],
  ) {}

  /** @param cas those of one issuer are the same, since its cluster has one Secret `istio-ca-secret` */
  async issued(cas: RotatingCas, start: Start): Promise<IssuedRotation> {
    const stringData = { 'ca-cert.pem': cas.own.pem, 'ca-key.pem': cas.own.keyPem };
    await made(this.client, '/api/v1/namespaces/istio-system/secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'istio-ca-secret' }, stringData });
    const states: CaState[] = [];
    let running: { readonly istiod: PluggedIstiod; readonly environment: NodeJS.ProcessEnv } | undefined;
    for (const name of cas.statesOf(start)) {
      const [files, environment] = [cas.filesOf(start, name), environmentOf(start, name)];
      if (running?.environment === environment) {
        const said = await running.istiod.replace(files);
        if (!said.includes(TAKEN)) throw new Error(`istiod takes no ${name} from ${start}: ${said.join(', ')}`);
      } else {
        this.started += 1;
        running = { environment, istiod: await PluggedIstiod.start(this.controlPlane, `istiod-${this.started}`, files, environment) };
      }
      states.push(await this.stateOf(name, running.istiod, cas.roots));
    }
    return { start, states, accepts: states.map((trusting) => states.map((shown) => this.accepts(trusting, shown))) };
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.controlPlane.processes.stop();
  }

  private async stateOf(name: StateName, istiod: PluggedIstiod, trusted: readonly string[]): Promise<CaState> {
    const issued: Record<string, Issued> = {};
    for (const workload of this.workloads) {
      const key = newKey().export({ type: 'pkcs8', format: 'pem' }) as string;
      const token = await workloadToken(this.client, this.namespace, workload);
      const { certificate, chain, roots } = await istiod.sign(this.openssl.requestOf(key), token, trusted);
      // The agent hands out all that istiod answers, the roots too, as what to send.
      issued[workload] = { chain: [certificate, chain, roots].map((text) => text.trimEnd()).filter((text) => text !== '').join('\n'), key, roots };
    }
    return { name, issued, signer: new X509Certificate(issued[this.workloads[0]].chain).issuer };
  }

  private accepts(trusting: CaState, shown: CaState): boolean {
    const [{ roots }] = Object.values(trusting.issued);
    const [{ chain: sent }] = Object.values(shown.issued);
    const [certificate, ...chain] = sent.split(/(?=-----BEGIN)/);
    return this.openssl.rejection({ certificate, chain: chain.join(''), roots }, AS_ENVOY) === undefined;
  }
}
