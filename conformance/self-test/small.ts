// Whether each fault changes what the library says of a few small inputs: one that doesn't is seen without Go, within seconds.
import { App, Chart, Testing } from 'cdk8s';
import type { Fault } from './fault';
import { ADMISSION_FAULTS } from './faults/admission';
import { BRANCH_FAULTS } from './faults/branches';
import { CERTIFICATE_FAULTS } from './faults/certificates';
import { DATA_PLANE_FAULTS } from './faults/data-plane';
import { EXPLAINING_FAULTS } from './faults/explaining';
import { MODEL_FAULTS } from './faults/model';
import { PLANNING_FAULTS } from './faults/planning';
import { READING_FAULTS } from './faults/reading';
import { ROTATION_FAULTS } from './faults/rotation';
import { loadAnew } from './load-anew';
import { EXPLAINED, MESHES, PARTIAL, REFUSED, TEXTS, WEB, type KnownMesh } from './small-inputs';
import type { CaRotationStage } from '../../src/constructs/certificates/ca-rotation';
import { newCa } from '../../test/support/certificates/cacerts';
import { peerAuthentication } from '../../test/support/meshes/mesh';
import { Random } from '../../test/support/random/random';
import { BREAKS, randomCas } from '../../test/support/random/random-cas';
import { changedTo } from '../connections/comparing';
import { libraryModule } from '../library';
import type { Manifest } from '../manifest';
import type { Counted, Print } from '../part';

/** What the library that is loaded says of an input, after a function has taken what it needs of it. */
type Say = () => (input: any) => unknown;

interface Shown {
  readonly what: string;
  readonly faults: readonly Fault[];
  readonly inputs: readonly unknown[];
  readonly say: Say;
}

const parsed = () => ({ parseYaml: libraryModule('manifests/yaml/read-yaml').readYaml });

const connections: Say = () => {
  const { Mesh } = libraryModule('mesh/mesh');
  return ({ objects, servers, clusterDomain, istiodEnv }: KnownMesh) => {
    const mesh = Mesh.of(objects, { clusterDomain, istiodEnv, ...parsed() });
    return [...(servers ? mesh.towards(changedTo(mesh, servers)) : mesh).connections()].map(({ because, ...told }) => told);
  };
};

const branches: Say = () => {
  const { Mesh } = libraryModule('mesh/mesh');
  const { ConnectionsBothWays } = libraryModule('mesh/worlds/connections-both-ways');
  return ({ objects }: KnownMesh) => [...ConnectionsBothWays.of(Mesh.of(objects, parsed()))!.connections({})].map(({ outcome, branches: own = [] }) =>
    [outcome, own.map((branch) => [branch.conditions, branch.outcome])]);
};

const explanations: Say = () => {
  const { Mesh } = libraryModule('mesh/mesh');
  const { explainedWays } = libraryModule('explain/explanation');
  return ({ objects }: KnownMesh) => {
    const mesh = Mesh.of(objects, parsed());
    return mesh.workloads.flatMap((client) => mesh.decisions.calls.flatMap((call) => explainedWays(mesh, client, call).map(({ steps }) => steps)));
  };
};

const stagesOfPlan: Say = () => {
  const { Mesh } = libraryModule('mesh/mesh');
  const { planOf } = libraryModule('mesh/plan/plan');
  const shop = (mode: string) => [WEB, peerAuthentication('a/default', { mtls: { mode } })].flat(3) as Manifest[];
  return (mode: string) => planOf(Mesh.of(shop('DISABLE'), parsed()), shop(mode)).stages?.map(({ moves }) => moves);
};

const documents: Say = () => {
  const { readManifests } = libraryModule('manifests/manifests');
  return (text: string) => {
    const read = readManifests(text, 'text.yaml');
    return [read.documents.map((one) => one.object), read.problems.map(({ code }) => code)];
  };
};

const refusals: Say = () => {
  const { admit } = libraryModule('admission/admission');
  return (object) => admit(object).filter(({ severity }) => severity === 'error').map(({ code, field }) => [code, field]);
};

const NOW = new Date();

