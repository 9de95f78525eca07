import { CaTransition, RotationStage, stagesOf } from './ca-rotation';
import { CA_SECRET_NAME, FOUR_KEY_FORM, ISTIO_GENERATED } from './ca-secret';

/** The facts that determine a plan. */
export interface RotationFacts extends CaTransition {
  /** istiod's namespace. */
  readonly namespace: string;
  /** Whether every istiod has `ISTIO_MULTIROOT_MESH=true`. */
  readonly isMultiRootMesh: boolean;
  /** The lifetime of a workload's certificate, in hours. */
  readonly certificateHours: number;
  /** SHA-256 of the certificates that show how far proxies are, in hexadecimal; undefined if they aren't known. */
  readonly fingerprints: { readonly newRoot?: string; readonly oldRoot?: string; readonly newSigner?: string };
}

/**
 * `set`: a variable of istiod; `apply`: a manifest; `restart`: istiod; `wait`: until something happens by itself; `see`: whether it is
 * safe to continue; `back`: how to return to the previous stage.
 */
type RotationAction = 'set' | 'apply' | 'restart' | 'wait' | 'see' | 'back';

/** One action of a stage. */
export interface RotationStep {
  readonly action: RotationAction;
  readonly text: string;
  /** Commands to run. */
  readonly commands?: readonly string[];
  /** The commands print nothing if it is safe to continue, otherwise what prevents it. */
  readonly printsNothing?: boolean;
  /** What each key of a Secret holds, in words; never a value. */
  readonly keys?: readonly (readonly [key: string, content: string])[];
}

/** A stage with its actions, in order. */
export interface StagePlan {
  readonly stage: RotationStage;
  readonly title: string;
  readonly steps: readonly RotationStep[];
}

/** The plan for all stages from one CA to another. */
export function rotationPlan(facts: RotationFacts): readonly StagePlan[] {
  return stagesOf(facts).map((stage) => ({ stage, title: titleOf(stage, facts), steps: stepsOf(stage, facts) }));
}

function titleOf(stage: RotationStage, { isSameRoot }: RotationFacts): string {
  switch (stage) {
    case 'trust-both': return isSameRoot
      ? 'istiod signs with the old CA, which has the same root as the new one'
      : 'proxies learn to trust both roots; istiod still signs with the old CA';
    case 'sign-with-new': return isSameRoot
      ? 'istiod signs with the new CA, which has the same root'
      : 'istiod signs with the new CA; proxies trust both roots';
    case 'trust-new': return 'proxies trust only the new root';
  }
}

function stepsOf(stage: RotationStage, facts: RotationFacts): readonly RotationStep[] {
  return [...before(stage, facts), apply(stage, facts), ...takenBy(stage, facts), ...waitFor(stage, facts), ...see(stage, facts),
    back(stage, facts)];
}

// ------------------------------------------------------------------------------------------------ what istiod reads

/** The variables of istiod that a stage requires before its Secret is applied. */
function before(stage: RotationStage, { start, namespace }: RotationFacts): readonly RotationStep[] {
  if (start !== 'self-signed' || stage !== 'trust-both') return [];
  return [
    {
      action: 'see',
      text: `that Secret istio-ca-secret exists, and Secret ${CA_SECRET_NAME} doesn't: it would be overwritten, `
        + 'together with a CA that istiod keeps there',
      commands: [`kubectl get secret istio-ca-secret ${CA_SECRET_NAME} -n ${namespace} --ignore-not-found`],
    },
    {
      action: 'set',
      text: 'USE_CACERTS_FOR_SELF_SIGNED_CA=true in the environment of every istiod, of every revision, and wait for the rollout. The '
        + 'variable alone changes nothing while istio-ca-secret exists; without it, an istiod that finds the Secret below does not start',
    },
  ];
}

function apply(stage: RotationStage, { start, isSameRoot, namespace }: RotationFacts): RotationStep {
  const of = stage === 'trust-both' ? 'old' : 'new';
  const root = isSameRoot ? 'the root, byte for byte as before' : stage === 'trust-new' ? 'the new root' : 'the old root, then the new one';
  const [cert, key, roots, chain] = FOUR_KEY_FORM;
  const keys: readonly (readonly [string, string])[] = start === 'self-signed' && stage === 'trust-both'
    ? [[cert, 'empty'], [key, 'empty'], [chain, 'empty'], [roots, root],
      [ISTIO_GENERATED, 'empty: istiod continues to sign with istio-ca-secret, and adds these roots to its own']]
    : [[cert, `the ${of} CA's certificate`], [key, 'its private key'], [chain, 'the same certificate, then those up to its root'],
      [roots, root]];
  const secret = `Secret ${namespace}/${CA_SECRET_NAME}`;
  const others = 'in every cluster that shares the root';
  const without = start === 'self-signed' && stage === 'sign-with-new' ? `; it no longer has the key ${ISTIO_GENERATED}` : '';
  return {
    action: 'apply',
    text: stage === 'trust-both' && isSameRoot ? `${secret}, unchanged` : `${secret}, ${others}${without}`,
    keys,
  };
}

