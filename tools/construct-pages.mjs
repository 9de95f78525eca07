// Writes docs/constructs/: a page for each construct, of its docstrings and of what the example in them emits, and a list of
// them. Needs the assembly that jsii writes, and a compiled lib/.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
require('../conformance/typescript.js');
const { emittedYaml } = require('./emitted-yaml.cjs');
const { certificate } = require('../test/support/x509.ts');

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = `${ROOT}docs/constructs`;
const { types } = JSON.parse(readFileSync(`${ROOT}.jsii`, 'utf8'));

/** Where docs/ tells the story of a construct. */
const GUIDES = {
  Acknowledgement: ['analysis.md#acknowledging-a-finding', 'Acknowledging a finding'],
  AllowedCallers: ['callers.md#callers', 'Callers and end users'],
  CaRotation: ['ca-rotation.md', 'From one CA to another'],
  CustomCa: ['custom-ca.md', 'A CA of your own'],
  DefaultDeny: ['callers.md#nobody-unless', 'Callers and end users'],
  Destination: ['client-tls.md', 'Client TLS and routes'],
  ExternalService: ['external-services.md', 'External services'],
  IstioCsr: ['istio-csr.md', 'Workload certificates from cert-manager'],
  IstioMesh: ['mesh.md', 'The mesh'],
  IstiodMonitor: ['monitoring.md#istiodmonitor', 'Monitoring'],
  MeshConfig: ['mesh-config.md', 'Mesh configuration'],
  MeshMonitoring: ['monitoring.md', 'Monitoring'],
  MeshMtls: ['policies.md#the-mesh', 'Mesh, namespace and workload policies'],
  MtlsAlerts: ['monitoring.md#mtlsalerts', 'Monitoring'],
  NamespaceOverride: ['policies.md#a-namespace', 'Mesh, namespace and workload policies'],
  RequiredToken: ['callers.md#end-users', 'Callers and end users'],
  SidecarMonitor: ['monitoring.md#sidecarmonitor', 'Monitoring'],
  SidecarScope: ['external-services.md#what-sidecars-see', 'What sidecars see'],
  StrictMeshMtls: ['policies.md#the-mesh', 'Mesh, namespace and workload policies'],
  SubsetRoute: ['client-tls.md#subsets-and-routes', 'Client TLS and routes'],
  WorkloadOverride: ['policies.md#a-workload', 'Mesh, namespace and workload policies'],
};

const MADE = '<!-- Made by tools/construct-pages.mjs of the docstrings in src/: change those. -->';
const constructs = Object.values(types).filter((type) => type.kind === 'class' && !type.namespace && !type.abstract && isConstruct(type))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const type of constructs) writeFileSync(`${FOLDER}/${fileOf(type)}`, pageOf(type));
writeFileSync(`${FOLDER}/README.md`, listOf(constructs));
console.log(`${readdirSync(FOLDER).length} pages in docs/constructs`);

function isConstruct({ base }) {
  return base === 'constructs.Construct' || base === 'cdk8s.ApiObject' || (base in types && isConstruct(types[base]));
}

function fileOf({ name }) {
  return `${name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.md`;
}

function guideOf({ name }) {
  if (!(name in GUIDES)) throw new Error(`${name} has no guide; expected one in GUIDES of tools/construct-pages.mjs`);
  const [path, title] = GUIDES[name];
  return `[${title}](../${path})`;
}

function pageOf(type) {
  const { docs, name } = type;
  const props = types[type.initializer?.parameters?.at(-1)?.type.fqn];
  return [
    MADE, `# ${name}`, ...introduction(docs),
    docs.custom?.throws && `Throws ${docs.custom.throws.replace(/\.?$/, '.')}`,
    [`Guide: ${guideOf(type)}.`, `[All members](../../API.md#${type.fqn}).`, docs.see && `See [${hostOf(docs.see)}](${docs.see}).`].filter(Boolean).join(' '),
    '## Example', fence('ts', docs.example), 'emits', fence('yaml', emittedYaml(docs.example, name, require, rootOf)),
    ...section('Properties', table(['property', 'type', 'default', 'meaning'], members(props, 'properties').map(propertyRow))),
    ...section('Methods', table(['method', 'gives', 'meaning'], members(type, 'methods').map(methodRow))),
    ...section('Attributes', table(['attribute', 'type', 'meaning'], members(type, 'properties').map(attributeRow))),
  ].filter(Boolean).join('\n\n') + '\n';
}

/** jsii takes a summary to end where a clause does. */
function introduction({ summary, remarks }) {
  return summary.endsWith(';') ? [`${summary} ${remarks}`] : [summary, remarks];
}

function rootOf(commonName) {
  return certificate({ commonName, ca: true, keyUsage: [5, 6] }).pem;
}

function hostOf(address) {
  return new URL(address).host;
}

function fence(language, text) {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function section(heading, text) {
  return text ? [`## ${heading}`, text] : [];
}

/** Those of a type and of what it extends, as far as these are of this package; required ones first. */
function members(type, part) {
  if (!type) return [];
  const bases = [type.base, ...type.interfaces ?? []].filter((fqn) => fqn in types);
  const all = [...type[part] ?? [], ...bases.flatMap((fqn) => members(types[fqn], part))];
  const own = all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
  return own.filter(({ optional }) => !optional).concat(own.filter(({ optional }) => optional));
}

function table(columns, rows) {
  if (rows.length === 0) return '';
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n').replaceAll('| --- ', '|---').replaceAll('--- |', '---|');
}

function propertyRow({ name, type, optional, docs }) {
  const byDefault = optional ? cell(docs.default?.replace(/^- /, '') ?? 'none') : '**required**';
  return [`\`${name}\``, typeOf(type), byDefault, meaning(docs)];
}

function methodRow({ name, static: isStatic, parameters = [], returns, docs }) {
  const words = parameters.map((parameter) => `${parameter.name}${parameter.optional ? '?' : ''}`).join(', ');
  return [`\`${isStatic ? 'static ' : ''}${name}(${words})\``, returns ? typeOf(returns.type) : 'nothing', meaning(docs)];
}

function attributeRow({ name, type, docs }) {
  return [`\`${name}\``, typeOf(type), meaning(docs)];
}

function meaning({ summary = '', remarks = '' }) {
  return cell([summary, remarks].filter(Boolean).join(' '));
}

function cell(text) {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

function typeOf({ primitive, fqn, collection, union }) {
  if (collection) return collection.kind === 'array' ? `list of ${typeOf(collection.elementtype)}` : `map of ${typeOf(collection.elementtype)}`;
  if (union) return union.types.map(typeOf).join(' or ');
  if (primitive) return primitive === 'any' ? 'anything' : primitive;
  const name = fqn.slice(fqn.lastIndexOf('.') + 1);
  if (!(fqn in types)) return `\`${fqn}\``;
  const page = constructs.find((type) => type.fqn === fqn);
  return page ? `[${name}](${fileOf(page)})` : `[${name}](../../API.md#${fqn})`;
}

function listOf(all) {
  const rows = all.map((type) => [`[${type.name}](${fileOf(type)})`, cell(type.docs.summary).replace(/;$/, '.'), guideOf(type)]);
  return `${MADE}\n\n# The constructs\n\nEach page has what the construct does, an example, the YAML that comes of it, and every property. [API.md](../../API.md) has all classes.\n\n${table(['construct', 'in a sentence', 'guide'], rows)}\n`;
}
