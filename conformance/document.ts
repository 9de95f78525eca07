// docs/conformance.md, made from what runs have recorded; a test holds the file against it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AdmissionFacts } from './admission/admission';
import { section as admission } from './admission/section';
import type { CaFacts } from './cas/cas';
import { section as cas } from './cas/section';
import type { ChartFacts } from './charts/charts';
import { section as charts } from './charts/section';
import type { ConnectionFacts } from './connections/connections';
import { section as connections } from './connections/section';
import type { ConvergenceFacts } from './convergence/convergence';
import { section as convergence } from './convergence/section';
import type { DataPlaneFacts } from './data-plane/data-plane';
import { section as dataPlane } from './data-plane/section';
import type { DocumentedFacts } from './documented/documented';
import { section as documented } from './documented/section';
import type { FixFacts } from './fixes/fixes';
import { section as fixes } from './fixes/section';
import type { LiveFacts } from './live/live';
import { section as live } from './live/section';
import type { MixedFacts } from './mixed/mixed';
import { section as mixed } from './mixed/section';
import { PART_NAMES, type PartName } from './part';
import type { PartialFacts } from './partial/partial';
import { section as partial } from './partial/section';
import type { PeerFacts } from './peers/peers';
import { section as peers } from './peers/section';
import type { PlanFacts } from './plans/plans';
import { section as plans } from './plans/section';
import type { RotationFacts } from './rotations/rotations';
import { section as rotations } from './rotations/section';
import type { RunbookFacts } from './runbook/runbook';
import { section as runbook } from './runbook/section';
import { section as yaml } from './yaml/section';
import type { YamlFacts } from './yaml/tally';

interface PartFacts {
  readonly 'connections': ConnectionFacts;
  readonly 'mixed': MixedFacts;
  readonly 'partial': PartialFacts;
  readonly 'data-plane': DataPlaneFacts;
  readonly 'convergence': ConvergenceFacts;
  readonly 'rotations': RotationFacts;
  readonly 'admission': AdmissionFacts;
  readonly 'fixes': FixFacts;
  readonly 'yaml': YamlFacts;
  readonly 'live': LiveFacts;
  readonly 'plans': PlanFacts;
  readonly 'runbook': RunbookFacts;
  readonly 'cas': CaFacts;
  readonly 'charts': ChartFacts;
  readonly 'documented': DocumentedFacts;
  readonly 'peers': PeerFacts;
}

/** What the page says of each part, from the facts of one run. */
const SECTIONS: { readonly [Name in PartName]: (facts: PartFacts[Name]) => string } = {
  connections, mixed, partial, 'data-plane': dataPlane, convergence, rotations, admission, fixes, yaml, live, plans, runbook, cas, charts, documented, peers,
};

/** What was recorded of each part that ever was. */
type RecordedFacts = Partial<PartFacts>;

export const documentFile = join(__dirname, '..', 'docs', 'conformance.md');

const factsFile = (part: PartName) => join(__dirname, 'recorded', `${part}.json`);

export function readFacts(): RecordedFacts {
  const known = PART_NAMES.filter((part) => existsSync(factsFile(part)));
  return Object.fromEntries(known.map((part) => [part, JSON.parse(readFileSync(factsFile(part), 'utf8'))]));
}

export function writeFacts(part: PartName, facts: object): void {
  mkdirSync(dirname(factsFile(part)), { recursive: true });
  writeFileSync(factsFile(part), `${JSON.stringify(facts, undefined, 2)}\n`);
}

const HEAD = `# Conformance

\`npm run conformance -- --record\` generates this page from its results. Explorations with other seeds, after later changes, are recorded in [exploration/seeds.json](../exploration/seeds.json); \`npm run explore -- --table\` shows them. The suite needs only Node and Go, except for the part that runs meshes: it builds the referees from Go modules, and keeps them outside the repository.
`;

export function documentOf(facts: RecordedFacts): string {
  const sections = PART_NAMES.flatMap((part) => sectionOf(part, facts[part]));
  return [HEAD, ...sections].map((text) => `${text.trim()}\n`).join('\n');
}

function sectionOf<Name extends PartName>(part: Name, facts: PartFacts[Name] | undefined): string[] {
  return facts ? [SECTIONS[part](facts)] : [];
}
