// The YAML that a construct emits in the example of its docstring: for the pages of docs/constructs/ and for their test.
const { stripTypes } = require('./strip-types.cjs');

const ANY_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g;
const ENCODED = new RegExp(`${Buffer.from('-----BEGIN').toString('base64').slice(0, 12)}[\\w+/]+=*`, 'g');

/**
 * Runs a program and gives what the constructs of one class in it emit, or all that its apps emit where these emit nothing by
 * themselves, as `IstioMesh` and `Acknowledgement`.
 *
 * @param {string} program in TypeScript. If it exports a function, that gets root certificates and returns the app
 * @param {string} construct the name of a class of the library
 * @param {(name: string) => any} load the `require` of the program, which finds cdk8s and the library
 * @param {(commonName: string) => string} rootOf a root certificate in PEM, which is shown as `<commonName>`
 */
function emittedYaml(program, construct, load, rootOf) {
  const { App, ApiObject, Yaml } = load('cdk8s');
  const apps = [];
  class RecordedApp extends App {
    constructor(...args) {
      super(...args);
      apps.push(this);
    }

    /** Nothing is written: what is emitted is read from the tree. */
    synth() {}
  }
  const loading = (name) => (name === 'cdk8s' ? { ...load(name), App: RecordedApp } : load(name));
  const exported = {};
  new Function('require', 'exports', stripTypes(program, 'example.ts'))(loading, exported);
  const roots = ['the old root', 'the new root'].map((name) => [rootOf(name), name]);
  for (const build of Object.values(exported)) build(...roots.map(([pem]) => pem));

  const objectsOf = (root) => root.node.findAll().filter((node) => ApiObject.isApiObject(node));
  const validated = apps.map((app) => app.synthYaml()); // so that what is refused, or completed, at synth is
  if (validated.length === 0) throw new Error(`the example of ${construct} makes no App`);
  const makers = apps.flatMap((app) => app.node.findAll()).filter((node) => isOf(node, construct));
  const own = makers.flatMap(objectsOf);
  const objects = [...new Set(own.length > 0 ? own : apps.flatMap(objectsOf))].map((object) => object.toJson());
  const named = (text) => text.replace(ANY_CERTIFICATE, (pem) => `<${nameOf(pem, roots)}>`);
  return named(Yaml.stringify(...objects).replace(ENCODED, (base64) => `<base64 of ${named(Buffer.from(base64, 'base64').toString()).trim().replace(/\s*\n\s*/g, '')}>`));
}

/** Of the class, or of one that extends it. */
function isOf(node, construct) {
  for (let type = node.constructor; type; type = Object.getPrototypeOf(type)) if (type.name === construct) return true;
  return false;
}

function nameOf(pem, roots) {
  const plain = (text) => text.replace(/\s/g, '');
  return roots.find(([root]) => plain(root) === plain(pem))?.[1] ?? 'certificate';
}

module.exports = { emittedYaml };
