import { MissingFact, Need } from '../mesh/connections/missing-facts';

const WANTED: Readonly<Record<Exclude<Need, 'model'>, (subject: string) => string>> = {
  'namespace': (subject) => `Namespace ${subject}, which isn't in the manifests`,
  'revision': (subject) => `revision ${subject}, which isn't known to be installed`,
  'template': (subject) => `what the injection template ${subject} makes, which isn't modelled`,
  'pod-template': (subject) => `the pod template of ${subject}, which isn't in the manifests`,
  'discovery': (subject) => `the labels of Namespace ${subject}, by which istiod reads it or not`,
  'proxy': (subject) => `the proxy of a server of ${subject}, which is configured elsewhere`,
  'servers': (subject) => `a workload or address that serves ${subject}`,
  'destination': (subject) => `the Service or ServiceEntry for ${subject}`,
  'subset': (subject) => `the DestinationRule with subset ${subject}`,
  'certificates': (subject) => `ISTIO_MUTUAL in DestinationRule ${subject}: no manifest says who signed certificates of one's own`,
  'one-owner': (subject) => `one object alone that makes ${subject}: of several it isn't certain which counts`,
  'export': (subject) => `another exportTo than ~ of Service ${subject}`,
  'routes': (subject) => `routes to ${subject} that the client's sidecar doesn't refuse (MTLS120)`,
};

/** What undecided connections wait for, behind their number: `wait for Namespace shop, …`. */
export function waitingText({ need, subject, connections }: MissingFact): string {
  if (need === 'model') return `${connections === 1 ? 'is' : 'are'} not modelled: ${subject}`;
  return `${connections === 1 ? 'waits' : 'wait'} for ${WANTED[need](subject)}`;
}