/** How istiod reads a new Secret. */
function takenBy(stage: RotationStage, { start, isSameRoot, isMultiRootMesh, namespace }: RotationFacts): readonly RotationStep[] {
  const restart = [`kubectl rollout restart deployment -l app=istiod -n ${namespace}`,
    `kubectl rollout status deployment -l app=istiod -n ${namespace}`];
  if (stage === 'trust-both' && isSameRoot) return [];
  if (start === 'self-signed' && stage === 'trust-both') {
    return [{
      action: 'restart',
      text: 'every istiod: it reads the Secret when it starts, and doesn\'t watch it while it signs with its own CA',
      commands: restart,
    }];
  }
  if (start === 'self-signed' && stage === 'sign-with-new') {
    return [{
      action: 'set',
      text: 'USE_CACERTS_FOR_SELF_SIGNED_CA no longer: remove it from every istiod, which restarts it. '
        + 'It then signs with the CA in the Secret',
    }];
  }
  if (stage === 'sign-with-new') {
    return [{
      action: 'wait',
      text: 'a few minutes: the text of the roots hasn\'t changed, so istiod loads the new certificate and key without a restart, '
        + 'and logs "Istiod has detected the newly added intermediate CA". If it doesn\'t, restart it',
      commands: [`kubectl logs -l app=istiod -n ${namespace} --tail=-1 | grep -E 'newly added intermediate CA|ROOT-CA not supported'`],
    }];
  }
  return [isMultiRootMesh ? multiRootReload(namespace) : {
    action: 'restart',
    text: 'every istiod, of every revision: without ISTIO_MULTIROOT_MESH, it doesn\'t load other roots while it runs ("Multi root is '
      + 'disabled, updating new ROOT-CA not supported"), and also keeps the old key',
    commands: restart,
  }];
}

function multiRootReload(namespace: string): RotationStep {
  return {
    action: 'wait',
    text: 'a few minutes: with ISTIO_MULTIROOT_MESH, istiod loads a bundle that contains the previous one, or is contained in it, '
      + 'without a restart, and logs "Updating new ROOT-CA". At its own port 15012, it continues to verify client certificates with the '
      + 'roots that it started with: restart it if machines outside the cluster connect with certificates',
    commands: [`kubectl logs -l app=istiod -n ${namespace} --tail=-1 | grep 'ROOT-CA'`],
  };
}

// --------------------------------------------------------------------------------------------------- what proxies have

/** The share of a certificate's lifetime after which every proxy has renewed it: SECRET_GRACE_PERIOD_RATIO with its jitter. */
const RENEWED_BY = 0.51;

function waitFor(stage: RotationStage, { isSameRoot, isMultiRootMesh, certificateHours }: RotationFacts): readonly RotationStep[] {
  if (stage === 'trust-both' && isSameRoot) return [];
  const hours = Math.ceil(certificateHours * RENEWED_BY * 10) / 10;
  const what = stage === 'sign-with-new' ? 'every proxy, including gateways, has a certificate of the new CA'
    : stage === 'trust-new' ? 'no proxy, including gateways, trusts the old root'
      : 'every proxy, including gateways, trusts both roots';
  const pushed = isMultiRootMesh && stage !== 'sign-with-new'
    ? ' Proxies with PROXY_CONFIG_XDS_AGENT=true in their proxyMetadata get the roots immediately.'
    : '';
  return [{
    action: 'wait',
    text: `until ${what}. Proxies get roots together with a new certificate, after half of its lifetime of ${certificateHours} h: `
      + `all of them have both after ${hours} h, or as soon as their pods restart.${pushed}`,
  }];
}

/** Proxies that aren't connected to istiod aren't checked. */
const COUNT = 'This covers the proxies in istioctl proxy-status: their number must match the pods with a proxy.';

/** Prints the names of all proxies that istiod knows, one per line. */
const EACH_PROXY = 'istioctl proxy-status | awk \'NR > 1 { print $1 }\' | while read -r proxy; do';

function scan(query: string, complaint: string): readonly string[] {
  return [EACH_PROXY, `  istioctl proxy-config secret "$proxy" -o json < /dev/null | istio-mtls ca inspect - -o json | jq -e '${query}' > `
    + `/dev/null || echo "$proxy ${complaint}"`, 'done'];
}

function trusts(fingerprint: string): string {
  return `[.inspected[].texts[] | select(.name | startswith("ROOTCA")) | .certificates[].sha256] | index("${fingerprint}")`;
}

