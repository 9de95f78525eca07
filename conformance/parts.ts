// The parts of the suite, by name. What docs/conformance.md says of each is in document.ts.
import { admission } from './admission/admission';
import { cas } from './cas/cas';
import { charts } from './charts/charts';
import { connections } from './connections/connections';
import { convergence } from './convergence/convergence';
import { missing } from './data-plane/ability';
import { dataPlane } from './data-plane/data-plane';
import { documented } from './documented/documented';
import { fixes } from './fixes/fixes';
import { live } from './live/live';
import { mixed } from './mixed/mixed';
import { curlMissing } from './node/curl';
import { opensslMissing } from './node/openssl';
import type { Part, PartName } from './part';
import { partial } from './partial/partial';
import { peers } from './peers/peers';
import { plans } from './plans/plans';
import { rotations } from './rotations/rotations';
import { runbook } from './runbook/runbook';
import { yaml } from './yaml/yaml';

export const PARTS: Readonly<Record<PartName, Part>> = {
  'connections': { run: connections, counted: 'meshes', count: 1000 },
  'mixed': { run: mixed, counted: 'meshes', count: 1000 },
  'partial': { run: partial, counted: 'meshes', count: 100 },
  'data-plane': { run: dataPlane, counted: 'meshes', count: 100, missing },
  'convergence': { run: convergence, counted: 'plans', count: 20, missing },
  'rotations': { run: rotations, counted: 'rotations', count: 9, missing: () => missing() ?? opensslMissing() },
  'admission': { run: admission, counted: 'objects', count: 2000 },
  'fixes': { run: fixes, counted: 'fixes', count: 200 },
  'yaml': { run: yaml, counted: 'texts', count: 50_000 },
  // Nothing in it is random, so nothing is counted.
  'live': { run: live },
  'plans': { run: plans },
  // A shell runs the commands of each runbook, which takes a second.
  'runbook': { run: runbook, count: 20 },
  'cas': { run: cas, counted: 'cas', count: 150, missing: opensslMissing },
  // Installations are written by hand.
  'charts': { run: charts },
  'documented': { run: documented, missing: curlMissing },
  'peers': { run: peers },
};
