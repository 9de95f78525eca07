// JSON schemas of the types of reports: what a verb prints is an object of its type, so the type is the only statement of it.
const { dirname, join } = require('node:path');
const ts = require('typescript');

const ROOT = join(__dirname, '..', '..');

/** Tags of docstrings that become keywords of a schema. */
const TAGS = { minimum: Number, pattern: String, format: String, type: String, minLength: Number, dependentRequired: JSON.parse };

/**
 * A program of the files that state types and of what they import.
 *
 * @param texts of files that are others than those on disk, by their paths
 */
function programOf(paths, texts = new Map()) {
  const options = { target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], module: ts.ModuleKind.Node20, types: [], strict: true, noEmit: true, skipLibCheck: true, resolveJsonModule: true };
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, version) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, version);
  };
  return ts.createProgram(paths.map((path) => join(ROOT, path)), options, host);
}

/** The name of a type's definition: without what distinguishes it from the engine's. */
function definitionName(name) {
  const short = name.replace(/^(?:Traced|Printed|Reported)(?=[A-Z])/, '');
  return short[0].toLowerCase() + short.slice(1);
}

class Schemas {
  /** The types of definitions, by name, and their schemas. */
  definitions = new Map();

  constructor(program) {
    this.checker = program.getTypeChecker();
    this.program = program;
  }

  /** The schema of an interface that a file declares. Its definitions are in `definitions`. */
  ofReport(path, name) {
    const file = this.program.getSourceFile(join(ROOT, path));
    const declared = file.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
    const symbol = declared && this.checker.getSymbolAtLocation(declared.name);
    if (!symbol) throw new Error(`${path} declares no interface ${name}. Fix: name the type of the report in tools/schemas/reports.cjs.`);
    return { title: this.textOf(symbol), ...this.ofObject(this.checker.getDeclaredTypeOfSymbol(symbol)) };
  }

  of(type) {
    const { flags } = type;
    if (flags & ts.TypeFlags.BooleanLike && !(flags & ts.TypeFlags.BooleanLiteral)) return { type: 'boolean' };
    if (type.isUnion()) return this.ofUnion(type.types.filter((one) => !(one.flags & ts.TypeFlags.Undefined)));
    if (type.isLiteral()) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: type.intrinsicName === 'true' };
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return { type: 'integer', minimum: 0 };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (flags & ts.TypeFlags.NonPrimitive) return { type: 'object' };
    if (this.checker.isTupleType(type)) return this.ofTuple(this.checker.getTypeArguments(type));
    if (this.checker.isArrayType(type)) return { type: 'array', items: this.of(this.checker.getTypeArguments(type)[0]) };
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.reference(type);
    throw new Error(`${this.checker.typeToString(type)} has no schema. Fix: use texts, whole numbers, lists and interfaces in reports.`);
  }

  ofUnion(types) {
    const isBoolean = types.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const others = isBoolean ? types.filter(({ flags }) => !(flags & ts.TypeFlags.BooleanLiteral)) : types;
    const literals = others.filter((one) => one.isLiteral());
    const schemas = [
      ...isBoolean ? [{ type: 'boolean' }] : [],
      ...literals.length === 0 ? [] : [literals.length === 1 ? this.of(literals[0]) : { enum: literals.map(({ value }) => value).sort() }],
      ...others.filter((one) => !one.isLiteral()).map((one) => this.of(one)).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
    ];
    return schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  }

  ofTuple(types) {
    return { type: 'array', prefixItems: types.map((one) => this.of(one)), minItems: types.length, maxItems: types.length };
  }

  /** An interface is defined once; what has no name stands where it is used. */
  reference(type) {
    const declaration = type.symbol?.declarations?.find(ts.isInterfaceDeclaration);
    if (!declaration) return this.ofObject(type);
    const name = definitionName(type.symbol.name);
    const known = this.definitions.get(name);
    if (known && known.type !== type) throw new Error(`Two types of reports would be defined as ${name}. Fix: rename one.`);
    if (!known) {
      const definition = { type };
      this.definitions.set(name, definition);
      definition.schema = { ...this.described(type.symbol), ...this.ofObject(type) };
    }
    return { $ref: `#/$defs/${name}` };
  }

  ofObject(type) {
    const index = type.getStringIndexType();
    // A method is for texts, and isn't printed.
    const fields = this.checker.getPropertiesOfType(type).map((field) => [field, this.checker.getTypeOfSymbol(field)]).filter(([, its]) => its.getCallSignatures().length === 0);
    const required = fields.filter(([{ flags }]) => !(flags & ts.SymbolFlags.Optional)).map(([{ name }]) => name);
    return {
      type: 'object',
      ...required.length > 0 && { required },
      additionalProperties: index ? this.of(index) : false,
      properties: Object.fromEntries(fields.map(([field, its]) => [field.name, { ...this.of(its), ...this.described(field) }])),
    };
  }

  described(symbol) {
    const description = this.textOf(symbol);
    const tags = symbol.getJsDocTags(this.checker).filter(({ name }) => name in TAGS);
    return {
      ...description !== '' && { description },
      ...Object.fromEntries(tags.map(({ name, text }) => [name, TAGS[name](ts.displayPartsToString(text))])),
    };
  }

  textOf(symbol) {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replace(/\s+/g, ' ').replaceAll('`', '').trim();
  }
}

module.exports = { programOf, Schemas };