function isSignedBy(fingerprint: string): string {
  return `[.inspected[].texts[] | select(.name == "default") | .certificates[1:][].sha256] | index("${fingerprint}")`;
}

/** Commands that print the proxies with certificates of the new CA, which prevent going back from the stage that trusts both roots. */
export function signedByNew({ fingerprints }: RotationFacts): readonly string[] {
  return scan(`(${isSignedBy(shownFingerprints(fingerprints).newSigner)}) == null`, 'has a certificate of the new CA');
}

/** Placeholders in commands for unknown certificates. */
export const UNKNOWN = { newRoot: 'NEW_ROOT_SHA256', oldRoot: 'OLD_ROOT_SHA256', newSigner: 'NEW_CA_SHA256' };

function shownFingerprints({
  newRoot = UNKNOWN.newRoot, oldRoot = UNKNOWN.oldRoot, newSigner = UNKNOWN.newSigner,
}: RotationFacts['fingerprints']): typeof UNKNOWN {
  return { newRoot, oldRoot, newSigner };
}

function see(stage: RotationStage, { isSameRoot, namespace, fingerprints }: RotationFacts): readonly RotationStep[] {
  const { newRoot, oldRoot, newSigner } = shownFingerprints(fingerprints);
  if (stage === 'trust-both' && isSameRoot) return [];
  if (stage === 'sign-with-new') {
    return [{
      action: 'see',
      printsNothing: true,
      text: `that this prints nothing: each proxy sends the certificate of the new CA after its own. ${COUNT}`,
      commands: scan(isSignedBy(newSigner), 'has a certificate of the old CA'),
    }];
  }
  const isBoth = stage === 'trust-both';
  return [
    {
      action: 'see',
      printsNothing: true,
      text: isBoth
        ? 'that this prints nothing: the ConfigMap of every namespace, with which proxies verify istiod, holds both roots'
        : 'that this prints nothing: the ConfigMap of every namespace holds only the new root',
      commands: [
        'kubectl get configmap -A --field-selector metadata.name=istio-ca-root-cert -o yaml | istio-mtls ca inspect - -o json |',
        isBoth
          ? `  jq -r '.inspected[] | select([.texts[].certificates[].sha256] | index("${newRoot}") | not) | .name'`
          : `  jq -r '.inspected[] | select([.texts[].certificates[].sha256] | index("${oldRoot}")) | .name'`,
      ],
    },
    {
      action: 'see',
      printsNothing: true,
      text: `that this prints nothing. ${COUNT} istioctl proxy-config rootca-compare doesn't show this: `
        + 'it calls two proxies identical if they have one root in common',
      commands: isBoth ? scan(trusts(newRoot), 'doesn\'t trust the new root') : scan(`(${trusts(oldRoot)}) == null`, 'trusts the old root'),
    },
    ...isBoth ? [] : [expiryOfRoot(namespace)],
  ];
}

function expiryOfRoot(namespace: string): RotationStep {
  return {
    action: 'see',
    text: 'that citadel_server_root_cert_expiry_timestamp is the expiry of the new root. It shows the first root '
      + 'of the bundle, so far the old one',
    commands: [
      `kubectl get --raw /api/v1/namespaces/${namespace}/services/istiod:15014/proxy/metrics`
        + ' | grep citadel_server_root_cert_expiry_timestamp',
    ],
  };
}

// -------------------------------------------------------------------------------------------------------- the way back

function back(stage: RotationStage, { start, isSameRoot }: RotationFacts): RotationStep {
  if (isSameRoot) {
    return {
      action: 'back',
      text: stage === 'trust-both'
        ? 'nothing has changed yet'
        : 'apply the Secret of the old CA again: proxies trust both, because they have the same root',
    };
  }
  switch (stage) {
    case 'trust-both': return {
      action: 'back',
      text: start === 'self-signed'
        ? `delete Secret ${CA_SECRET_NAME}, restart istiod, and then remove the variable: `
          + 'proxies that trust an additional root reject nobody'
        : 'apply the previous Secret and restart istiod: proxies that trust an additional root reject nobody',
    };
    case 'sign-with-new': return {
      action: 'back',
      text: start === 'self-signed'
        ? 'set the variable again, then apply the Secret of stage trust-both and restart istiod; istio-ca-secret must still be there'
        : 'apply the Secret of stage trust-both: every proxy trusts both roots',
    };
    case 'trust-new': return {
      action: 'back',
      text: 'apply the Secret of stage sign-with-new and wait until every proxy trusts both roots again before you go further '
        + `back${start === 'self-signed' ? '. Once you won\'t go back, delete istio-ca-secret, which holds the old private key' : ''}`,
    };
  }
}

