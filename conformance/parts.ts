// The parts of the suite, by name.
import { admission } from './admission/admission';
import { section as admissionSection } from './admission/section';
import { connections } from './connections/connections';
import { section as connectionsSection } from './connections/section';
import { fixes } from './fixes/fixes';
import { section as fixesSection } from './fixes/section';
import { live } from './live/live';
import { section as liveSection } from './live/section';
import type { Part } from './part';
import { peers } from './peers/peers';
import { section as peersSection } from './peers/section';
import { section as yamlSection } from './yaml/section';
import { yaml } from './yaml/yaml';

/** A part whose facts are those that its section tells of. */
const part = <Facts>(one: Part<Facts>): Part => one;

export const PARTS: Readonly<Record<string, Part>> = {
  connections: part({ run: connections, section: connectionsSection, counted: 'meshes', count: 1000 }),
  admission: part({ run: admission, section: admissionSection, counted: 'objects', count: 2000 }),
  fixes: part({ run: fixes, section: fixesSection, counted: 'fixes', count: 200 }),
  yaml: part({ run: yaml, section: yamlSection, counted: 'texts', count: 50_000 }),
  // Nothing in it is random, so nothing is counted.
  live: part({ run: live, section: liveSection }),
  peers: part({ run: peers, section: peersSection }),
};
