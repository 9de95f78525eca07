import { CaRotation, RotationStage, stagesOf } from './ca-rotation';
import { CA_SECRET_NAME, FOUR_KEY_FORM, ISTIO_GENERATED } from './ca-secret';

/** What a plan goes by. */
export interface RotationFacts extends CaRotation {
  /** istiod's. */
  readonly namespace: string;
  /** Every istiod has `ISTIO_MULTIROOT_MESH=true`. */
  readonly isMultiRootMesh: boolean;
  /** How long a workload's certificate lasts, in hours. */
  readonly certificateHours: number;
  /** SHA-256 of the certificates that tell how far proxies are, in hexadecimal; undefined: they aren't known. */
  readonly fingerprints: { readonly newRoot?: string; readonly oldRoot?: string; readonly newSigner?: string };
}

/**
 * `set`: something about istiod; `apply`: a manifest; `restart`: what doesn't look by itself; `wait`: for time to pass; `see`: that it
 * is safe to go on; `back`: to the stage before.
 */
export type RotationAction = 'set' | 'apply' | 'restart' | 'wait' | 'see' | 'back';

/** One thing to do in a stage. */
export interface RotationStep {
  readonly action: RotationAction;
  readonly text: string;
  /** Commands to type. */
  readonly commands?: readonly string[];
  /** The commands print nothing where it is safe to go on, and what is in the way else. */
  readonly printsNothing?: boolean;
  /** What a Secret holds by its keys; never a value. */
  readonly keys?: readonly (readonly [key: string, content: string])[];
}

/** A stage with all that belongs to it, in order. */
export interface StagePlan {
  readonly stage: RotationStage;
  readonly title: string;
  readonly steps: readonly RotationStep[];
}

/** All stages from one CA to another. */
export function rotationPlan(facts: RotationFacts): readonly StagePlan[] {
  return stagesOf(facts).map((stage) => ({ stage, title: titleOf(stage, facts), steps: stepsOf(stage, facts) }));
}

function titleOf(stage: RotationStage, { isSameRoot }: RotationFacts): string {
  switch (stage) {
    case 'trust-both': return isSameRoot ? 'istiod signs with the old CA; its root is that of the new one' : 'proxies learn to trust both roots, and istiod still signs with the old CA';
    case 'sign-with-new': return isSameRoot ? 'istiod signs with the new CA, below the same root' : 'istiod signs with the new CA, and proxies trust both roots';
    case 'trust-new': return 'proxies trust the new root only';
  }
}

function stepsOf(stage: RotationStage, facts: RotationFacts): readonly RotationStep[] {
  return [...before(stage, facts), apply(stage, facts), ...takenBy(stage, facts), ...waitFor(stage, facts), ...see(stage, facts), back(stage, facts)];
}

// ------------------------------------------------------------------------------------------------ what istiod reads

/** Variables of istiod that a stage needs before its Secret is applied. */
function before(stage: RotationStage, { start, namespace }: RotationFacts): readonly RotationStep[] {
  if (start !== 'self-signed' || stage !== 'trust-both') return [];
  return [
    {
      action: 'see',
      text: `Secret istio-ca-secret is there, and no Secret ${CA_SECRET_NAME}: it would be overwritten, and with it a CA that istiod keeps there`,
      commands: [`kubectl get secret istio-ca-secret ${CA_SECRET_NAME} -n ${namespace} --ignore-not-found`],
    },
    {
      action: 'set',
      text: 'USE_CACERTS_FOR_SELF_SIGNED_CA=true in the environment of every istiod, of every revision, and let it roll out. By itself it changes nothing as long as istio-ca-secret is there; without it an istiod that meets the Secret below does not start',
    },
  ];
}

function apply(stage: RotationStage, { start, isSameRoot, namespace }: RotationFacts): RotationStep {
  const of = stage === 'trust-both' ? 'old' : 'new';
  const root = isSameRoot ? 'the root, byte for byte as before' : stage === 'trust-new' ? 'the new root' : 'the old root, then the new one';
  const [cert, key, roots, chain] = FOUR_KEY_FORM;
  const keys: readonly (readonly [string, string])[] = start === 'self-signed' && stage === 'trust-both'
    ? [[cert, 'empty'], [key, 'empty'], [chain, 'empty'], [roots, root], [ISTIO_GENERATED, 'empty: istiod goes on signing with istio-ca-secret, and adds these roots to its own']]
    : [[cert, `the ${of} CA's certificate`], [key, 'its private key'], [chain, 'the same certificate, and what leads to its root'], [roots, root]];
  const secret = `Secret ${namespace}/${CA_SECRET_NAME}`;
  const others = 'in every cluster that shares the root';
  return { action: 'apply', text: stage === 'trust-both' && isSameRoot ? `${secret} as it is` : `${secret}, ${others}${start === 'self-signed' && stage === 'sign-with-new' ? `; it has no key ${ISTIO_GENERATED} any more` : ''}`, keys };
}

