import { App } from 'cdk8s';
import { strictMesh } from './01-strict-mesh';
import { permissiveNamespace } from './02-permissive-namespace';
import { strictWorkload } from './03-strict-workload';
import { clientTls } from './04-client-tls';
import { subsetRoute } from './05-subset-route';
import { fullMesh } from './06-full-mesh';
import { hierarchy } from './07-hierarchy';
import { connectionPool } from './08-connection-pool';
import { meshConfig } from './09-mesh-config';
import { istiodMonitor } from './10-istiod-monitor';
import { currentVersions } from './11-current-versions';
import { meshPolicy } from './12-mesh-policy';
import { customCa } from './13-custom-ca';
import { sessionAge } from './14-session-age';

/** The article's rows in its order. Each is an app of its own, since an app has one mesh-wide policy. */
export const ROWS: [name: string, example: (app: App) => void][] = [
  ['01-strict-mesh', strictMesh],
  ['02-permissive-namespace', permissiveNamespace],
  ['03-strict-workload', strictWorkload],
  ['04-client-tls', clientTls],
  ['05-subset-route', subsetRoute],
  ['06-full-mesh', fullMesh],
  ['07-hierarchy', hierarchy],
  ['08-connection-pool', connectionPool],
  ['09-mesh-config', meshConfig],
  ['10-istiod-monitor', istiodMonitor],
  ['11-current-versions', currentVersions],
  ['12-mesh-policy', meshPolicy],
  ['13-custom-ca', customCa],
  ['14-session-age', sessionAge],
];