const judgementsOfCas: Say = () => {
  const { judgeCa } = libraryModule('certificates/ca-checks');
  const { caFilesOf } = libraryModule('certificates/ca-files');
  const context = { now: NOW, horizonDays: 0, trustDomain: 'cluster.local', istiodNamespace: 'istio-system' };
  const judged = (files: Readonly<Record<string, string>>) => judgeCa(caFilesOf(new Map(Object.entries(files)))!, context);
  return (files) => judged(files).map(({ code, consequence }) => [code, consequence]);
};

/** The stages from one CA to another, each with the Secret's certificates. */
const stagesOfCas: Say = () => {
  const { CaRotation, CaSource, RotatingCa } = libraryModule('index');
  const { stagesOf } = libraryModule('certificates/ca-rotation');
  const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
  const source = ({ props }: ReturnType<typeof newCa>) => RotatingCa.ofSource(CaSource.pem({ ...acknowledged, ...props }));
  return ([from, to]) => stagesOf({ isSameRoot: false }).map((stage) => {
    const { apiObject } = new CaRotation(new Chart(new App(), 'test'), 'ca', { from: source(from), to: source(to), stage: stage as CaRotationStage });
    const { data } = Testing.synth(Chart.of(apiObject!)).find(({ kind }) => kind === 'Secret');
    return [stage, data['ca-cert.pem'], data['root-cert.pem']];
  });
};

function randomInputsOfCas(): readonly Readonly<Record<string, string>>[] {
  const fourKeys = randomCas(BREAKS.length, new Random(1)).map(({ files }) => files);
  // Without the end of the last line.
  const asTls = fourKeys.map((files) => ({ 'tls.crt': files['ca-cert.pem'].trimEnd(), 'tls.key': files['ca-key.pem'], 'ca.crt': files['root-cert.pem'] }));
  return [...fourKeys, ...asTls];
}

const shownHere = (): readonly Shown[] => [
  { what: 'the model', faults: [...MODEL_FAULTS, ...DATA_PLANE_FAULTS], inputs: MESHES, say: connections },
  { what: 'connections both ways', faults: BRANCH_FAULTS, inputs: PARTIAL, say: branches },
  { what: 'explain', faults: EXPLAINING_FAULTS, inputs: EXPLAINED, say: explanations },
  { what: 'plans', faults: PLANNING_FAULTS, inputs: ['STRICT'], say: stagesOfPlan },
  { what: 'the reader of YAML', faults: READING_FAULTS, inputs: TEXTS, say: documents },
  { what: 'admission', faults: ADMISSION_FAULTS, inputs: REFUSED, say: refusals },
  { what: 'what is said of CAs', faults: CERTIFICATE_FAULTS, inputs: randomInputsOfCas(), say: judgementsOfCas },
  { what: 'the stages between CAs', faults: ROTATION_FAULTS, inputs: [[newCa(), newCa()]], say: stagesOfCas },
];

/** Prints the faults that change nothing; without a fault, a library that is loaded anew says the same. */
export function faultsThatShow(print: Print): Counted {
  let [passed, failed] = [0, 0];
  for (const { what, faults, inputs, say } of shownHere()) {
    const usual = said(say, inputs);
    const verdicts = [
      { name: 'loaded anew without a fault, it says the same', holds: !isOther(usual, say, inputs) },
      ...faults.map((fault) => ({ name: fault.name, holds: isOther(usual, say, inputs, fault) })),
    ];
    for (const { name } of verdicts.filter(({ holds }) => !holds)) print(`NOT SHOWN by small inputs: ${what}: ${name}`);
    passed += verdicts.filter(({ holds }) => holds).length;
    failed += verdicts.filter(({ holds }) => !holds).length;
  }
  loadAnew();
  print(`small inputs show ${passed} of ${passed + failed} faults`);
  return { passed, failed };
}

function said(say: Say, inputs: readonly unknown[]): readonly string[] {
  loadAnew();
  const saying = say();
  return inputs.map((input) => JSON.stringify(saying(input)));
}

/** Whether a library with a fault says anything else. */
function isOther(usual: readonly string[], say: Say, inputs: readonly unknown[], fault?: Fault): boolean {
  loadAnew(fault);
  const saying = say();
  return inputs.some((input, index) => JSON.stringify(saying(input)) !== usual[index]);
}