/** How istiod comes to know of a new Secret. */
function takenBy(stage: RotationStage, { start, isSameRoot, isMultiRootMesh, namespace }: RotationFacts): readonly RotationStep[] {
  const restart = [`kubectl rollout restart deployment -l app=istiod -n ${namespace}`, `kubectl rollout status deployment -l app=istiod -n ${namespace}`];
  if (stage === 'trust-both' && isSameRoot) return [];
  if (start === 'self-signed' && stage === 'trust-both') {
    return [{ action: 'restart', text: 'every istiod: it looks for the Secret when it starts, and doesn\'t watch it while it signs by itself', commands: restart }];
  }
  if (start === 'self-signed' && stage === 'sign-with-new') {
    return [{ action: 'set', text: 'USE_CACERTS_FOR_SELF_SIGNED_CA is taken away from every istiod, which restarts it: from then on it signs with the Secret' }];
  }
  if (stage === 'sign-with-new') {
    return [{
      action: 'wait',
      text: 'a few minutes: the roots are the same text as before, so istiod takes the new certificate and key while it runs, and logs "Istiod has detected the newly added intermediate CA". Where it doesn\'t, restart it',
      commands: [`kubectl logs -l app=istiod -n ${namespace} --tail=-1 | grep -E 'newly added intermediate CA|ROOT-CA not supported'`],
    }];
  }
  return [isMultiRootMesh
    ? {
      action: 'wait',
      text: 'a few minutes: with ISTIO_MULTIROOT_MESH istiod takes a bundle that holds the former one, or is held by it, while it runs, and logs "Updating new ROOT-CA". It goes on verifying client certificates at its own port 15012 by the roots that it started with: restart it where machines outside the cluster connect with certificates',
      commands: [`kubectl logs -l app=istiod -n ${namespace} --tail=-1 | grep 'ROOT-CA'`],
    }
    : { action: 'restart', text: 'every istiod, of every revision: without ISTIO_MULTIROOT_MESH it takes no other roots while it runs ("Multi root is disabled, updating new ROOT-CA not supported"), and keeps the old key, too', commands: restart }];
}

// --------------------------------------------------------------------------------------------------- what proxies have

/** By which share of its lifetime every proxy has renewed its certificate: SECRET_GRACE_PERIOD_RATIO and its jitter. */
const RENEWED_BY = 0.51;

function waitFor(stage: RotationStage, { isSameRoot, isMultiRootMesh, certificateHours }: RotationFacts): readonly RotationStep[] {
  if (stage === 'trust-both' && isSameRoot) return [];
  const hours = Math.ceil(certificateHours * RENEWED_BY * 10) / 10;
  const what = stage === 'sign-with-new' ? 'every proxy, gateways too, has a certificate of the new CA' : stage === 'trust-new' ? 'no proxy, gateways too, trusts the old root' : 'every proxy, gateways too, trusts both roots';
  const pushed = isMultiRootMesh && stage !== 'sign-with-new' ? ' Those with PROXY_CONFIG_XDS_AGENT=true in their proxyMetadata get the roots at once.' : '';
  return [{
    action: 'wait',
    text: `until ${what}. Proxies get certificate and roots together when they renew, after half of a lifetime of ${certificateHours} h: all have by ${hours} h, or as soon as their pods restart.${pushed}`,
  }];
}

/** A proxy that lost istiod isn't asked. */
const COUNT = 'This covers the proxies in istioctl proxy-status: their number must match the pods with a proxy.';

/** Names of all proxies that istiod knows, one a line. */
const EACH_PROXY = 'istioctl proxy-status | awk \'NR > 1 { print $1 }\' | while read -r proxy; do';

function scan(query: string, complaint: string): readonly string[] {
  return [EACH_PROXY, `  istioctl proxy-config secret "$proxy" -o json < /dev/null | istio-mtls ca inspect - -o json | jq -e '${query}' > /dev/null || echo "$proxy ${complaint}"`, 'done'];
}

function trusts(fingerprint: string): string {
  return `[.inspected[].texts[] | select(.name | startswith("ROOTCA")) | .certificates[].sha256] | index("${fingerprint}")`;
}

