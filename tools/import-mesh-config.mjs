// Makes imports/mesh-config.json, what istiod reads of a mesh config, from the vendored .proto files of
// istio.io/api in imports/protos. `npm run import` runs it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProto } from './proto3.mjs';

const importsDir = fileURLToPath(new URL('../imports/', import.meta.url));
const protosDir = join(importsDir, 'protos');
const sourceFile = join(protosDir, 'source.json');

const ROOT = 'istio.mesh.v1alpha1.MeshConfig';

const SCALARS = new Set(['bool', 'string', 'double', 'float', 'int32', 'int64', 'uint32', 'uint64']);

/** Google's well-known messages, by how their value is written in YAML. */
const WELL_KNOWN = {
  'google.protobuf.Duration': 'duration',
  'google.protobuf.Struct': 'struct',
  'google.protobuf.BoolValue': 'bool',
  'google.protobuf.StringValue': 'string',
  'google.protobuf.DoubleValue': 'double',
  'google.protobuf.FloatValue': 'float',
  'google.protobuf.Int32Value': 'int32',
  'google.protobuf.Int64Value': 'int64',
  'google.protobuf.UInt32Value': 'uint32',
  'google.protobuf.UInt64Value': 'uint64',
};

const readSource = () => JSON.parse(readFileSync(sourceFile, 'utf8'));
const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Replaces the vendored files with those of another istio.io/api version. */
function vendor(version) {
  const source = readSource();
  const download = JSON.parse(execFileSync('go', ['mod', 'download', '-json', `${source.module}@${version}`], { cwd: tmpdir(), encoding: 'utf8' }));
  const files = {};
  for (const path of Object.keys(source.files)) {
    const file = join(protosDir, path);
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(join(download.Dir, path), file);
    chmodSync(file, 0o644);
    files[path] = sha256(file);
  }
  writeFileSync(sourceFile, `${JSON.stringify({ ...source, version: download.Version, moduleSum: download.Sum, files }, null, 2)}\n`);
}

/** Every message and enum of the vendored files, by full name. */
function readProtos() {
  const all = { messages: new Map(), enums: new Map() };
  for (const [path, expected] of Object.entries(readSource().files)) {
    const file = join(protosDir, path);
    const actual = sha256(file);
    if (actual !== expected) {
      throw new Error(`${file}: its SHA-256 is ${actual}; expected ${expected}, as source.json says. Restore the file, or vendor a version anew with --model.`);
    }
    const { messages, enums } = readProto(file);
    for (const [name, message] of messages) all.messages.set(name, message);
    for (const [name, values] of enums) all.enums.set(name, values);
  }
  return all;
}

/** The name of a field in YAML: protoc's rule, an underscore makes the next letter a capital. */
const jsonName = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** What a type name means where it is written: innermost scope first. */
function resolve({ messages, enums }, scope, type) {
  if (SCALARS.has(type)) return { type };
  for (const parts = scope.split('.'); ; parts.pop()) {
    const name = [...parts, type].join('.');
    if (name in WELL_KNOWN) return { type: WELL_KNOWN[name] };
    if (messages.has(name)) return { type: 'message', of: name };
    if (enums.has(name)) return { type: 'enum', of: name };
    if (parts.length === 0) {
      throw new Error(`${scope}: its type '${type}' is in no vendored file. Fix: name the file in imports/protos/source.json and vendor again with --api, or teach tools/import-mesh-config.mjs the type.`);
    }
  }
}

/** The messages and enums that a mesh config can hold, and nothing else of the vendored files. */
function reachable(protos) {
  const messages = {};
  const enums = {};
  const visit = (name) => {
    if (name in messages) return;
    const { fields, removed } = protos.messages.get(name);
    messages[name] = { fields: {}, ...(removed.length > 0 && { removed: removed.map(jsonName) }) };
    for (const field of fields) {
      const { type, of } = resolve(protos, name, field.type);
      messages[name].fields[jsonName(field.name)] = {
        ...(field.name !== jsonName(field.name) && { proto: field.name }),
        type,
        ...(of && { of }),
        ...(field.list && { list: true }),
        ...(field.map && { map: true }),
        ...(field.oneof && { oneof: field.oneof }),
      };
      if (type === 'message') visit(of);
      if (type === 'enum') enums[of] = protos.enums.get(of);
    }
  };
  visit(ROOT);
  return { messages, enums };
}

/** @param {string | undefined} api the istio.io/api version to vendor first */
export function importMeshConfig(api) {
  if (api) vendor(api);
  const { module, version } = readSource();
  const facts = { source: `${module}@${version}`, root: ROOT, ...reachable(readProtos()) };
  writeFileSync(join(importsDir, 'mesh-config.json'), `${JSON.stringify(facts)}\n`);
}
