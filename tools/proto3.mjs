// Reads the part of the proto3 language that Istio's API files use: packages, messages, enums, oneofs, maps,
// reserved names. Imports and options are skipped. Anything else is an error, never a guess.
import { readFileSync } from 'node:fs';

const TOKEN = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|("(?:[^"\\\n]|\\.)*")|([A-Za-z_.][\w.]*|-?\d+)|([{}()[\]<>=;,])/gy;

class Tokens {
  constructor(file) {
    this.file = file;
    this.text = readFileSync(file, 'utf8');
    this.position = 0;
    this.tokens = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < this.text.length) {
      const start = TOKEN.lastIndex;
      const match = TOKEN.exec(this.text);
      if (!match) throw this.error(`unreadable text '${this.text.slice(start, start + 20)}'`, start);
      const value = match[1] ?? match[2] ?? match[3];
      if (value !== undefined) this.tokens.push({ value, start });
    }
  }

  error(message, start = this.tokens[this.position]?.start ?? this.text.length) {
    return new Error(`${this.file}:${this.text.slice(0, start).split('\n').length}: ${message}; expected the proto3 subset that tools/proto3.mjs reads.`);
  }

  get done() { return this.position >= this.tokens.length; }
  peek() { return this.tokens[this.position]?.value; }
  next() {
    if (this.done) throw this.error('the file ends too early');
    return this.tokens[this.position++].value;
  }
  accept(value) { return this.peek() === value && Boolean(this.next()); }
  expect(value) {
    if (!this.accept(value)) throw this.error(`'${this.peek()}' instead of '${value}'`);
  }
  name() {
    if (!/^[A-Za-z_.][\w.]*$/.test(this.peek() ?? '')) throw this.error(`'${this.peek()}' instead of a name`);
    return this.next();
  }
  number() {
    if (!/^-?\d+$/.test(this.peek() ?? '')) throw this.error(`'${this.peek()}' instead of a number`);
    return Number(this.next());
  }
  skipTo(end) { while (this.next() !== end); }
}

/** The messages and enums of a file, by full name: `{ messages: Map, enums: Map }`. */
export function readProto(file) {
  const tokens = new Tokens(file);
  const found = { messages: new Map(), enums: new Map() };
  let scope = '';
  while (!tokens.done) {
    const keyword = tokens.next();
    if (keyword === 'syntax') {
      tokens.expect('=');
      if (tokens.next() !== '"proto3"') throw tokens.error('another syntax');
      tokens.expect(';');
    } else if (keyword === 'package') {
      scope = tokens.name();
      tokens.expect(';');
    } else if (keyword === 'import' || keyword === 'option') {
      tokens.skipTo(';');
    } else if (keyword === 'message') {
      readMessage(tokens, scope, found);
    } else if (keyword === 'enum') {
      readEnum(tokens, scope, found);
    } else if (keyword !== ';') {
      throw tokens.error(`'${keyword}'`);
    }
  }
  return found;
}

function readMessage(tokens, scope, found) {
  const fullName = `${scope}.${tokens.name()}`;
  const message = { fields: [], removed: [] };
  found.messages.set(fullName, message);
  tokens.expect('{');
  while (!tokens.accept('}')) {
    if (tokens.accept('message')) readMessage(tokens, fullName, found);
    else if (tokens.accept('enum')) readEnum(tokens, fullName, found);
    else if (tokens.accept('reserved')) message.removed.push(...readReserved(tokens));
    else if (tokens.accept('option')) tokens.skipTo(';');
    else if (tokens.accept('oneof')) readOneof(tokens, message);
    else if (!tokens.accept(';')) message.fields.push(readField(tokens));
  }
}

function readOneof(tokens, message) {
  const oneof = tokens.name();
  tokens.expect('{');
  while (!tokens.accept('}')) message.fields.push({ ...readField(tokens), oneof });
}

function readField(tokens) {
  const field = {};
  if (tokens.accept('repeated')) field.list = true;
  else if (tokens.accept('optional')) field.optional = true;
  if (['group', 'extensions', 'extend', 'required'].includes(tokens.peek())) throw tokens.error(`'${tokens.peek()}'`);
  field.type = tokens.name();
  if (field.type === 'map' && tokens.accept('<')) {
    field.map = true;
    if (tokens.name() !== 'string') throw tokens.error('a map whose keys are no strings');
    tokens.expect(',');
    field.type = tokens.name();
    tokens.expect('>');
  }
  field.name = tokens.name();
  tokens.expect('=');
  tokens.number();
  skipOptions(tokens);
  tokens.expect(';');
  return field;
}

function readEnum(tokens, scope, found) {
  const values = {};
  found.enums.set(`${scope}.${tokens.name()}`, values);
  tokens.expect('{');
  while (!tokens.accept('}')) {
    if (tokens.accept(';')) continue;
    if (tokens.accept('reserved')) {
      readReserved(tokens);
      continue;
    }
    if (tokens.accept('option')) {
      tokens.skipTo(';');
      continue;
    }
    const name = tokens.name();
    tokens.expect('=');
    values[name] = tokens.number();
    skipOptions(tokens);
    tokens.expect(';');
  }
}

/** Options of a field or value. `json_name` would change what the field is called in YAML. */
function skipOptions(tokens) {
  if (!tokens.accept('[')) return;
  for (let token = tokens.next(); token !== ']'; token = tokens.next()) {
    if (token === 'json_name' || token === '[') throw tokens.error(`option '${token}'`);
  }
}

/** The names of a `reserved` statement; its numbers don't matter here. */
function readReserved(tokens) {
  const names = [];
  for (let token = tokens.next(); token !== ';'; token = tokens.next()) {
    if (token.startsWith('"')) names.push(JSON.parse(token));
  }
  return names;
}