function isSignedBy(fingerprint: string): string {
  return `[.inspected[].texts[] | select(.name == "default") | .certificates[1:][].sha256] | index("${fingerprint}")`;
}

/** What prints the proxies that keep a mesh from going back beyond the stage that trusts both roots: those with certificates of the new CA. */
export function signedByNew({ fingerprints }: RotationFacts): readonly string[] {
  return scan(`(${isSignedBy(shownFingerprints(fingerprints).newSigner)}) == null`, 'has a certificate of the new CA');
}

/** What stands in commands for a certificate that isn't known. */
export const UNKNOWN = { newRoot: 'NEW_ROOT_SHA256', oldRoot: 'OLD_ROOT_SHA256', newSigner: 'NEW_CA_SHA256' };

function shownFingerprints({ newRoot = UNKNOWN.newRoot, oldRoot = UNKNOWN.oldRoot, newSigner = UNKNOWN.newSigner }: RotationFacts['fingerprints']): typeof UNKNOWN {
  return { newRoot, oldRoot, newSigner };
}

function see(stage: RotationStage, { isSameRoot, namespace, fingerprints }: RotationFacts): readonly RotationStep[] {
  const { newRoot, oldRoot, newSigner } = shownFingerprints(fingerprints);
  if (stage === 'trust-both' && isSameRoot) return [];
  if (stage === 'sign-with-new') {
    return [{
      action: 'see',
      printsNothing: true,
      text: `that this prints nothing: each proxy sends the new CA after its own certificate. ${COUNT}`,
      commands: scan(isSignedBy(newSigner), 'has a certificate of the old CA'),
    }];
  }
  const isBoth = stage === 'trust-both';
  return [
    {
      action: 'see',
      printsNothing: true,
      text: isBoth ? 'both roots in the ConfigMap of every namespace, by which proxies trust istiod itself: this prints nothing' : 'the new root alone in the ConfigMap of every namespace: this prints nothing',
      commands: [
        'kubectl get configmap -A --field-selector metadata.name=istio-ca-root-cert -o yaml | istio-mtls ca inspect - -o json |',
        isBoth ? `  jq -r '.inspected[] | select([.texts[].certificates[].sha256] | index("${newRoot}") | not) | .name'` : `  jq -r '.inspected[] | select([.texts[].certificates[].sha256] | index("${oldRoot}")) | .name'`,
      ],
    },
    {
      action: 'see',
      printsNothing: true,
      text: `that this prints nothing. ${COUNT} istioctl proxy-config rootca-compare doesn't tell it: one common root is enough for it to call two proxies identical`,
      commands: isBoth ? scan(trusts(newRoot), 'doesn\'t trust the new root') : scan(`(${trusts(oldRoot)}) == null`, 'trusts the old root'),
    },
    ...isBoth ? [] : [{
      action: 'see' as const,
      text: 'the end of the new root in citadel_server_root_cert_expiry_timestamp, which tells the first root of the bundle: the old one until now',
      commands: [`kubectl get --raw /api/v1/namespaces/${namespace}/services/istiod:15014/proxy/metrics | grep citadel_server_root_cert_expiry_timestamp`],
    }],
  ];
}

// -------------------------------------------------------------------------------------------------------- the way back

function back(stage: RotationStage, { start, isSameRoot }: RotationFacts): RotationStep {
  if (isSameRoot) {
    return { action: 'back', text: stage === 'trust-both' ? 'nothing has changed yet' : 'apply the Secret of the old CA again: proxies trust both, since their root is one' };
  }
  switch (stage) {
    case 'trust-both': return {
      action: 'back',
      text: start === 'self-signed' ? `delete Secret ${CA_SECRET_NAME}, restart istiod, and then take the variable away: proxies that trust one root too many reject nobody`
        : 'apply the former Secret and restart istiod: proxies that trust one root too many reject nobody',
    };
    case 'sign-with-new': return {
      action: 'back',
      text: start === 'self-signed' ? 'set the variable again, then apply the Secret of stage trust-both and restart istiod; istio-ca-secret must still be there'
        : 'apply the Secret of stage trust-both: every proxy trusts both roots',
    };
    case 'trust-new': return {
      action: 'back', text: `apply the Secret of stage sign-with-new and wait until every proxy trusts both roots again, before you go further back${start === 'self-signed' ? '. When you won\'t, delete istio-ca-secret, which holds the old private key' : ''}`,
    };
  }
}

